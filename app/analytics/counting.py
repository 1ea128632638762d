"""What leaves no row of its own, pages shown and searches, counted by day in every market.

Counts are gathered in the process and written down twice a minute, so that showing a page costs
nothing more. A process that is killed takes what it gathered since then along. Nobody is told
apart: no address, no cookie and no path is kept.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.analytics.metrics import Tallied
from app.database import tenant_session
from app.markets.directory import MarketCard

WRITTEN_EVERY = 30.0
"""Seconds."""

_ADDED = text(
    "insert into day_count (id, day, kind, number)"
    " values (gen_random_uuid(), :day, :kind, :number)"
    " on conflict (tenant_id, day, kind) do update set number = day_count.number + excluded.number"
)
_gathered: Counter[tuple[UUID, date, Tallied]] = Counter()
_log = logging.getLogger(__name__)


def count(market: MarketCard, kind: Tallied) -> None:
    """Note that it happened once, today by the market's clock."""
    _gathered[market.id, datetime.now(ZoneInfo(market.timezone)).date(), kind] += 1


async def write_down() -> None:
    """Add what was gathered to what stands in the database.

    What cannot be written is kept for the next time, unless its market is gone.
    """
    taken = dict(_gathered)
    _gathered.clear()
    for market_id in sorted({market_id for market_id, _, _ in taken}):
        own = {key: number for key, number in taken.items() if key[0] == market_id}
        try:
            await _add(market_id, own)
        except IntegrityError:
            _log.info("The market %s is gone, and with it what was counted there.", market_id)
        except Exception:
            _gathered.update(own)
            _log.warning("What was counted is written down later.", exc_info=True)


async def _add(market_id: UUID, counted: dict[tuple[UUID, date, Tallied], int]) -> None:
    async with tenant_session(market_id) as session:
        connection = await session.connection()
        # Always in one order, for other processes add to the same rows.
        for (_, day, kind), number in sorted(counted.items()):
            await connection.execute(_ADDED, {"day": day, "kind": kind, "number": number})


@asynccontextmanager
async def counting() -> AsyncGenerator[None]:
    """Write down what is counted as long as the block lasts, and at its end."""

    async def again_and_again() -> None:
        while True:
            await asyncio.sleep(WRITTEN_EVERY)
            await write_down()

    task = asyncio.create_task(again_and_again(), name="counts written down")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await write_down()
