"""What a person does with their conversations: finding, sharing, branching, judging, exporting."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import update

from app.accounts.actors import SignInNeeded, system, visitor
from app.conversations import (
    branching,
    exporting,
    feedback,
    keeping,
    listing,
    log,
    reading,
    sharing,
)
from app.conversations.marking import mark_read
from app.conversations.models import ConversationShare
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard
from tests.factories import open_market, person

CITED = {
    "number": 1,
    "kind": "article",
    "external_id": "x",
    "title": "How to *cancel*",
    "url": "/en/help/cancel",
    "detail": "",
    "price": "",
}


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def talk(session: TenantSession, person_id: UUID | None, *said: str, title: str = "") -> UUID:
    """A conversation in which each message was answered with what it asks."""
    held = await log.start(session, "en", person_id)
    for words in said:
        entry = await log.append(session, held, "message", {"text": words, "locale": "en"})
        await log.append(session, held, "reply", answered(f"On {words}", entry.seq))
    await log.name_after(session, held, title or (said[0] if said else "Nothing"))
    return held


def answered(words: str, asked: int) -> dict[str, Any]:
    return {
        "text": words,
        "citations": [CITED],
        "agent": "vendor",
        "model": "composer",
        "asked": asked,
        "ending": "done",
    }


async def test_pinned_ones_come_first_and_what_is_put_away_is_gone(market: MarketCard):
    async with tenant_session(market.id) as session:
        ada = (await person(session)).id
        first, second, third = [await talk(session, ada, name) for name in ("one", "two", "three")]
        await keeping.pin(session, first, ada, on=True)
        await keeping.archive(session, second, ada, on=True)
        listed = await listing.conversations_of(session, ada)
        assert [(one.id, one.pinned) for one in listed] == [(first, True), (third, False)]
        (away,) = await listing.conversations_of(session, ada, archived=True)
        assert (away.id, away.archived) == (second, True)
        await keeping.archive(session, first, ada, on=True)
        await keeping.archive(session, first, ada, on=False)
        listed = await listing.conversations_of(session, ada)
        assert not any(one.pinned for one in listed), "what was put away is no longer pinned"
        bob = (await person(session)).id
        for deed in (keeping.pin, keeping.archive):
            with pytest.raises(NotFound):
                await deed(session, first, bob, on=True)


async def test_words_are_found_in_ones_own_conversations_alone(market: MarketCard):
    elsewhere = await open_market()
    async with tenant_session(market.id) as session:
        ada, bob = (await person(session)).id, (await person(session)).id
        tap = await talk(session, ada, "my kitchen tap drips", "how much is it?")
        await talk(session, ada, "a cake for Sunday")
        await talk(session, bob, "my kitchen tap drips")
        (found,) = await listing.search_conversations(session, ada, "KITCH tap")
        assert (found.id, found.seq) == (tap, 2)
        assert "tap drips" in found.passage
        assert await listing.search_conversations(session, ada, "kitchen cake") == []
        for nothing in ("", " & | ! ( ' \\ :* <->", "\0"):
            assert await listing.search_conversations(session, ada, nothing) == []
        await keeping.rename(session, tap, ada, "Плитка и вода")
        (found,) = await listing.search_conversations(session, ada, "плит")
        assert (found.id, found.seq) == (tap, None)
    async with tenant_session(elsewhere.id) as session:
        assert await listing.search_conversations(session, ada, "kitchen") == []


async def test_a_search_reads_a_persons_entries_by_an_index(market: MarketCard):
    async with tenant_session(market.id) as session:
        ada = (await person(session)).id
        await talk(session, ada, "my kitchen tap drips")
        await session.execute(text("set local enable_seqscan = off"))
        connection = await session.connection()
        plan = await connection.execute(
            text(f"explain {listing._SEARCH.text}"), {"query": "tap:*", "person": ada, "most": 5}
        )
        told = "\n".join(row[0] for row in plan)
    assert "Seq Scan" not in told
    assert "conversation_event_seq" in told


async def test_a_link_shows_what_was_said_by_then_until_it_is_revoked(market: MarketCard):
    elsewhere = await open_market()
    async with tenant_session(market.id) as session:
        ada, bob = (await person(session)).id, (await person(session)).id
        held = await talk(session, ada, "my tap drips")
        with pytest.raises(NotFound):
            await sharing.share(session, held, bob)
        with pytest.raises(AppError):
            await sharing.share(session, await log.start(session, "en", ada), ada)
        assert await sharing.share_of(session, held, ada) is None
        link = await sharing.share(session, held, ada)
        await log.append(session, held, "message", {"text": "secret"})
        shown = await sharing.shared(session, link.token)
        assert [one.text for one in shown.said] == ["my tap drips", "On my tap drips"]
        assert await sharing.share_of(session, held, ada) == link
        forged = link.token[:-2] + ("aa" if link.token[-2:] != "aa" else "bb")
        for token in (forged, "", "x" * 43, "x" * 100, "ж"):
            with pytest.raises(NotFound):
                await sharing.shared(session, token)
    async with tenant_session(elsewhere.id) as session:
        with pytest.raises(NotFound):
            await sharing.shared(session, link.token)
    async with tenant_session(market.id) as session:
        later = await sharing.share(session, held, ada)
        with pytest.raises(NotFound):
            await sharing.shared(session, link.token)
        assert (await sharing.shared(session, later.token)).said[-1].text == "secret"
        await sharing.unshare(session, held, ada)
        with pytest.raises(NotFound):
            await sharing.shared(session, later.token)
        await session.exec(update(ConversationShare).values(revoked_at=None))
        await keeping.remove(session, held, ada)
        with pytest.raises(NotFound):
            await sharing.shared(session, later.token)


async def test_a_branch_begins_as_the_first_did_and_goes_its_own_way(market: MarketCard):
    async with tenant_session(market.id) as session:
        ada, bob = (await person(session)).id, (await person(session)).id
        held = await talk(session, ada, "one")
        again = await log.append(session, held, "retry", {"text": "one", "asked": 1})
        better = await log.append(session, held, "reply", answered("Better", again.seq))
        await log.append(session, held, "message", {"text": "two"})
        made = await branching.branch(session, held, ada, better.seq)
        entries = await log.events_after(session, made)
        assert [entry.kind for entry in entries] == ["message", "reply"]
        assert [one.text for one in reading.spoken(entries)] == ["one", "Better"]
        assert entries[1].payload["asked"] == 1
        await log.append(session, made, "message", {"text": "else"})
        assert [entry.seq for entry in await log.events_after(session, made)] == [1, 2, 3]
        first = reading.spoken(await log.events_after(session, held))
        assert [one.text for one in first] == ["one", "Better", "two"]
        for whose, seq in ((bob, better.seq), (ada, 1), (ada, 99)):
            with pytest.raises(NotFound):
                await branching.branch(session, held, whose, seq)


async def test_an_edited_message_takes_the_place_of_what_followed(market: MarketCard):
    async with tenant_session(market.id) as session:
        held = await talk(session, None, "one", "two", "three")
        await log.append(session, held, "message", {"text": "TWO", "edits": 3})
        said = reading.spoken(await log.events_after(session, held))
        assert [one.text for one in said] == ["one", "On one", "TWO"]
        await log.append(session, held, "message", {"text": "ONE", "edits": 1})
        assert [one.text for one in reading.spoken(await log.events_after(session, held))] == [
            "ONE"
        ]


async def test_a_judgement_is_kept_changed_taken_back_and_read_by_staff(market: MarketCard):
    async with tenant_session(market.id) as session:
        ada, bob = (await person(session)).id, (await person(session)).id
        held = await talk(session, ada, "my tap drips")
        question, reply = await log.events_after(session, held)
        await feedback.judge(session, held, ada, reply.id, good=True)
        await feedback.judge(
            session, held, ada, reply.id, good=False, reason="outdated", note=" Closed \n now "
        )
        assert await feedback.judgements_in(session, [reply.id]) == {reply.id: (False, "outdated")}
        staff = system(market.id, "tests")
        (one,), count = await feedback.judged(session, staff)
        assert (count, one.question, one.answer) == (1, "my tap drips", "On my tap drips")
        assert (one.good, one.reason, one.note) == (False, "outdated", "Closed now")
        assert await feedback.judged(session, staff, feedback.Sought(good=True)) == ([], 0)
        for wrong in (
            {"good": False, "reason": "nonsense"},
            {"good": True, "reason": "wrong"},
            {"good": False, "note": "x" * 1001},
        ):
            with pytest.raises(AppError):
                await feedback.judge(session, held, ada, reply.id, **wrong)
        for whose, what in ((bob, reply.id), (ada, question.id)):
            with pytest.raises(NotFound):
                await feedback.judge(session, held, whose, what, good=True)
        with pytest.raises(SignInNeeded):
            await feedback.judged(session, visitor(market.id))
        await feedback.judge(session, held, ada, reply.id, good=None)
        assert await feedback.judgements_in(session, [reply.id]) == {}


async def test_a_file_holds_what_was_said_and_nothing_becomes_a_mark(market: MarketCard):
    async with tenant_session(market.id) as session:
        ada, bob = (await person(session)).id, (await person(session)).id
        held = await talk(session, ada, "# [x](http://evil.example)")
        with pytest.raises(NotFound):
            await exporting.said_in(session, held, bob)
        title, said = await exporting.said_in(session, held, ada)
    markdown = exporting.as_markdown(title, said, "ru", "https://m.example")
    assert "\\# \\[x\\](http://evil.example)" in markdown
    assert "## Вы · " in markdown
    assert "1. [How to \\*cancel\\*](https://m.example/en/help/cancel)" in markdown
    told = json.loads(exporting.as_json(held, title, said, "https://m.example"))
    assert [one["author"] for one in told["messages"]] == ["person", "agent"]
    assert told["messages"][1]["citations"][0]["url"] == "https://m.example/en/help/cancel"
    headers = exporting.headers_of('Tap "\r\n', "md")
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''Tap.md"


async def test_read_goes_forward_alone(market: MarketCard):
    async with tenant_session(market.id) as session:
        ada, bob = (await person(session)).id, (await person(session)).id
        held = await talk(session, ada, "one", "two")
        assert await mark_read(session, held, ada, 3) == 3
        assert await mark_read(session, held, ada, 2) == 3
        assert await mark_read(session, held, ada, 2**31) == 4
        with pytest.raises(NotFound):
            await mark_read(session, held, bob, 1)
