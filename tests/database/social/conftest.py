"""A market of one's own, and mentions to bring into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.markets.directory import MarketCard
from tests.factories import open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


def told(number: int, **more: Any) -> dict[str, Any]:
    """A mention as a program tells it."""
    at = datetime.now(UTC) - timedelta(days=number % 7)
    return {
        "source": "telegram",
        "external_id": f"m-{number}",
        "text": f"They mended tap number {number}.",
        "published_at": at.isoformat(),
        **more,
    }
