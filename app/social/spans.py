"""Which days are looked at: to the end of today, for what is said now matters now."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.analytics.spans import Span, span_of
from app.markets.directory import MarketCard

LONG = 180
"""Days that are looked back over unless others are asked for."""


def days_of(market: MarketCard, first: date | None = None, last: date | None = None) -> Span:
    """The days asked for, by the market's clock; raises `SpanRefused`."""
    today = datetime.now(ZoneInfo(market.timezone)).date()
    return span_of(market, first, last or today, days=LONG)
