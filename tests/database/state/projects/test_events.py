"""A member prepares an event on its pages, and nobody else gets anything of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.projects.keeping import today_in
from app.projects.models import Project, ProjectTask
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.page import PageState
from state.projects.board import BoardState
from state.projects.event import EventState
from state.projects.listing import EventsState
from state.projects.timeline import TimelineState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def arrived(market: MarketCard, tab: Tabs, email: str) -> Tab:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        token = await sign_in(session, email, PASSWORD, "")
    found = tab(market)
    found.visit("/en/events", token)
    return found


@pytest.fixture
async def here(market: MarketCard, tab: Tabs) -> Tab:
    return await arrived(market, tab, "ada@example.com")


async def load(page: Any) -> Declaration:
    told = Declaration()
    with declaring(told):
        await page.load()
    return told


async def opened(market: MarketCard, here: Tab, locale: str = "en", **facts: str) -> EventState:
    """The page of a new wedding."""
    day = today_in(market) + timedelta(days=400)
    form = {"kind": "wedding", "day": day.isoformat(), "guests": "80", **facts}
    listing = await here.of(EventsState)
    await load(listing)
    assert await listing.create(form) is not None, listing.problem
    async with tenant_session(market.id) as session:
        newest = select(Project).order_by(Project.created_at.desc())  # pyright: ignore[reportAttributeAccessIssue]
        made = (await session.exec(newest)).first()
    assert made is not None
    here.visit(f"/{locale}/events/{made.id}", here.token)
    page = await here.of(EventState)
    await load(page)
    return page


def board_of(board: BoardState) -> dict[str, list[str]]:
    return {one.state: [card.title for card in one.cards] for one in board.columns}


async def test_an_event_is_begun_planned_and_listed(market: MarketCard, here: Tab):
    page = await opened(market, here, budget_amount="1 000,50")
    board, timeline = await here.of(BoardState), await here.of(TimelineState)
    assert (page.title, page.state, board.count) == ("Wedding", "draft", 0)
    assert page.facts["budget_amount"] == "1000.50"
    assert (await here.of(PageState)).head_title.startswith("Wedding")
    await page.plan()
    assert (page.state, page.planned, board.count) == ("active", True, 19)
    assert (await here.of(AdminState)).notice == "Planned. New tasks: 19, moved: 0."
    assert timeline.bars[0].title == "Write the guest list"
    assert {one.kind for one in timeline.bars} == {"critical", "plain"}
    assert timeline.remarks == []
    assert any(one.title == "Ceremony" for one in timeline.hours)
    for one in timeline.bars:
        x, width = float(one.x.rstrip("%")), float(one.width.rstrip("%"))
        assert 0 <= x < 100
        assert 0 < width <= 100 - x + 0.02
    listing = await here.of(EventsState)
    await load(listing)
    assert [(one.title, one.progress) for one in listing.events] == [
        ("Wedding", "Tasks done: 0 of 19")
    ]


async def test_the_page_speaks_the_readers_language(market: MarketCard, here: Tab):
    page = await opened(market, here, locale="ru")
    await page.plan()
    board, timeline = await here.of(BoardState), await here.of(TimelineState)
    assert page.title == "Свадьба"
    assert [one.name for one in board.columns] == ["Сделать", "Начато", "Сделано"]
    assert timeline.bars[0].title == "Составить список гостей"


async def test_cards_are_moved_written_changed_and_deleted(market: MarketCard, here: Tab):
    page = await opened(market, here)
    board = await here.of(BoardState)
    for title in ("Ask Grace", "Buy rice", ""):
        await board.add({"title": title})
    assert board.problem == "Write what is to be done."
    assert board_of(board)["todo"] == ["Ask Grace", "Buy rice"]
    first, second = (card.id for card in board.columns[0].cards)
    await board.shift(second, -1)
    assert board_of(board)["todo"] == ["Buy rice", "Ask Grace"]
    await board.move(first, "doing")
    assert board_of(board) == {"todo": ["Buy rice"], "doing": ["Ask Grace"], "done": []}
    await board.begin_editing(second)
    assert [one.name for one in board.others] == ["Ask Grace"]
    form = {"title": "Buy much rice", "due": "2031-02-03", "days": "2", "assignee": "Zoe"}
    await board.save(form | {f"needs.{first}": True})
    (card,) = board.columns[0].cards
    assert (card.title, card.due_value, card.assignee) == ("Buy much rice", "2031-02-03", "Zoe")
    assert card.waits == "Waits for: Ask Grace"
    assert board.editing == ""
    await board.begin_editing(second)
    await board.save(form | {"days": "many"})
    assert (board.editing, board.problem_field) == (second, "days")
    await board.remove(second)
    assert board_of(board) == {"todo": [], "doing": ["Ask Grace"], "done": []}
    await page.delete()
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(Project))).all() == []


async def test_facts_are_changed_and_the_change_taken_back(market: MarketCard, here: Tab):
    page = await opened(market, here)
    await page.plan()
    await page.save({**page.facts, "guests": "120"})
    assert page.facts["guests"] == "120"
    timeline = await here.of(TimelineState)
    assert len(timeline.remarks) == 1
    await page.undo()
    assert page.facts["guests"] == "80"
    assert timeline.remarks == []
    await page.save({**page.facts, "guests": "a few"})
    assert page.problem_field == "guests"


async def test_short_notice_is_said_on_the_page(market: MarketCard, here: Tab):
    day = today_in(market) + timedelta(days=9)
    page = await opened(market, here, day=day.isoformat())
    await page.plan()
    assert (await here.of(AdminState)).notice.startswith("Planned on short notice: days left: 9")
    (remark,) = (await here.of(TimelineState)).remarks
    assert remark.startswith("Time is short. Days left: 9.")


async def test_an_event_takes_place_and_that_is_taken_back(market: MarketCard, here: Tab):
    page = await opened(market, here, day=today_in(market).isoformat())
    assert page.can_complete
    await page.complete()
    assert (page.state, page.can_complete) == ("completed", False)
    await page.reopen()
    assert page.state == "draft"


async def test_nobody_elses_event_opens_or_changes(market: MarketCard, here: Tab, tab: Tabs):
    page = await opened(market, here)
    await page.plan()
    other = await arrived(market, tab, "grace@example.com")
    other.visit(f"/en/events/{page.project_id}", other.token)
    forged = await other.of(EventState)
    assert (await load(forged)).status == 404
    assert (forged.ready, forged.title) == (False, "")
    board = await other.of(BoardState)
    async with tenant_session(market.id) as session:
        task = (await session.exec(select(ProjectTask))).first()
    assert task is not None
    forged.project_id = board.project_id = page.project_id
    board.editing = str(task.id)
    hostile: Any = {"a": 1}
    for deed in (
        forged.plan(),
        forged.complete(),
        forged.delete(),
        forged.save({"title": "Mine"}),
        board.add({"title": "Mine"}),
        board.move(str(task.id), "done"),
        board.move(hostile, hostile),
        board.shift(hostile, hostile),
        board.begin_editing(hostile),
        board.save({"title": "Mine", "days": ["x"]}),
        board.remove(str(task.id)),
        board.remove(hostile),
    ):
        await deed
    assert board.columns == []
    await load(page)
    assert page.title == "Wedding"
    assert (await here.of(BoardState)).count == 19
    assert board_of(await here.of(BoardState))["done"] == []


async def test_a_visitor_is_sent_to_sign_in(market: MarketCard, tab: Tabs):
    found = tab(market)
    found.visit("/en/events")
    for handler in (EventsState.load, EventState.load, EventState.plan, BoardState.leave):
        assert await found.guarded(handler) is not None
