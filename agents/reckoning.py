"""What a message about money asks to be reckoned, and which of its amounts is which.

An amount is what the words before it call it ("rent 5000 €"), else the words right after it
("5000 € rent"). The words stand in `prompts/finance.json`; nothing is guessed from the order.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from agents.slots.folding import SKIPPED, folded
from agents.slots.values import Guests, Money, Slot

Role = Literal["price", "variable", "fixed", "revenue", "cost"]
ROLES: tuple[Role, ...] = ("price", "variable", "fixed", "revenue", "cost")
_PART = re.compile(r"[.;,!?،؛]\s|\s(?:and|и|und|y|et|а)\s|\sو(?=\w)")
"""Where what is said of one amount ends and of the next begins."""


@dataclass(frozen=True)
class Asked:
    """The amounts of a message by what they are, the others, and how many people it names."""

    amounts: Mapping[Role, Decimal]
    others: tuple[Decimal, ...]
    currency: str
    guests: int | None
    about_return: bool
    about_even: bool

    @property
    def total(self) -> Decimal | None:
        """The one amount to divide; none where several could be meant."""
        known = [*self.others, *self.amounts.values()]
        return known[0] if len(known) == 1 else None


def asked_in(message: str, slots: Sequence[Slot], currency: str) -> Asked:
    """What a message asks; amounts in another currency than the first one named are left out."""
    found = _amounts(slots)
    written = [one for one in found if any(sign.isdigit() for sign in message[one[0] : one[1]])]
    # Beside numbers "a budget" is no amount of one.
    found = written or found
    chosen = found[0][2] if found else currency
    amounts: dict[Role, Decimal] = {}
    others: list[Decimal] = []
    ends = [0, *(end for _, end, _, _ in found)]
    starts = [*(start for start, _, _, _ in found), len(message)]
    for place, (start, end, code, amount) in enumerate(found):
        if code != chosen:
            continue
        before = _fold(message[ends[place] : start])
        after = _fold(message[end : starts[place + 1]])
        role = _last_role(_PART.split(before)[-1]) or _first_role(_PART.split(after)[0])
        role = role or _last_role(before)
        if role is None or role in amounts:
            others.append(amount)
        else:
            amounts[role] = amount
    whole = _fold(message)
    return Asked(
        amounts=amounts,
        others=tuple(others),
        currency=chosen,
        guests=_guests(slots),
        about_return=_says(whole, "return"),
        about_even=_says(whole, "even"),
    )


def _amounts(slots: Sequence[Slot]) -> list[tuple[int, int, str, Decimal]]:
    """The amounts in the order of the text; where one has several readings, the first."""
    found: dict[tuple[int, int], tuple[int, int, str, Decimal]] = {}
    for slot in slots:
        if isinstance(slot.value, Money):
            amount = slot.value.most if slot.value.most is not None else slot.value.least
            if amount is not None:
                told = (slot.start, slot.end, slot.value.currency, amount)
                found.setdefault((slot.start, slot.end), told)
    return sorted(found.values())


def _guests(slots: Sequence[Slot]) -> int | None:
    for slot in slots:
        if isinstance(slot.value, Guests):
            return slot.value.most or slot.value.least
    return None


def _last_role(text: str) -> Role | None:
    placed: list[tuple[int, int, Role]] = [
        (at, len(cue), role) for role in ROLES for cue, at in _cues(text, role, last=True)
    ]
    return max(placed)[2] if placed else None


def _first_role(text: str) -> Role | None:
    placed: list[tuple[int, int, Role]] = [
        (at, -len(cue), role) for role in ROLES for cue, at in _cues(text, role, last=False)
    ]
    return min(placed)[2] if placed else None


def _cues(text: str, role: str, *, last: bool) -> list[tuple[str, int]]:
    """The words of a role in a text: with where they end, or with where they begin."""
    found: list[tuple[str, int]] = []
    for cue in cues()[role]:
        hits = list(re.finditer(rf"(?<!\w){re.escape(cue)}(?!\w)", text))
        if hits:
            found.append((cue, hits[-1].end() if last else hits[0].start()))
    return found


def _says(text: str, role: str) -> bool:
    return bool(_cues(text, role, last=False))


def _fold(text: str) -> str:
    return folded(text).replace(SKIPPED, "")


@cache
def cues() -> dict[str, tuple[str, ...]]:
    """The words of each role, as texts are compared."""
    path = Path(__file__).parent / "prompts" / "finance.json"
    told: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {role: tuple(_fold(cue) for cue in known) for role, known in told.items()}
