"""What was understood of a conversation, as chips that the person can put right.

- `SlotState.chips`: what is known; `asks`: what is still needed, as chips to fill in.
- Events: `edit(kind)` and `leave`; `state.correcting` keeps what the field says.
"""

import dataclasses
from collections.abc import Sequence
from decimal import Decimal

import reflex as rx

from agents.correcting import EDITABLE
from agents.merging import ASKED
from agents.needs import SPOKEN
from agents.slots.keeping import loaded, missing, told
from agents.slots.values import Dates, Guests, Hours, Language, Money, Place, Slot
from app.catalogue import reading as catalogue
from app.conversations import reading
from app.conversations.log import Entry
from app.database import tenant_session
from app.i18n import translate
from app.markets.directory import MarketCard
from state.access import visitors_may
from state.filters import Option, language_options
from state.session import current_marketplace, page_locale


@dataclasses.dataclass(frozen=True)
class Chip:
    """One thing that was understood, or that is asked for where the `text` is empty.

    `value` is as its field holds it; `unsure` says that it could be read otherwise.
    """

    kind: str
    name: str
    text: str
    value: str
    editable: bool
    unsure: bool = False


class SlotState(rx.State):
    """The chips of the open conversation."""

    chips: rx.Field[list[Chip]] = rx.field(default_factory=list)
    asks: rx.Field[list[Chip]] = rx.field(default_factory=list)
    editing: rx.Field[str] = rx.field("")
    """The kind whose field is open."""
    value: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    currency: rx.Field[str] = rx.field("")
    options: rx.Field[list[Option]] = rx.field(default_factory=list)
    """What can be chosen, for a place or a language."""
    problem: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def edit(self, kind: str):
        """Open the field of one thing."""
        chip = next((one for one in (*self.chips, *self.asks) if one.kind == kind), None)
        self.problem = ""
        if chip is None or not chip.editable:
            self.editing = ""
            return
        market = await current_marketplace(self)
        locale = page_locale(self, market)
        self.editing, self.value, self.name = chip.kind, chip.value, chip.name
        self.currency = market.currency
        self.options = await _options(market, chip, locale)

    @rx.event
    @visitors_may
    async def leave(self):
        """Close the field and change nothing."""
        self.editing, self.problem = "", ""


async def show_slots(
    state: rx.State, market: MarketCard, entries: Sequence[Entry], locale: str
) -> None:
    """Put what the conversation that is opened says onto the page."""
    chips = await state.get_state(SlotState)
    rows = reading.slots(entries)
    chips.chips = chips_of(loaded(rows), locale)
    chips.asks = [
        Chip(kind, translate(locale, ASKED[kind]), "", "", kind in EDITABLE)
        for kind in missing(rows)
    ]
    chips.editing, chips.problem = "", ""


def chips_of(slots: Sequence[Slot], locale: str) -> list[Chip]:
    """A chip for each thing; where there are several readings, the surest one."""
    best: dict[str, list[Slot]] = {}
    for slot in slots:
        who = slot.value.who if isinstance(slot.value, Guests) else ""
        best.setdefault(f"{slot.kind}{who}", []).append(slot)
    return [
        Chip(
            kind=first.kind,
            name=translate(locale, ASKED[first.kind]),
            text=told(first.value, locale),
            value=_value(first),
            editable=first.kind in EDITABLE,
            unsure=len(readings) > 1,
        )
        for readings in best.values()
        for first in readings[:1]
    ]


async def _options(market: MarketCard, chip: Chip, locale: str) -> list[Option]:
    if chip.kind == "place":
        async with tenant_session(market.id) as session:
            places = sorted(set((await catalogue.cities(session)).values()))
        return [Option(place, place) for place in places]
    if chip.kind == "language":
        return language_options(SPOKEN, locale)
    return []


def _value(slot: Slot) -> str:
    told: object = ""
    match slot.value:
        case Dates(first=first) | Hours(first=first):
            told = first.isoformat()
        case Guests(least=least, most=most) | Money(least=least, most=most):
            known = most if most is not None else least
            told = "" if known is None else f"{known:f}" if isinstance(known, Decimal) else known
        case Place(name=name):
            told = name
        case Language(code=code):
            told = code
        case _:
            pass
    return str(told)
