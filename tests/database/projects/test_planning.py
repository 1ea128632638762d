"""Plans made by type, day and guests, and made again without losing what a person did."""

from datetime import timedelta

import pytest

from app.accounts.actors import Actor
from app.database import TenantSession, tenant_session
from app.markets.directory import MarketCard
from app.projects import tasks
from app.projects.keeping import complete_project, create_project, edit_project, today_in
from app.projects.planning import AlreadyOver, DayMissing, plan, timeline_of
from app.projects.plans.scheduling import EventIsPast
from app.projects.tasks import Task, add_task, delete_task, edit_task, tasks_of
from tests.database.projects.conftest import a_wedding, ahead


async def by_step(session: TenantSession, actor: Actor, locale: str = "en") -> dict[str, Task]:
    return {one.step or one.title: one for one in await tasks_of(session, actor, locale)}


async def test_a_wedding_is_planned_by_its_day_and_guests(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market)
        told = await plan(session, ada, made.id, today_in(market))
        found = await by_step(session, ada, "ru")
        assert made.state == "active"
    assert (told.added, told.moved, told.kept, told.squeezed) == (19, 0, 0, False)
    assert found["venue"].title == "Выбрать и забронировать место"
    assert found["venue"].due == ahead(market, 400 - 240)
    assert found["thanks"].due == ahead(market, 414)
    needs = {step: {found_by(found, one) for one in task.needs} for step, task in found.items()}
    assert needs["final_number"] == {"headcount", "menu"}
    assert needs["guest_list"] == set()


def found_by(found: dict[str, Task], task_id: object) -> str:
    return next(step for step, task in found.items() if task.id == task_id)


async def test_short_notice_is_said_and_leaves_nothing_overdue(market: MarketCard, ada: Actor):
    today = today_in(market)
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market, day=ahead(market, 20))
        told = await plan(session, ada, made.id, today)
        shown = await timeline_of(session, ada, made.id, "en", today)
    assert (told.squeezed, told.available, told.usual) == (True, 20, 278)
    assert not any(one.overdue for one in shown.reckoning.by_task.values())
    assert not shown.fits
    assert shown.reckoning.needed > 20
    chain = [one.step for one in shown.tasks if one.id in shown.reckoning.chain]
    assert chain[:2] == ["guest_list", "venue"]
    assert [one.due for one in shown.tasks] == sorted(one.due for one in shown.tasks if one.due)


async def test_planning_anew_follows_the_facts_and_keeps_what_a_person_did(
    market: MarketCard, ada: Actor
):
    today = today_in(market)
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market, guests=12)
        await plan(session, ada, made.id, today)
        found = await by_step(session, ada)
        own = ahead(market, 33)
        await edit_task(session, ada, found["cake"].id, {"due": own, "title": "Bake a cake"})
        await edit_task(session, ada, found["venue"].id, {"state": "done"})
        await edit_task(session, ada, found["menu"].id, {"needs": []})
        await delete_task(session, ada, found["rings"].id)
        await add_task(session, ada, made.id, {"title": "Invite the band"})
        moved = {"guests": 100, "day": ahead(market, 407)}
        await edit_project(session, ada, market, made.id, moved)
        assert (await timeline_of(session, ada, made.id, "en", today)).is_old
        told = await plan(session, ada, made.id, today)
        after = await by_step(session, ada)
        assert not (await timeline_of(session, ada, made.id, "en", today)).is_old
        again = await plan(session, ada, made.id, today)
    assert (told.added, told.kept) == (3, 2)
    assert set(after) - set(found) == {"rooms", "transport", "seating", "Invite the band"}
    assert "rings" not in after
    assert (after["cake"].due, after["cake"].title) == (own, "Bake a cake")
    assert (after["venue"].state, after["venue"].due) == ("done", found["venue"].due)
    assert after["menu"].needs == ()
    photographer, before = after["photographer"].due, found["photographer"].due
    assert photographer is not None
    assert before is not None
    assert photographer == before + timedelta(days=7)
    assert (again.added, again.moved) == (0, 0)


async def test_a_plan_needs_a_day_that_is_to_come(market: MarketCard, ada: Actor):
    today = today_in(market)
    async with tenant_session(market.id) as session:
        undated = await create_project(session, ada, market, {"kind": "birthday"})
        with pytest.raises(DayMissing):
            await plan(session, ada, undated.id, today)
        past = await create_project(session, ada, market, {"day": ahead(market, -1)})
        with pytest.raises(EventIsPast):
            await plan(session, ada, past.id, today)
        await complete_project(session, ada, past.id, today)
        with pytest.raises(AlreadyOver):
            await plan(session, ada, past.id, today)
        shown = await timeline_of(session, ada, undated.id, "en", today)
    assert (shown.hours, shown.tasks, shown.available, shown.fits) == ((), (), None, True)


async def test_a_link_of_the_template_gives_way_where_a_person_linked_the_other_way_round(
    market: MarketCard, ada: Actor
):
    today = today_in(market)
    async with tenant_session(market.id) as session:
        told = {"kind": "other", "day": ahead(market, 300), "guests": 90}
        made = await create_project(session, ada, market, told)
        await plan(session, ada, made.id, today)
        found = await by_step(session, ada)
        await edit_task(session, ada, found["order_of_day"].id, {"needs": []})
        await edit_task(session, ada, found["goals"].id, {"needs": [found["order_of_day"].id]})
        await edit_project(session, ada, market, made.id, {"kind": "conference"})
        await plan(session, ada, made.id, today)
        after = await by_step(session, ada)
        shown = await timeline_of(session, ada, made.id, "en", today)
    assert after["order_of_day"].needs == ()
    assert after["goals"].needs == (found["order_of_day"].id,)
    assert after["goals"].id in after["programme"].needs
    assert len(shown.reckoning.by_task) == len(after)


async def test_a_plan_leaves_no_room_for_more_than_an_event_may_have(
    market: MarketCard, ada: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tasks, "MOST_TASKS", 10)
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market)
        with pytest.raises(tasks.TooManyTasks):
            await plan(session, ada, made.id, today_in(market))
