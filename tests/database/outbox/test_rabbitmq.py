"""Events through a real RabbitMQ; without one at AMQP_URL these tests are skipped, and say so."""

import asyncio
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aio_pika
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from app.commands import doctor
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.outbox import brokers, consuming
from app.outbox import relaying as relay
from app.outbox.emitting import emit
from app.outbox.kinds import EventCreated
from app.outbox.models import OutboxEvent
from app.outbox.relaying import relaying
from app.settings import settings
from tests.database.outbox import counting
from tests.factories import open_market

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")
ROOT = Path(__file__).parents[3]
_PLACE = urlsplit(URL).hostname or "localhost", urlsplit(URL).port or 5672


def _reachable() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(_PLACE) == 0


pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.skipif(not _reachable(), reason=f"no RabbitMQ at {_PLACE[0]}:{_PLACE[1]}"),
]


class Listener:
    """Somebody else who reads the exchange: what they got, in order."""

    def __init__(self, channel: Any, queue: Any) -> None:
        self.channel, self.queue = channel, queue

    async def heard(self, market: MarketCard) -> list[Any]:
        """The messages of a market that came since it was last asked."""
        found: list[Any] = []
        while message := await self.queue.get(no_ack=True, fail=False):
            if message.headers["market"] == str(market.id):
                found.append(message)
        return found


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture(autouse=True)
async def collected() -> AsyncGenerator[None]:
    """Has aio-pika close what never opened, for which it waits for garbage and needs a loop."""
    yield
    gc.collect()
    await asyncio.sleep(0)


@pytest.fixture
async def listener(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Listener]:
    """An exchange and queues of this test alone; our settings name the broker."""
    monkeypatch.setattr(consuming, "_consumers", {})
    counting.register()
    name = f"tests.{uuid4()}"
    monkeypatch.setattr(brokers, "EXCHANGE", name)
    monkeypatch.setattr(brokers, "QUEUE", f"{name}.ours")
    connection = await aio_pika.connect(URL)
    channel = await connection.channel()
    exchange = await channel.declare_exchange(name, "topic", durable=True)
    theirs = await channel.declare_queue(f"{name}.theirs", exclusive=True)
    await theirs.bind(exchange, "#")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AGORA_EVENTS_URL", URL)
        settings.cache_clear()
        yield Listener(channel, theirs)
    settings.cache_clear()
    await channel.queue_delete(f"{name}.ours")
    await exchange.delete(if_unused=False)
    await connection.close()


async def created(market: MarketCard) -> UUID:
    async with tenant_session(market.id) as session:
        return await emit(session, EventCreated(project_id=uuid4(), kind="wedding", guests=80))


async def effects(market: MarketCard) -> dict[str, int]:
    """How often each event was taken in."""
    async with tenant_session(market.id) as session:
        rows = await session.execute(
            text("select title, count(*) as number from conversation group by title")
        )
        return {row.title: row.number for row in rows}


async def delivered(market: MarketCard) -> list[bool]:
    async with tenant_session(market.id) as session:
        found = await session.exec(select(OutboxEvent).order_by(col(OutboxEvent.position)))
        return [event.delivered_at is not None for event in found]


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - what is waited for is in the database
            await asyncio.sleep(0.05)


async def all_taken(market: MarketCard, ids: list[UUID]) -> None:
    async def done() -> bool:
        return set(await effects(market)) == {str(one) for one in ids}

    await until(done)


async def test_an_event_goes_to_others_as_a_cloud_event_and_to_our_consumers_once(
    market: MarketCard, listener: Listener
):
    async with relaying():
        event_id = await created(market)
        await all_taken(market, [event_id])
    (message,) = await listener.heard(market)
    assert message.content_type == "application/cloudevents+json"
    assert (message.routing_key, message.message_id) == ("event.created", str(event_id))
    told = json.loads(message.body)
    assert (told["specversion"], told["id"], told["type"]) == (
        "1.0",
        str(event_id),
        "event.created",
    )
    assert told["source"] == f"/markets/{market.id}"
    assert (told["data"]["kind"], told["data"]["guests"]) == ("wedding", 80)
    assert await delivered(market) == [True]
    assert await effects(market) == {str(event_id): 1}


