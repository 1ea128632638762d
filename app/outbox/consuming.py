"""Taking in what happened: once for each consumer, however often it is delivered.

A slice registers what it does where it does it:

    @consumer("analytics.report", EventCompleted)
    async def report_on(session: TenantSession, event: Happening) -> None: ...

The effect and the note that it was done are one transaction: killed in between, neither is there.
So a consumer changes rows and queues jobs with the session it is given, and does nothing else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from app.database import TenantSession, tenant_session
from app.outbox.kinds import Payload, read_payload
from app.outbox.models import EventConsumption, OutboxEvent

_log = logging.getLogger(__name__)

LONGEST_SECONDS = 60
"""How long a consumer may take; what takes longer is a job that it queues."""
AT_ONCE = 200
"""What is taken in for one market before another has its turn."""


class Poison(Exception):
    """The event can never be taken in; says why. It is parked without another attempt."""


@dataclass(frozen=True)
class Happening:
    """An event as a consumer sees it."""

    id: UUID
    name: str
    subject: str
    payload: Any
    """Of the model of the event's kind."""
    at: datetime


Take = Callable[[TenantSession, Happening], Awaitable[None]]


@dataclass(frozen=True)
class _Consumer:
    take: Take
    names: frozenset[str]
    attempts: int


_consumers: dict[str, _Consumer] = {}


def consumer(name: str, *kinds: type[Payload], attempts: int = 6) -> Callable[[Take], Take]:
    """Register what takes these kinds of events in, tried `attempts` times with growing pauses.

    It meets the events of one subject in order: a later one waits until the earlier is done or
    parked. An event that was handed on before its consumer existed is not taken in.
    """

    def register(take: Take) -> Take:
        _consumers[name] = _Consumer(take, frozenset(kind.NAME for kind in kinds), attempts)
        return take

    return register


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return timedelta(seconds=min(5 * 3 ** (attempts - 1), 3600))


async def expect(
    session: TenantSession, events: Sequence[OutboxEvent], *, within: timedelta = timedelta(0)
) -> None:
    """Note who shall take these in; they are looked for here when `within` has passed."""
    first = datetime.now(UTC) + within
    wanted = [
        EventConsumption(
            event_id=event.id,
            consumer=name,
            subject=event.subject,
            position=event.position,
            next_try_at=first,
        )
        for event in events
        for name, known in _consumers.items()
        if event.name in known.names
    ]
    if wanted:
        rows = [row.model_dump(exclude={"tenant_id"}) for row in wanted]
        connection = await session.connection()
        await connection.execute(insert(EventConsumption).values(rows).on_conflict_do_nothing())


async def take_in(market_id: UUID, event_id: UUID) -> None:
    """Have everyone who waits for this event take it in, as a broker delivered it.

    One whose turn has not come is left to `take_due`, and so is one that is not known: what a
    broker says is believed no further than the outbox goes.
    """
    async with tenant_session(market_id) as session:
        row = EventConsumption
        found = await session.exec(
            select(row.id).where(row.event_id == event_id, *_open()).with_for_update()
        )
        now = datetime.now(UTC)
        for one in found.all():
            waiting = await session.get_one(EventConsumption, one)
            waiting.next_try_at = min(waiting.next_try_at, now)
            session.add(waiting)
    await take_due(market_id)


async def take_due(market_id: UUID) -> int:
    """Take in what is due in a market, some of it if it is much; returns how much was tried."""
    tried = 0
    for name in _consumers:
        while tried < AT_ONCE and await _take_next(market_id, name):
            tried += 1
    return tried


async def _take_next(market_id: UUID, name: str) -> bool:
    known = _consumers[name]
    async with tenant_session(market_id) as session:
        row, earlier = EventConsumption, aliased(EventConsumption)
        unfinished = exists().where(
            col(earlier.consumer) == name,
            col(earlier.subject) == col(row.subject),
            col(earlier.position) < col(row.position),
            col(earlier.done_at).is_(None),
            col(earlier.parked_at).is_(None),
        )
        found = await session.exec(
            select(row)
            .where(row.consumer == name, row.next_try_at <= datetime.now(UTC), *_open())
            .where(~unfinished)
            .order_by(col(row.position))
            .limit(1)
            # Another process may be at it; this one takes the next.
            .with_for_update(skip_locked=True)
        )
        waiting = found.one_or_none()
        if waiting is None:
            return False
        await _attempt(session, waiting, known)
        session.add(waiting)
        return True


async def _attempt(session: TenantSession, waiting: EventConsumption, known: _Consumer) -> None:
    event = await session.get_one(OutboxEvent, waiting.event_id)
    waiting.attempts += 1
    try:
        payload = read_payload(event.name, event.payload)
    except (KeyError, ValidationError) as error:
        _park(waiting, error)
        return
    happened = Happening(event.id, event.name, event.subject, payload, event.created_at)
    try:
        # What it did before it failed is undone; that it failed is kept.
        async with asyncio.timeout(LONGEST_SECONDS), session.begin_nested():
            await known.take(session, happened)
    except Poison as error:
        _park(waiting, error)
    except Exception as error:
        if waiting.attempts >= known.attempts:
            _park(waiting, error)
        else:
            _log.warning("%s will try an event again: %s", waiting.consumer, _reason(error))
            waiting.problem = _reason(error)
            waiting.next_try_at = datetime.now(UTC) + pause_after(waiting.attempts)
    else:
        waiting.done_at, waiting.problem = datetime.now(UTC), ""


def _park(waiting: EventConsumption, error: Exception) -> None:
    waiting.parked_at, waiting.problem = datetime.now(UTC), _reason(error)
    _log.error("%s gave up an event: %s", waiting.consumer, waiting.problem)


def _open() -> tuple[Any, Any]:
    return col(EventConsumption.done_at).is_(None), col(EventConsumption.parked_at).is_(None)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
