"""Following a conversation: the log is looked into when there is something in it to find."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID, uuid4

import pytest

from agents import answering
from app.api import following
from app.api.following import Place, Told, feed
from app.conversations import log
from app.database import TenantSession, tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard

pytestmark = pytest.mark.usefixtures("port")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Each transaction of those who follow."""
    done: list[UUID] = []

    @asynccontextmanager
    async def counted(market_id: UUID) -> AsyncGenerator[TenantSession]:
        done.append(market_id)
        async with tenant_session(market_id) as session:
            yield session

    monkeypatch.setattr(following, "tenant_session", counted)
    return done


@pytest.fixture
async def conversation(market: MarketCard) -> UUID:
    async with tenant_session(market.id) as session:
        return await log.start(session, "en", None)


async def until(events: AsyncGenerator[Told], kind: str) -> list[Told]:
    """The events up to the first of a kind."""
    told: list[Told] = []
    async with asyncio.timeout(20):
        async for event in events:
            told.append(event)
            if event.kind == kind:
                break
    return told


async def test_who_hears_an_answer_being_written_does_not_look_for_it(
    market: MarketCard, conversation: UUID, looks: list[UUID]
):
    async with aclosing(feed(market, conversation, None, Place())) as events:
        for number in (1, 2, 3):
            waiting = asyncio.create_task(until(events, "done"))
            await asyncio.sleep(0.2)
            await answering.ask(market, "en", "my tap drips", conversation)
            told = await waiting
            asked = next(one for one in told if one.kind == "message")
            assert (asked.data["text"], asked.place) == ("my tap drips", Place(3 * number - 2))
            assert told[-1].place == Place(3 * number)
        # What Postgres tells of these entries comes late, and is nothing new.
        quiet = asyncio.create_task(until(events, "message"))
        await asyncio.sleep(0.5)
        quiet.cancel()
        await asyncio.gather(quiet, return_exceptions=True)
    assert len(looks) == 1, "once, to see what came before"


async def test_what_others_write_down_is_found_when_it_is_told(
    market: MarketCard, conversation: UUID, looks: list[UUID]
):
    async with aclosing(feed(market, conversation, None, Place())) as events:
        waiting = asyncio.create_task(until(events, "done"))
        await asyncio.sleep(0.2)
        reply = uuid4()
        marks = {"reply_id": str(reply), "process": "elsewhere:1:ab"}
        async with tenant_session(market.id) as session:
            await log.append(session, conversation, "message", {"text": "a", **marks})
        await asyncio.sleep(0.2)
        payload = {"text": "b", "citations": [], "agent": "vendor", "model": "", "asked": 1}
        async with tenant_session(market.id) as session:
            await log.append(session, conversation, "reply", payload | {"ending": "done"}, id=reply)
        told = await waiting
    assert [one.kind for one in told] == ["message", "citations", "piece", "done"]
    assert told[-1].data["message_id"] == str(reply)
    assert len(looks) >= 3


async def test_only_who_waits_for_an_answer_looks_again_soon(
    market: MarketCard, conversation: UUID, looks: list[UUID], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "LOOKS_AGAIN", 0.05)
    async with aclosing(feed(market, conversation, None, Place())) as events:
        resting = asyncio.create_task(until(events, "done"))
        await asyncio.sleep(0.5)
        assert len(looks) == 1
        marks = {"reply_id": str(uuid4()), "process": "elsewhere:1:ab"}
        async with tenant_session(market.id) as session:
            await log.append(session, conversation, "message", {"text": "a", **marks})
        await asyncio.sleep(0.5)
        assert len(looks) > 5
        resting.cancel()
        await asyncio.gather(resting, return_exceptions=True)


async def test_who_rests_looks_in_the_end_and_is_refused_what_is_gone(
    market: MarketCard, conversation: UUID, looks: list[UUID], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "RESTS", 0.05)
    async with aclosing(feed(market, conversation, None, Place())) as events:
        resting = asyncio.create_task(until(events, "done"))
        await asyncio.sleep(0.2)
        async with tenant_session(market.id) as session:
            found = await log.check_may_open(session, conversation, None)
            await session.delete(found)
        with pytest.raises(NotFound):
            await resting
    assert len(looks) > 1
