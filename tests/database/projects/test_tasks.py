"""Tasks on their board: who may touch them, where they stand, what they wait for."""

from uuid import UUID, uuid4

import pytest

from app.accounts.actors import Actor
from app.database import TenantSession, tenant_session
from app.errors import Conflict, NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.projects.keeping import create_project, project_of, today_in
from app.projects.planning import plan
from app.projects.plans.scheduling import WaitsForItself
from app.projects.tasks import (
    add_task,
    delete_task,
    edit_task,
    move_task,
    task_of,
    tasks_of,
)
from tests.database.projects.conftest import a_wedding


async def a_board(
    session: TenantSession, actor: Actor, market: MarketCard, *titles: str
) -> tuple[UUID, list[UUID]]:
    project = await create_project(session, actor, market, {})
    made = [await add_task(session, actor, project.id, {"title": title}) for title in titles]
    return project.id, made


async def columns(session: TenantSession, actor: Actor) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in await tasks_of(session, actor, "en"):
        found.setdefault(one.state, []).append(one.title)
    return found


async def test_a_task_moves_between_columns_and_within_one(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        _project, (a, b, c) = await a_board(session, ada, market, "a", "b", "c")
        assert await columns(session, ada) == {"todo": ["a", "b", "c"]}
        await move_task(session, ada, c, "todo", 0)
        assert await columns(session, ada) == {"todo": ["c", "a", "b"]}
        await move_task(session, ada, a, "done")
        await move_task(session, ada, b, "done", 0)
        assert await columns(session, ada) == {"todo": ["c"], "done": ["b", "a"]}
        assert (await task_of(session, ada, a, "en")).done_at is not None
        await edit_task(session, ada, a, {"state": "todo"})
        assert await columns(session, ada) == {"todo": ["c", "a"], "done": ["b"]}
        assert (await task_of(session, ada, a, "en")).done_at is None
        await move_task(session, ada, a, "todo", 99)
        with pytest.raises(NotAccepted):
            await move_task(session, ada, a, "nowhere")


async def test_tasks_of_others_are_not_there(
    market: MarketCard, ada: Actor, grace: Actor, key: Actor
):
    async with tenant_session(market.id) as session:
        project, (mine,) = await a_board(session, ada, market, "a")
        for other in (grace, key):
            assert await tasks_of(session, other, "en") == []
            for deed in (
                task_of(session, other, mine, "en"),
                edit_task(session, other, mine, {"title": "x"}),
                move_task(session, other, mine, "done"),
                delete_task(session, other, mine),
                add_task(session, other, project, {"title": "x"}),
            ):
                with pytest.raises(NotFound):
                    await deed
        theirs, (other_task,) = await a_board(session, grace, market, "g")
        assert theirs != project
        # Not even as something to wait for.
        with pytest.raises(NotFound):
            await edit_task(session, ada, mine, {"needs": [other_task]})
        with pytest.raises(NotFound):
            await edit_task(session, ada, uuid4(), {})


async def test_a_task_waits_for_others_and_never_for_itself(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        _project, (a, b, c) = await a_board(session, ada, market, "a", "b", "c")
        await edit_task(session, ada, b, {"needs": [a, a]})
        await edit_task(session, ada, c, {"needs": [str(b)]})
        assert (await task_of(session, ada, b, "en")).needs == (a,)
        for task, needs in ((a, [c]), (a, [a])):
            with pytest.raises(WaitsForItself):
                await edit_task(session, ada, task, {"needs": needs})
        await delete_task(session, ada, a)
        assert (await task_of(session, ada, b, "en")).needs == ()


async def test_two_who_edit_the_same_task_notice_each_other(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        project, (a,) = await a_board(session, ada, market, "a")
        before = (await project_of(session, ada, project)).version
        await edit_task(session, ada, a, {"assignee": "Grace"}, 1)
        with pytest.raises(Conflict):
            await edit_task(session, ada, a, {"assignee": "Mary"}, 1)
        assert (await task_of(session, ada, a, "en")).assignee == "Grace"
        assert (await project_of(session, ada, project)).version == before + 1


async def test_a_task_keeps_a_name(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        _project, (a,) = await a_board(session, ada, market, "a")
        with pytest.raises(NotAccepted):
            await edit_task(session, ada, a, {"title": " "})
        made = await a_wedding(session, ada, market)
        await plan(session, ada, made.id, today_in(market))
        venue = next(one for one in await tasks_of(session, ada, "de") if one.step == "venue")
        assert venue.title == "Den Ort aussuchen und buchen"
        await edit_task(session, ada, venue.id, {"title": "The barn"})
        assert (await task_of(session, ada, venue.id, "de")).title == "The barn"
        # A step goes back to the template's words; a task of one's own has none to go back to.
        await edit_task(session, ada, venue.id, {"title": ""})
        assert (await task_of(session, ada, venue.id, "de")).title == venue.title
