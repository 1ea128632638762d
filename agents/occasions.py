"""What a message says of an event: its type, its day, how many come, where, and for how much.

The words by which types are known stand in `prompts/planning.json`; a star stands for any letters.
Everything else is read by `agents.slots`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from agents.slots.folding import phrase, starred
from agents.slots.values import Dates, Guests, Hours, Money, Place, Slot

LONGEST_EVENT = 7
"""Days that an event can last; a longer stretch, such as a month, only says around when it is."""

OTHERWISE = "other"


@dataclass(frozen=True)
class Occasion:
    """An event as far as a conversation tells of it.

    `kind` is "" where no type was named. `facts` are those that `app.projects` keeps, by the names
    that it has for them; `around` is a stretch of time in which the day still has to be chosen.
    """

    kind: str
    facts: Mapping[str, Any]
    around: Dates | None = None

    @property
    def is_named(self) -> bool:
        """Whether enough is known to write an event down: what it is, when, or for how many."""
        return bool(self.kind) or bool({"day", "guests"} & set(self.facts))


def occasion_in(texts: Sequence[str], slots: Sequence[Slot]) -> Occasion:
    """The event that is meant: by its type in the newest of `texts` that names one, and `slots`."""
    kind = next((found for text in reversed(texts) if (found := kind_in(text))), "")
    facts, around = facts_in(slots)
    return Occasion(kind, facts, around)


def kind_in(text: str) -> str:
    """The type of event that a text names: the longest of its words decides; "" for none."""
    said = f" {phrase(text)} "
    found = [
        (len(match[0]), kind != OTHERWISE, -match.start(), kind)
        for kind, patterns in _words().items()
        for pattern in patterns
        if (match := pattern.search(said))
    ]
    return max(found)[-1] if found else ""


def facts_in(slots: Sequence[Slot]) -> tuple[dict[str, Any], Dates | None]:
    """The facts that slots say, the surest reading of each, and a stretch of time without a day."""
    best: dict[tuple[type, str], Slot] = {}
    for slot in slots:
        who = slot.value.who if isinstance(slot.value, Guests) else ""
        known = best.get((type(slot.value), who))
        if known is None or slot.confidence > known.confidence:
            best[type(slot.value), who] = slot
    facts: dict[str, Any] = {}
    around: Dates | None = None
    values = [slot.value for slot in best.values()]
    for value in values:
        match value:
            case Dates(first, last) if (last - first).days < LONGEST_EVENT:
                facts["day"], facts["days"] = first, (last - first).days + 1
            case Dates():
                around = value
            case Hours(first=first):
                facts["begins"] = first
            case Place(name):
                facts["place"] = name
            case _:
                pass
    people = [value for value in values if isinstance(value, Guests)]
    if count := sum(value.most or value.least or 0 for value in people):
        facts["guests"] = count
    for value in values:
        if isinstance(value, Money) and (amount := _whole(value, facts.get("guests"))) is not None:
            facts["budget_amount"], facts["budget_currency"] = amount, value.currency
    return facts, around


def _whole(money: Money, guests: int | None) -> Decimal | None:
    """What may be spent in all; None where the message says a price for something else."""
    amount = money.most if money.most is not None else money.least
    if amount is None or amount <= 0:
        return None
    match money.per:
        case "":
            return round(amount, 2)
        case "person" if guests:
            return round(amount * guests, 2)
        case _:
            return None


@cache
def _words() -> dict[str, list[re.Pattern[str]]]:
    path = Path(__file__).parent / "prompts" / "planning.json"
    told: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {kind: [starred(word) for word in words] for kind, words in told.items()}
