"""The relay: hands on what happened, to a broker or to the consumers of this program.

At least once: an event is marked when whoever it goes to has it. A process that is killed between
the two hands it on again, and the consumers know it by its id. One process at a time hands on for
a market, in the order of positions, so what happens to one subject arrives in order; after an event
that failed, those of its subject wait and the others go on.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from app.database import TenantSession, identity_session, tenant_session
from app.outbox.brokers import Send, Unreachable, connected
from app.outbox.consuming import expect, pause_after, take_due, take_in
from app.outbox.emitting import CHANNEL
from app.outbox.envelopes import Envelope, envelope
from app.outbox.models import OutboxEvent
from app.settings import settings

BATCH = 100
ATTEMPTS = 6
"""How often an event is sent that the broker takes others than."""
SWEEP_SECONDS = 5.0
"""How often every market is looked at, for what nobody told of: retries, and missed notices."""
LONGEST_PAUSE = 60.0
_BY_BROKER = timedelta(minutes=1)
"""How long a broker has to bring an event to our consumers; then it is taken from the outbox."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def relaying() -> AsyncGenerator[None]:
    """Hand on what happens in all markets as long as the block lasts."""
    told = _Told()
    tasks = [
        asyncio.create_task(_listen(told), name="outbox notices"),
        asyncio.create_task(_relay(told), name="outbox relay"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def relay_due() -> None:
    """Hand on and take in everything that is due now; for tests and for `agora work --once`."""
    async with _open_way() as send:
        # What is due may have to wait for another of its subject: only what was done counts.
        while sum([await _serve(market_id, send) for market_id in await markets_due()]):
            pass


async def markets_due() -> Sequence[UUID]:
    """The markets in which there is something to hand on or to take in now."""
    async with identity_session() as session:
        found = await session.scalars(text("select market_id from app.outbox_figures() where due"))
        return found.all()


async def receive(body: bytes) -> None:
    """Take in what a broker delivered."""
    try:
        told = Envelope.model_validate_json(body)
    except ValidationError:
        _log.warning("The broker delivered something that is no event of ours; it is dropped.")
        return
    await take_in(told.market, told.id)


class _Told:
    """The markets of which somebody said that something happened there."""

    def __init__(self) -> None:
        self.markets: set[UUID] = set()
        self._something = asyncio.Event()
        self._swept = 0.0

    def note(self, market_id: UUID) -> None:
        self.markets.add(market_id)
        self._something.set()

    async def wait(self) -> Sequence[UUID]:
        """The markets that were told of; all with something due when it is time to look."""
        clock = asyncio.get_running_loop().time
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._swept + SWEEP_SECONDS):
                await self._something.wait()
        self._something.clear()
        markets, self.markets = self.markets, set()
        # However much is told of, nobody else is forgotten over it.
        if clock() >= self._swept + SWEEP_SECONDS:
            markets |= set(await markets_due())
            self._swept = clock()
        return list(markets)


async def _listen(told: _Told) -> None:
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                settings().database_url or "", autocommit=True
            ) as connection:
                await connection.execute(f"listen {CHANNEL}".encode())
                async for notice in connection.notifies():
                    with suppress(ValueError):
                        told.note(UUID(notice.payload))
        except psycopg.Error as error:
            _log.warning("What happens is not heard at once: %s", type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)


async def _relay(told: _Told) -> None:
    pause = 1.0
    while True:
        try:
            async with _open_way() as send:
                markets = await markets_due()
                while True:
                    for market_id in markets:
                        if await _serve(market_id, send):
                            # There may be more, or something that waited for what is done now.
                            told.note(market_id)
                    pause = 1.0
                    markets = await told.wait()
        except Unreachable as error:
            _log.warning("The broker of events does not answer, they wait: %s", error)
        except Exception:
            _log.exception("What happened was not handed on.")
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


@asynccontextmanager
async def _open_way() -> AsyncGenerator[Send | None]:
    """What sends to the broker; None where no broker is configured."""
    url = settings().events_url
    if url is None:
        yield None
        return
    async with connected(url, receive) as send:
        yield send


async def _serve(market_id: UUID, send: Send | None) -> int:
    """Hand on and take in what is due in a market; returns how much was done."""
    ready = await _prepare(market_id, here=send is None)
    if send is not None and ready:
        await _send(market_id, ready, send)
    return len(ready) + await take_due(market_id)


async def _prepare(market_id: UUID, *, here: bool) -> list[UUID]:
    """Note who shall take in the next events; `here` that is all there is to do for them."""
    async with tenant_session(market_id) as session:
        ready: list[OutboxEvent] = []
        for event in await _next(session):
            try:
                envelope(event)
            except (KeyError, ValidationError) as error:
                _park(event, error)
                session.add(event)
            else:
                ready.append(event)
        # It is written down before the broker can deliver, else the delivery would find nobody.
        await expect(session, ready, within=timedelta(0) if here else _BY_BROKER)
        if here:
            for event in ready:
                event.delivered_at = datetime.now(UTC)
                session.add(event)
    return [event.id for event in ready]


async def _send(market_id: UUID, ready: Sequence[UUID], send: Send) -> None:
    silent: Unreachable | None = None
    failed: set[str] = set()
    async with tenant_session(market_id) as session:
        for event in await _next(session):
            if event.id not in ready or event.subject in failed:
                continue
            try:
                await send(envelope(event))
            except Unreachable as error:
                silent = error
                break
            except Exception as error:
                failed.add(event.subject)
                _put_off(event, error)
            else:
                event.delivered_at, event.problem = datetime.now(UTC), ""
            session.add(event)
    # What was sent before is marked; the rest waits for the broker.
    if silent is not None:
        raise silent


async def _next(session: TenantSession) -> Sequence[OutboxEvent]:
    """The next events of a market, in order; none while another process is at it."""
    alone = await session.scalar(
        text("select pg_try_advisory_xact_lock(hashtextextended('outbox:' || :market, 0))"),
        {"market": str(session.tenant_id)},
    )
    if not alone:
        return ()
    now = datetime.now(UTC)
    row, earlier = OutboxEvent, aliased(OutboxEvent)
    put_off = exists().where(
        col(earlier.subject) == col(row.subject),
        col(earlier.position) < col(row.position),
        col(earlier.next_try_at) > now,
        col(earlier.delivered_at).is_(None),
        col(earlier.parked_at).is_(None),
    )
    found = await session.exec(
        select(row)
        .where(
            row.next_try_at <= now,
            col(row.delivered_at).is_(None),
            col(row.parked_at).is_(None),
            ~put_off,
        )
        .order_by(col(row.position))
        .limit(BATCH)
    )
    return found.all()


def _put_off(event: OutboxEvent, error: Exception) -> None:
    event.attempts += 1
    if event.attempts >= ATTEMPTS:
        _park(event, error)
        return
    event.problem = f"{type(error).__name__}: {error}"[:500]
    event.next_try_at = datetime.now(UTC) + pause_after(event.attempts)


def _park(event: OutboxEvent, error: Exception) -> None:
    event.parked_at = datetime.now(UTC)
    event.problem = f"{type(error).__name__}: {error}"[:500]
    _log.error("An event (%s) was given up: %s", event.name, event.problem)
