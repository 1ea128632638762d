"""What lies in the outbox: what was given up and why, another attempt, and forgetting the old."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, or_, select, update

from app.database import TenantSession, tenant_session
from app.jobs.work import nightly
from app.markets.directory import all_markets
from app.outbox.emitting import nudge
from app.outbox.models import EventConsumption, OutboxEvent

KEPT_DAYS = 30
"""How long an event is kept that was handed on and taken in."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parked:
    """An event that was given up, by the relay or (`consumer`) by one that was to take it in."""

    event_id: UUID
    name: str
    subject: str
    consumer: str
    attempts: int
    problem: str
    at: datetime


async def parked(session: TenantSession, limit: int = 100) -> Sequence[Parked]:
    """What was given up in this market, the oldest first."""
    unsent = await session.exec(
        select(OutboxEvent)
        .where(col(OutboxEvent.parked_at).is_not(None))
        .order_by(col(OutboxEvent.position))
        .limit(limit)
    )
    found = [
        Parked(event.id, event.name, event.subject, "", event.attempts, event.problem, at)
        for event in unsent
        if (at := event.parked_at)
    ]
    untaken = await session.exec(
        select(EventConsumption, OutboxEvent.name)
        .join(OutboxEvent, col(OutboxEvent.id) == col(EventConsumption.event_id))
        .where(col(EventConsumption.parked_at).is_not(None))
        .order_by(col(EventConsumption.position))
        .limit(limit)
    )
    found += [
        Parked(one.event_id, name, one.subject, one.consumer, one.attempts, one.problem, at)
        for one, name in untaken
        if (at := one.parked_at)
    ]
    return found[:limit]


async def try_again(session: TenantSession, event_id: UUID | None = None) -> int:
    """Have a parked event, or all of them, tried anew; returns how many."""
    again = {"parked_at": None, "attempts": 0, "next_try_at": datetime.now(UTC)}
    count = 0
    for row, key in ((OutboxEvent, OutboxEvent.id), (EventConsumption, EventConsumption.event_id)):
        query = update(row).where(col(row.parked_at).is_not(None)).values(**again)
        if event_id is not None:
            query = query.where(col(key) == event_id)
        count += (await session.exec(query)).rowcount
    if count:
        await nudge(session)
    return count


@nightly("outbox.forget")
async def forget() -> None:
    """Delete old events that are done with; what waits or is parked stays."""
    before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    for market in await all_markets():
        try:
            async with tenant_session(market.id) as session:
                await forget_before(session, before)
        except Exception:
            _log.exception("Old events of a market were not deleted.")


async def forget_before(session: TenantSession, before: datetime) -> int:
    """Delete what is done with and older; returns how many events are gone."""
    row = EventConsumption
    wanted = select(row.id).where(
        col(row.event_id) == col(OutboxEvent.id),
        or_(col(row.done_at).is_(None), col(row.parked_at).is_not(None)),
    )
    gone = await session.exec(
        delete(OutboxEvent).where(
            col(OutboxEvent.created_at) < before,
            col(OutboxEvent.delivered_at).is_not(None),
            ~wanted.exists(),
        )
    )
    return gone.rowcount