async def test_killed_between_sending_and_noting_it_is_sent_again_and_has_its_effect_once(
    market: MarketCard, listener: Listener
):
    event_id = await created(market)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.database.outbox.dying_relay"),
        *(brokers.EXCHANGE, brokers.QUEUE),
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": settings().database_url or "",
            "AGORA_EVENTS_URL": URL,
        },
    )
    assert await process.wait() == -signal.SIGKILL
    assert await delivered(market) == [False]
    async with relaying():

        async def marked() -> bool:
            return all(await delivered(market))

        await until(marked)
        await all_taken(market, [event_id])
        # The one from before the kill is in our queue too.
        await asyncio.sleep(0.5)
    heard = [message.message_id for message in await listener.heard(market)]
    assert heard == [str(event_id), str(event_id)]
    assert await effects(market) == {str(event_id): 1}


async def test_what_happens_to_one_subject_is_sent_in_order(market: MarketCard, listener: Listener):
    project = uuid4()
    ids: list[str] = []
    async with relaying():
        for guests in range(30):
            async with tenant_session(market.id) as session:
                told = EventCreated(project_id=project, kind="wedding", guests=guests)
                ids.append(str(await emit(session, told)))
        await all_taken(market, [UUID(one) for one in ids])
    heard = await listener.heard(market)
    assert [message.message_id for message in heard] == ids
    sequences = [json.loads(message.body)["sequence"] for message in heard]
    assert sequences == sorted(sequences)
    assert set((await effects(market)).values()) == {1}


async def test_what_the_broker_lost_is_taken_from_the_database(
    market: MarketCard, listener: Listener, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(relay, "_BY_BROKER", timedelta(seconds=1))

    async def deaf(_body: bytes) -> None:
        """The queue is emptied and nothing comes of it."""

    monkeypatch.setattr(relay, "receive", deaf)
    async with relaying():
        event_id = await created(market)
        await all_taken(market, [event_id])
    assert await effects(market) == {str(event_id): 1}


@asynccontextmanager
async def way_to_the_broker(port: int) -> AsyncGenerator[None]:
    """A port that leads to the real broker for the block, and to nothing after it."""
    open_ways: set[asyncio.StreamWriter] = set()

    async def led(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*_PLACE)
        open_ways.update((writer, far_writer))

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                target.write(data)
            target.close()

        await asyncio.gather(
            copy(reader, far_writer), copy(far_reader, writer), return_exceptions=True
        )

    server = await asyncio.start_server(led, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for writer in open_ways:
            writer.transport.abort()


# The client does not close a connection that was cut; it is closed when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_while_the_broker_is_away_events_wait_and_the_doctor_says_so(
    market: MarketCard, listener: Listener, monkeypatch: pytest.MonkeyPatch
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("AGORA_EVENTS_URL", f"amqp://guest:guest@127.0.0.1:{port}/")
    settings.cache_clear()
    first = await created(market)
    async with relaying():
        await asyncio.sleep(1.5)
        assert await delivered(market) == [False]
        state, words = await asyncio.to_thread(doctor._events)
        assert state == "broken"
        assert "does not answer" in words
        assert "to hand on" in words
        async with way_to_the_broker(port):
            await all_taken(market, [first])
            _state, words = await asyncio.to_thread(doctor._events)
            assert "does not answer" not in words
        # The broker falls silent in the middle of the connection, and comes back.
        second = await created(market)
        await asyncio.sleep(1)
        assert await delivered(market) == [True, False]
        async with way_to_the_broker(port):
            await all_taken(market, [first, second])
    assert await effects(market) == {str(first): 1, str(second): 1}
    assert [message.message_id for message in await listener.heard(market)] == [
        str(first),
        str(second),
    ]
