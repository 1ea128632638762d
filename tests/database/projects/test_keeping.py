"""Whose an event is, what may be changed of it, and when it is over."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor, SignInNeeded
from app.accounts.permissions import Role
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.outbox.models import OutboxEvent
from app.projects import keeping
from app.projects.keeping import (
    NotOverYet,
    TooManyProjects,
    complete_project,
    create_project,
    delete_project,
    edit_project,
    project_of,
    projects_of,
    reopen_project,
    title_of,
    today_in,
)
from app.projects.models import ProjectTask
from app.projects.planning import plan
from tests.database.projects.conftest import a_wedding, ahead


async def test_an_event_is_its_persons_alone(market: MarketCard, ada: Actor, grace: Actor):
    async with tenant_session(market.id) as session:
        mine = await a_wedding(session, ada, market)
        assert (await project_of(session, ada, mine.id)).person_id == ada.id
        for other in (grace, actors.person(market.id, actors.Member(uuid4(), "", "", "en"))):
            for deed in (
                project_of(session, other, mine.id),
                edit_project(session, other, market, mine.id, {"title": "Mine"}),
                delete_project(session, other, mine.id),
                complete_project(session, other, mine.id, today_in(market)),
                plan(session, other, mine.id, today_in(market)),
            ):
                with pytest.raises(NotFound):
                    await deed
            assert await projects_of(session, other, "en", today_in(market)) == []
        with pytest.raises(SignInNeeded):
            await project_of(session, actors.visitor(market.id), mine.id)


async def test_a_key_prepares_the_markets_own_events_and_nobody_elses(
    market: MarketCard, ada: Actor, key: Actor
):
    async with tenant_session(market.id) as session:
        hers = await a_wedding(session, ada, market)
        own = await create_project(session, key, market, {"kind": "conference"})
        assert own.person_id is None
        assert [one.id for one in await projects_of(session, key, "en", today_in(market))] == [
            own.id
        ]
        for actor, held in ((key, hers), (ada, own)):
            with pytest.raises(NotFound):
                await project_of(session, actor, held.id)
        powerless = Actor(market.id, kind="key", permissions=frozenset())
        with pytest.raises(NotAllowed):
            await projects_of(session, powerless, "en", today_in(market))


async def test_an_admin_prepares_own_events_and_those_of_the_market(
    market: MarketCard, ada: Actor, key: Actor
):
    member = actors.Member(ada.id or uuid4(), "Ada", "", "en", roles=frozenset({Role.ADMIN}))
    admin = actors.person(market.id, member)
    async with tenant_session(market.id) as session:
        for actor in (ada, key):
            await create_project(session, actor, market, {})
        assert len(await projects_of(session, admin, "en", today_in(market))) == 2


async def test_facts_are_kept_and_what_is_left_out_stays(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market, budget_amount="500000", place="Kazan")
        assert (made.budget_amount, made.budget_currency) == (Decimal(500000), market.currency)
        changed = await edit_project(session, ada, market, made.id, {"guests": "60"}, made.version)
        assert (changed.guests, changed.place, changed.version) == (60, "Kazan", 2)
        with pytest.raises(Conflict):
            await edit_project(session, ada, market, made.id, {"guests": 50}, 1)
        same = await edit_project(session, ada, market, made.id, {"guests": 60})
        assert same.version == 2
        assert title_of(same, "ru") == "Свадьба"


async def test_those_to_come_stand_first(market: MarketCard, ada: Actor):
    days = (ahead(market, 90), ahead(market, -5), None, ahead(market, 2))
    async with tenant_session(market.id) as session:
        for number, day in enumerate(days):
            await create_project(session, ada, market, {"title": str(number), "day": day})
        first = (await projects_of(session, ada, "en", today_in(market)))[0]
        await plan(session, ada, first.id, today_in(market))
        found = await projects_of(session, ada, "en", today_in(market))
        drafts = await projects_of(session, ada, "en", today_in(market), state="draft")
    assert [one.title for one in found] == ["3", "0", "2", "1"]
    assert (found[0].tasks, found[0].done, found[0].overdue) == (11, 0, 0)
    assert [one.title for one in drafts] == ["0", "2", "1"]


async def test_an_event_is_over_when_its_last_day_has_come(market: MarketCard, ada: Actor):
    today = today_in(market)
    async with tenant_session(market.id) as session:
        for told in ({"day": ahead(market, 1)}, {}, {"day": today, "days": 2}):
            early = await create_project(session, ada, market, told)
            with pytest.raises(NotOverYet):
                await complete_project(session, ada, early.id, today)
        made = await create_project(session, ada, market, {"day": today})
        done = await complete_project(session, ada, made.id, today)
        when = done.completed_at
        assert (done.state, when is not None) == ("completed", True)
        assert (await complete_project(session, ada, made.id, today)).completed_at == when
        again = await reopen_project(session, ada, made.id)
        assert (again.state, again.completed_at) == ("draft", None)
        told = await session.exec(select(AuditEntry).where(AuditEntry.subject_id == str(made.id)))
        entries = told.all()
    assert [one.action for one in entries].count("project.completed") == 1
    # The log is the staff's to read, and what is celebrated is not.
    assert {str(one.before) + str(one.after) for one in entries} == {"{}{}"}


async def test_what_happens_to_an_event_is_told_once_and_without_words(
    market: MarketCard, ada: Actor
):
    today = today_in(market)
    async with tenant_session(market.id) as session:
        told = {"kind": "birthday", "day": today, "guests": 9, "title": "Ada is forty"}
        made = await create_project(session, ada, market, told)
        for _ in range(2):
            await complete_project(session, ada, made.id, today)
        found = (await session.exec(select(OutboxEvent))).all()
    happened = {one.name: one.payload for one in found}
    assert sorted(one.name for one in found) == ["event.completed", "event.created"]
    assert happened["event.created"]["guests"] == 9
    assert {one.subject for one in found} == {f"project/{made.id}"}
    assert "forty" not in str(happened)


async def test_a_deleted_event_takes_its_tasks_along(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market)
        await plan(session, ada, made.id, today_in(market))
        await delete_project(session, ada, made.id)
        assert (await session.exec(select(ProjectTask))).all() == []
        with pytest.raises(NotFound):
            await project_of(session, ada, made.id)


async def test_nobody_fills_the_tables_with_events(
    market: MarketCard, ada: Actor, grace: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "MOST_PROJECTS", 2)
    async with tenant_session(market.id) as session:
        for _ in range(2):
            await create_project(session, ada, market, {})
        with pytest.raises(TooManyProjects):
            await create_project(session, ada, market, {})
        await create_project(session, grace, market, {})
