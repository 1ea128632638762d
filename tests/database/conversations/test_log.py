"""The log: numbers without gaps, and who may open a conversation."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import ProgrammingError
from sqlmodel import update

from app.conversations import keeping, listing, log, reading, replies
from app.conversations.models import ConversationEvent
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard
from tests.factories import open_market, person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def started(market: MarketCard, person_id=None):
    async with tenant_session(market.id) as session:
        return await log.start(session, "en", person_id)


async def someone(market: MarketCard):
    async with tenant_session(market.id) as session:
        return (await person(session)).id


async def test_entries_written_at_the_same_time_get_numbers_without_gaps(market: MarketCard):
    conversation = await started(market)

    async def write(number: int) -> None:
        async with tenant_session(market.id) as session:
            await log.append(session, conversation, "message", {"text": str(number)})

    await asyncio.gather(*(write(number) for number in range(8)))
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, conversation)
        assert [entry.seq for entry in entries] == list(range(1, 9))
        assert {entry.payload["text"] for entry in entries} == {str(n) for n in range(8)}
        later = await log.events_after(session, conversation, 6)
        assert [entry.seq for entry in later] == [7, 8]
        newest = await log.latest_events(session, conversation, limit=3)
        assert [entry.seq for entry in newest] == [6, 7, 8]


async def test_what_was_written_cannot_be_changed(market: MarketCard):
    conversation = await started(market)
    async with tenant_session(market.id) as session:
        await log.append(session, conversation, "message", {"text": "a"})
    with pytest.raises(ProgrammingError):
        async with tenant_session(market.id) as session:
            await session.exec(update(ConversationEvent).values(kind="forged"))


async def test_a_persons_conversation_opens_to_that_person_alone(market: MarketCard):
    owner, other = await someone(market), await someone(market)
    conversation = await started(market, owner)
    async with tenant_session(market.id) as session:
        assert (await log.check_may_open(session, conversation, owner)).id == conversation
        for stranger in (other, None):
            with pytest.raises(NotFound):
                await log.check_may_open(session, conversation, stranger)


async def test_an_anonymous_conversation_opens_to_whoever_holds_its_id(market: MarketCard):
    conversation, member = await started(market), await someone(market)
    async with tenant_session(market.id) as session:
        for reader in (None, member):
            assert (await log.check_may_open(session, conversation, reader)).id == conversation
        with pytest.raises(NotFound):
            await log.check_may_open(session, uuid4(), None)


async def test_an_anonymous_conversation_becomes_theirs_who_writes_in_it(market: MarketCard):
    conversation, member = await started(market), await someone(market)
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation, None, writing=True)
        await log.check_may_open(session, conversation, member, writing=True)
        await log.append(session, conversation, "message", {"text": "a"})
    async with tenant_session(market.id) as session:
        assert [one.id for one in await listing.conversations_of(session, member)] == [conversation]
        for other in (None, await someone(market)):
            with pytest.raises(NotFound):
                await log.check_may_open(session, conversation, other)


async def test_another_market_does_not_have_the_conversation(market: MarketCard):
    conversation, elsewhere = await started(market), await open_market()
    async with tenant_session(elsewhere.id) as session:
        with pytest.raises(NotFound):
            await log.check_may_open(session, conversation, None)
        with pytest.raises(NotFound):
            await log.append(session, conversation, "message", {"text": "a"})
        assert await log.events_after(session, conversation) == []


async def test_conversations_are_listed_by_their_last_use_and_named_by_the_first_message(
    market: MarketCard,
):
    owner = await someone(market)
    first, second, empty = [await started(market, owner) for _ in range(3)]
    for conversation, text in ((first, "a leaking tap"), (second, "word " * 40), (first, "more")):
        async with tenant_session(market.id) as session:
            await log.append(session, conversation, "message", {"text": text})
            await log.name_after(session, conversation, text)
    async with tenant_session(market.id) as session:
        listed = await listing.conversations_of(session, owner)
    assert [row.id for row in listed] == [first, second]
    assert empty not in [row.id for row in listed]
    assert listed[0].title == "a leaking tap"
    assert listed[1].title.endswith("word…")
    assert len(listed[1].title) <= 60


async def test_a_conversation_is_renamed_and_removed_with_all_that_was_said(market: MarketCard):
    owner = await someone(market)
    conversation = await started(market, owner)
    async with tenant_session(market.id) as session:
        await log.append(session, conversation, "message", {"text": "a"})
        assert (
            await keeping.rename(session, conversation, owner, "  The   kitchen ") == "The kitchen"
        )
        assert (await listing.conversations_of(session, owner))[0].title == "The kitchen"
        with pytest.raises(AppError):
            await keeping.rename(session, conversation, owner, "  ")
        assert len(await keeping.rename(session, conversation, owner, "word " * 99)) < 80
    async with tenant_session(market.id) as session:
        await keeping.remove(session, conversation, owner)
    async with tenant_session(market.id) as session:
        assert await listing.conversations_of(session, owner) == []
        assert await log.events_after(session, conversation) == []


async def test_only_its_owner_renames_or_removes_a_conversation(market: MarketCard):
    owner, stranger = await someone(market), await someone(market)
    owned, anonymous = await started(market, owner), await started(market)
    async with tenant_session(market.id) as session:
        for conversation in (owned, anonymous):
            for person in (stranger, None):
                with pytest.raises(NotFound):
                    await keeping.rename(session, conversation, person, "Mine now")
                with pytest.raises(NotFound):
                    await keeping.remove(session, conversation, person)
        assert (await log.check_may_open(session, owned, owner)).title == ""
        assert (await log.check_may_open(session, anonymous, None)).title == ""


def message(**payload: object) -> log.Entry:
    return log.Entry(uuid4(), 1, "message", {"text": "a", **payload}, datetime.now(UTC))


def test_a_message_whose_process_is_gone_is_left_behind():
    host = replies.PROCESS.split(":", maxsplit=1)[0]
    assert replies.left_behind(message(process=f"{host}:999999999:ab"))
    assert replies.left_behind(message(process=replies.PROCESS))
    assert not replies.left_behind(message(process=f"{host}:1:ab"))
    assert not replies.left_behind(message(process="elsewhere:1:ab"))
    old = message(process="elsewhere:1:ab")
    before = datetime.now(UTC) - replies.LONGEST_REPLY - timedelta(seconds=1)
    assert replies.left_behind(log.Entry(old.id, 1, "message", old.payload, before))


async def test_an_answer_that_a_dead_process_owed_is_closed_once(market: MarketCard):
    conversation, reply_id = await started(market), uuid4()
    async with tenant_session(market.id) as session:
        gone = f"{replies.PROCESS.split(':')[0]}:999999999:ab"
        marks = {"reply_id": str(reply_id), "process": gone}
        await log.append(session, conversation, "message", {"text": "a", **marks})
    async with tenant_session(market.id) as session:
        assert await reading.close_left_behind(session, conversation)
        assert not await reading.close_left_behind(session, conversation)
        said = reading.spoken(await log.events_after(session, conversation))
    assert [(one.author, one.ending) for one in said] == [
        ("person", "done"),
        ("agent", "interrupted"),
    ]
    assert said[1].id == str(reply_id)
