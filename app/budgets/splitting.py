"""A first division of a total, by the kind of event and how many come.

`shares.json` holds the parts, marked there as a rule of thumb of this project's own. A part p of
100, of which the share g grows with the guests, weighs `p × ((1 − g) + g × guests ÷ usual)`; the
reserve is taken off first. It is a proposal: the person changes every line of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.budgets.amounts import apportion
from app.budgets.lines import CATEGORIES
from app.markets.shaping import NotAccepted

_FILE = Path(__file__).with_name("shares.json")
OTHERWISE = "other"
"""The kind whose parts are taken for one that has none."""
MOST_GUESTS = 1_000_000


class SplitRefused(NotAccepted):
    """This total cannot be divided so."""


@dataclass(frozen=True)
class Share:
    """What a category gets of a total."""

    category: str
    amount: Decimal


@dataclass(frozen=True)
class Usual:
    """How events of a kind spend: parts of 100 for a usual number of guests."""

    guests: int
    parts: Mapping[str, Decimal]


def split(
    total: Decimal,
    kind: str,
    guests: int | None,
    currency: str,
    weights: Mapping[str, Decimal] | None = None,
) -> list[Share]:
    """Divide `total` for an event; the amounts are whole cents and sum to it exactly.

    `weights` by category replace the project's own parts, and then guests do not count. Without
    `guests` the usual number of them is meant. Raises `SplitRefused`.
    """
    if total <= 0:
        raise SplitRefused("There is nothing to divide.", field="total")
    if guests is not None and not 0 < guests <= MOST_GUESTS:
        raise SplitRefused("Say for how many guests, at least one.", field="guests")
    wanted = _of_person(weights) if weights is not None else weights_for(kind, guests)
    order = [category for category in CATEGORIES if wanted.get(category)]
    amounts = apportion(total, [wanted[category] for category in order], currency)
    # Of a small total in a coarse currency some parts are nothing.
    parts = zip(order, amounts, strict=True)
    return [Share(category, amount) for category, amount in parts if amount]


def weights_for(kind: str, guests: int | None) -> dict[str, Decimal]:
    """How much each category weighs in an event of this kind, with so many guests."""
    usual = kinds().get(kind) or kinds()[OTHERWISE]
    growth = Decimal(guests or usual.guests) / usual.guests
    grown = {
        category: part * ((1 - per_guest(category)) + per_guest(category) * growth)
        for category, part in usual.parts.items()
        if category != "reserve"
    }
    reserve = usual.parts.get("reserve", Decimal())
    # Its part of the whole stays, however much the rest has grown.
    return grown | {"reserve": sum(grown.values(), Decimal()) * reserve / (100 - reserve)}


def per_guest(category: str) -> Decimal:
    """The share of a category that grows with the guests, from 0 to 1."""
    return Decimal(str(_told()["per_guest"].get(category, 0)))


@cache
def kinds() -> dict[str, Usual]:
    """How each kind of event spends."""
    return {
        kind: Usual(
            guests=int(one["guests"]),
            parts={category: Decimal(str(part)) for category, part in one["parts"].items()},
        )
        for kind, one in _told()["kinds"].items()
    }


def _of_person(weights: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    for category, weight in weights.items():
        if category not in CATEGORIES:
            raise SplitRefused("There is no such category of a budget.", field="shares")
        if not weight.is_finite() or not 0 <= weight <= 1_000_000:
            raise SplitRefused("Shares are numbers from zero up.", field="shares")
    if not any(weights.values()):
        raise SplitRefused("At least one share must be more than zero.", field="shares")
    return weights


@cache
def _told() -> dict[str, Any]:
    return json.loads(_FILE.read_text("utf-8"))
