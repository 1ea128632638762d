"""From which day to which figures are asked for, by the market's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.errors import AppError
from app.markets.directory import MarketCard

LONGEST = 1100
"""Days; three years."""


class SpanRefused(AppError):
    """From such a day to such a day nothing can be told."""

    code = "span"


@dataclass(frozen=True)
class Span:
    """Whole days, both named ones included, in the market's zone."""

    first: date
    last: date
    zone: str

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Span":
        """As many days just before these."""
        last = self.first - timedelta(days=1)
        return Span(last - timedelta(days=self.days - 1), last, self.zone)

    def each(self) -> list[date]:
        """Every day, the first first."""
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def bounds(self) -> dict[str, Any]:
        """What queries fill `:since`, `:until` and `:zone` with."""
        return {
            "since": _begin(self.first, self.zone),
            "until": _begin(self.last + timedelta(days=1), self.zone),
            "zone": self.zone,
        }


def span_of(
    market: MarketCard, first: date | None = None, last: date | None = None, *, days: int = 90
) -> Span:
    """The days asked for; without a first day as many as `days`, without a last up to yesterday.

    Today is not over, so it would look like a bad day. Raises `SpanRefused`.
    """
    last = last or datetime.now(ZoneInfo(market.timezone)).date() - timedelta(days=1)
    if last.year < 2000 or last.year > 9000:
        raise SpanRefused("There is nothing to tell of such days.")
    first = first or last - timedelta(days=days - 1)
    if first > last:
        raise SpanRefused("The first day comes after the last.")
    if (last - first).days >= LONGEST:
        raise SpanRefused("At most %(count)s days can be asked for.", count=LONGEST)
    return Span(first, last, market.timezone)


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
