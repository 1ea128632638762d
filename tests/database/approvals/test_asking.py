"""Proposals: who may decide them, what an edit may change, and when they are over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, func, select, update

from app.accounts import actors
from app.accounts.actors import Actor, SignInNeeded
from app.accounts.models import Person
from app.approvals import asking, carrying, tools
from app.approvals.models import Approval
from app.approvals.tools import ArgumentsRefused, Call, known
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.jobs.models import Job
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from tests.database.approvals.proposing import (
    WRITING,
    as_it_is,
    decided,
    proposed,
    somebody,
    states,
    talk_of,
    work_through,
)
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market(monkeypatch: pytest.MonkeyPatch) -> MarketCard:
    monkeypatch.setattr(tools, "_known", dict(tools._known))
    known(WRITING)
    return await open_market()


async def made(market: MarketCard) -> int:
    """How often the effect was made."""
    async with tenant_session(market.id) as session:
        query = select(func.count()).where(col(Article.slug).startswith("made-"))
        return (await session.exec(query)).one()


async def test_nothing_happens_before_somebody_approves(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING)
    await work_through(market)
    assert (approval.state, await made(market)) == ("waiting", 0)
    await decided(market, actor, approval)
    await work_through(market)
    done = await as_it_is(market, approval.id)
    assert (done.state, await made(market)) == ("done", 1)
    assert done.result == {"slug": f"made-{approval.id}"}
    assert await states(market, approval) == ["waiting", "approved", "running", "done"]


async def test_what_is_refused_never_happens(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING)
    await decided(market, actor, approval, "refuse")
    with pytest.raises(Conflict):
        await decided(market, actor, approval)
    await work_through(market)
    assert await made(market) == 0
    assert await states(market, approval) == ["waiting", "refused"]


async def test_the_same_word_twice_is_once(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING)
    for _ in range(2):
        await decided(market, actor, approval)
    await work_through(market)
    assert (await decided(market, actor, approval)).state == "done"
    await work_through(market)
    assert await made(market) == 1


async def test_only_the_person_asked_may_decide(market: MarketCard):
    actor, other = await somebody(market), await somebody(market)
    approval = await proposed(market, actor, WRITING)
    with pytest.raises(NotFound):
        await decided(market, other, approval)
    with pytest.raises(SignInNeeded):
        await decided(market, actors.visitor(market.id), approval)
    with pytest.raises(NotFound):
        await proposed(market, other, WRITING, talk=approval.conversation_id)
    assert (await as_it_is(market, approval.id)).state == "waiting"


async def test_an_edit_is_checked_and_nobody_approves_what_they_did_not_see(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING)
    async with tenant_session(market.id) as session:
        changed = await asking.edit(
            session, actor, approval.id, {"text": "That", "pause": 9}, seen=1
        )
    assert changed.arguments == {"text": "That", "pause": 0.0}
    assert changed.version == 2
    with pytest.raises(Conflict):
        await decided(market, actor, approval)
    for told in ({"text": ""}, {"text": "x" * 101}):
        with pytest.raises(ArgumentsRefused) as refused:
            async with tenant_session(market.id) as session:
                await asking.edit(session, actor, approval.id, told, seen=2)
        assert refused.value.field == "text"
    await decided(market, actor, changed)
    await work_through(market)
    assert await made(market) == 1


async def test_one_key_is_one_proposal_until_it_came_to_nothing(market: MarketCard):
    actor = await somebody(market)
    talk = await talk_of(market, actor)
    first = await proposed(market, actor, WRITING, talk=talk)
    again = await proposed(market, actor, WRITING, talk=talk, anew=True)
    assert again.id == first.id
    await decided(market, actor, first, "refuse")
    assert (await proposed(market, actor, WRITING, talk=talk)).id == first.id
    anew = await proposed(market, actor, WRITING, talk=talk, anew=True)
    assert (anew.id != first.id, anew.turn, anew.state) == (True, 2, "waiting")


async def test_what_nobody_decides_expires_by_itself(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING, lasts=timedelta(seconds=-2))
    await work_through(market, but="")
    assert await states(market, approval) == ["waiting", "expired"]
    assert (await decided(market, actor, approval)).state == "expired"
    await work_through(market)
    assert await made(market) == 0


async def test_what_is_overdue_cannot_be_approved_while_its_job_is_late(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING, lasts=timedelta(seconds=-2))
    assert (await decided(market, actor, approval)).state == "expired"
    async with tenant_session(market.id) as session:
        assert await asking.waiting_for(session, actor) == []


async def test_rights_are_looked_at_when_it_is_carried_out(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING)
    await decided(market, actor, approval)
    async with tenant_session(market.id) as session:
        await session.exec(
            update(Person).where(col(Person.id) == actor.id).values(suspended_at=datetime.now(UTC))
        )
    await work_through(market)
    failed = await as_it_is(market, approval.id)
    assert (failed.state, await made(market)) == ("failed", 0)
    assert failed.problem == "You are not allowed to do this."


async def test_a_mistake_is_tried_again_a_few_times_and_then_told(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    actor = await somebody(market)
    tries: list[int] = []

    async def fail(*_: object) -> dict[str, object]:
        tries.append(1)
        raise RuntimeError

    known(tools.Tool(**{**vars(WRITING), "name": "test_failing", "do": fail}))
    approval = await proposed(market, actor, tools.tool_named("test_failing"))
    await decided(market, actor, approval)
    await work_through(market)
    assert len(tries) == carrying.MOST_ATTEMPTS
    assert await states(market, approval) == ["waiting", "approved", "running", "failed"]


async def test_a_job_that_somebody_took_away_is_queued_again(market: MarketCard):
    actor = await somebody(market)
    approval = await proposed(market, actor, WRITING)
    await decided(market, actor, approval)
    async with tenant_session(market.id) as session:
        await session.exec(update(Job).values(state="cancelled"))
    await work_through(market)
    assert (await as_it_is(market, approval.id)).state == "approved"
    assert await carrying.tend_to(market.id) == 1
    assert await carrying.tend_to(market.id) == 0
    await work_through(market)
    assert (await as_it_is(market, approval.id)).state == "done"


async def test_a_proposal_that_cannot_be_read_is_never_made(market: MarketCard):
    actor = await somebody(market)
    for told in ({"text": ""}, {"text": "It", "more": 1}, {}):
        with pytest.raises(ArgumentsRefused):
            await proposed(market, actor, WRITING, told or {"nothing": 1})
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(func.count()).select_from(Approval))).one() == 0


async def test_a_tool_needs_the_permission_of_the_person(market: MarketCard):
    actor = await somebody(market)
    less = Actor(market.id, "person", actor.id, permissions=frozenset())
    talk = await talk_of(market, actor)
    with pytest.raises(NotAllowed):
        async with tenant_session(market.id) as session:
            await asking.propose(
                session, Call(market, less, "en", "k", talk), WRITING, {"text": "It"}
            )
