"""The console's feedback: found by mark, agent, time and state; seen to; made into questions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app.accounts.actors import system
from app.accounts.permissions import Permission, Role
from app.audit.models import AuditEntry
from app.conversations import feedback
from app.conversations.models import Conversation, ReplyFeedback
from app.conversations.traces import Trace, TracedStep, dumped
from app.database import tenant_session
from app.knowledge.models import Question
from app.markets.directory import MarketCard
from state.admin.entry import AdminState
from state.admin.feedback import FeedbackState
from tests.database.state.admin.conftest import Staffed
from tests.factories import ROWS, open_market

PATH = "/en/admin/feedback"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(timezone="UTC")


async def judged(market: MarketCard, **more: Any) -> str:
    """An answer that somebody judged: bad, by the vendor, today, and open, if nothing else."""
    told: dict[str, Any] = {"good": False, "agent": "vendor", "citations": [], "days": 0, **more}
    trace = Trace("my tap", "en", (), ("vendor",), steps=(TracedStep("a", "vendor", "x", "done"),))
    payload = {
        "text": "Call a plumber.",
        "agent": told["agent"],
        "model": "composer",
        "asked": 1,
        "citations": told["citations"],
        "trace": dumped(trace),
    }
    async with tenant_session(market.id) as session:
        talk = await ROWS["conversation"](session, last_seq=2)
        message = {"text": "My tap drips", "locale": "en"}
        await ROWS["conversation_event"](
            session, conversation_id=talk.id, seq=1, kind="message", payload=message
        )
        reply = await ROWS["conversation_event"](
            session, conversation_id=talk.id, seq=2, kind="reply", payload=payload
        )
        at = datetime.now(UTC) - timedelta(days=told["days"])
        reason = "" if told["good"] else "missed"
        await ROWS["reply_feedback"](
            session, reply_id=reply.id, good=told["good"], reason=reason, note="", created_at=at
        )
    return str(reply.id)


async def opened(market: MarketCard, staffed: Staffed, **more: Any) -> tuple[Any, Any]:
    here = await staffed(market, PATH, **more)
    page: Any = await here.of(FeedbackState)
    await page.load()
    return here, page


async def test_judgements_are_found_by_what_they_are(market: MarketCard, staffed: Staffed):
    bad, good = await judged(market), await judged(market, good=True, agent="communication")
    old = await judged(market, days=40)
    _here, page = await opened(market, staffed)
    assert (page.loaded, page.total) == (True, 3)
    assert [row.id for row in page.rows][-1] == old
    assert page.agents == ["communication", "vendor"]
    (row,) = [row for row in page.rows if row.id == bad]
    assert (row.question, row.reason, row.answer) == (
        "My tap drips",
        "It misses my question",
        "Call a plumber.",
    )
    for told, found in (
        ({"mark": "good"}, {good}),
        ({"mark": "bad"}, {bad, old}),
        ({"agent": "communication"}, {good}),
        ({"days": "30"}, {bad, good}),
        ({"days": "30", "mark": "bad"}, {bad}),
        ({"handled": "yes"}, set()),
        ({"agent": "nobody"}, set()),
        ({}, {bad, good, old}),
    ):
        await page.search(told)
        assert {row.id for row in page.rows} == found, told
        assert page.total == len(found)


async def test_what_is_seen_to_leaves_the_list_until_it_is_judged_anew(
    market: MarketCard, staffed: Staffed
):
    bad = await judged(market)
    _here, page = await opened(market, staffed)
    await page.handle(bad)
    assert page.rows == []
    await page.search({"handled": "yes"})
    assert [row.id for row in page.rows] == [bad]
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(ReplyFeedback))).one()
        assert kept.handled_at is not None
        deeds = (await session.exec(select(AuditEntry.action))).all()
        assert "feedback.handled" in deeds
    await page.handle(bad)
    await page.search({"handled": "no"})
    assert [row.id for row in page.rows] == [bad]
    await page.handle(bad)
    async with tenant_session(market.id) as session:
        row = (await feedback.judged(session, _reader(market)))[0][0]
        assert row.handled
        talk = row.conversation_id
        whose = await _whose(session, talk)
        await feedback.judge(session, talk, whose, row.reply_id, good=False, reason="wrong")
        assert not (await feedback.judged(session, _reader(market)))[0][0].handled


async def test_it_is_shown_how_an_answer_was_made(market: MarketCard, staffed: Staffed):
    bad = await judged(market)
    here, page = await opened(market, staffed)
    await page.show_trace(bad)
    assert page.open_id == bad
    assert [(step.agent, step.state) for step in page.steps] == [("vendor", "done")]
    await page.show_trace(bad)
    assert page.open_id == ""
    await page.show_trace("nothing")
    assert page.open_id == ""
    assert (await here.of(AdminState)).notice_kind == "wrong"


async def test_a_good_answer_becomes_a_question_with_its_documents(
    market: MarketCard, staffed: Staffed
):
    async with tenant_session(market.id) as session:
        document = await ROWS["document"](session)
        held = await ROWS["question_set"](session)
    cited = {"kind": "passage", "external_id": str(document.id)}
    good = await judged(market, good=True, citations=[cited, cited])
    bad = await judged(market, citations=[cited])
    bare = await judged(market, good=True)
    here, page = await opened(market, staffed)
    assert str(held.id) in [one.value for one in page.sets]
    assert {row.id for row in page.rows if row.cites} == {good, bad}
    for refused in (bad, bare):
        await page.ask(refused, {"set": str(held.id)})
        assert (await here.of(AdminState)).notice_kind == "wrong"
    await page.ask(good, {"set": str(held.id)})
    async with tenant_session(market.id) as session:
        query = select(Question).where(Question.set_id == held.id)
        (made,) = [one for one in await session.exec(query) if one.text == "My tap drips"]
    assert (made.locale, made.documents) == ("en", [str(document.id)])
    assert good not in {row.id for row in page.rows}


async def test_who_may_not_write_questions_reads_feedback_all_the_same(
    market: MarketCard, staffed: Staffed
):
    bad = await judged(market)
    _here, page = await opened(market, staffed, role=Role.OPERATOR)
    assert [row.id for row in page.rows] == [bad]
    assert page.sets == []


def _reader(market: MarketCard) -> Any:
    return system(market.id, "tests", Permission.SEE_CONVERSATIONS)


async def _whose(session: Any, talk: UUID) -> UUID | None:
    return (await session.get_one(Conversation, talk)).person_id
