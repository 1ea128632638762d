"""What comparable services cost in the market, and what follows for a price of one's own.

Quartiles are those that split the sample itself: linear interpolation between the two nearest
prices (Hyndman & Fan 1996, type 7; what spreadsheets and `statistics.quantiles(...,
method="inclusive")` give). Fewer than `LEAST` prices say nothing, and nothing is said then.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.budgets.amounts import rounded

LEAST = 5
"""With fewer prices one provider could be read out of the answer."""

Stance = Literal["below", "low", "high", "above"]
"""Where a price stands: below the first quartile, up to the median, up to the third, above it."""


@dataclass(frozen=True)
class Quartiles:
    """How the prices lie: a quarter of them is below `first`, half below `median`."""

    count: int
    lowest: Decimal
    first: Decimal
    median: Decimal
    third: Decimal
    highest: Decimal


@dataclass(frozen=True)
class Advice:
    """What the market's prices say; without `quartiles` there were too few to say anything."""

    count: int
    currency: str
    quartiles: Quartiles | None = None
    low: Decimal | None = None
    """The range to ask within: the middle half of the market, and never below one's own cost."""
    high: Decimal | None = None
    stance: Stance | None = None
    """Where one's present price stands."""
    cheaper: int = 0
    """How many of the prices are below one's own."""
    floor: Decimal | None = None
    """What one unit costs oneself."""
    squeezed: bool = False
    """Whether one's own cost is above the middle half of the market."""


def quartiles_of(prices: Sequence[Decimal], currency: str) -> Quartiles | None:
    """How these prices lie; None for fewer than `LEAST`."""
    if len(prices) < LEAST:
        return None
    first, median, third = statistics.quantiles(prices, n=4, method="inclusive")
    return Quartiles(
        count=len(prices),
        lowest=rounded(min(prices), currency),
        first=rounded(first, currency),
        median=rounded(median, currency),
        third=rounded(third, currency),
        highest=rounded(max(prices), currency),
    )


def advise(
    prices: Sequence[Decimal],
    currency: str,
    own_price: Decimal | None = None,
    unit_cost: Decimal | None = None,
) -> Advice:
    """What these prices of others say of one's own price, and of what one unit costs oneself."""
    found = quartiles_of(prices, currency)
    if found is None:
        return Advice(count=len(prices), currency=currency)
    floor = unit_cost if unit_cost is not None else Decimal()
    return Advice(
        count=len(prices),
        currency=currency,
        quartiles=found,
        low=max(found.first, floor),
        high=max(found.third, floor),
        stance=_stance(own_price, found) if own_price is not None else None,
        cheaper=sum(price < own_price for price in prices) if own_price is not None else 0,
        floor=unit_cost,
        squeezed=floor > found.third,
    )


def _stance(price: Decimal, found: Quartiles) -> Stance:
    if price < found.first:
        return "below"
    if price <= found.median:
        return "low"
    return "high" if price <= found.third else "above"
