"""Shares with the intervals that tell how much so few cases say."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.analytics import worker


@dataclass(frozen=True)
class Share:
    """A part of a whole, with an interval that holds the true share in 95 of 100 cases."""

    share: float
    low: float
    high: float


async def shares_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Share]:
    """For each part and whole its share, by Wilson's interval; none for a whole of nothing."""
    asked = sorted({(part, whole) for part, whole in pairs if whole > 0})
    if not asked:
        return {}
    told = await worker.ask("proportions", pairs=asked)
    return {pair: Share(**one) for pair, one in zip(asked, told, strict=True)}
