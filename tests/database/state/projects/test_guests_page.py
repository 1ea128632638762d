"""The page of an event's guests: what its owner notes and takes back, and nobody else reaches."""

from typing import Any

import pytest
from sqlmodel import select

from app.database import tenant_session
from app.markets.directory import MarketCard
from app.projects.models import Registration
from app.projects.pasted_guests import LONGEST
from state.admin.entry import AdminState
from state.page import PageState
from state.projects.arriving import ArrivingState
from state.projects.guest_figures import GuestFiguresState
from state.projects.guests import GuestsState
from state.projects.opinions import OpinionsState
from tests.database.state.conftest import Tab
from tests.database.state.projects.test_events import arrived, here, load, market, opened
from tests.database.state.test_guard import Tabs

__all__ = ["here", "market"]


@pytest.fixture
async def page(market: MarketCard, here: Tab) -> GuestsState:
    """The page of the guests of a wedding for eighty."""
    event = await opened(market, here)
    here.visit(f"/en/events/{event.project_id}/guests", here.token)
    found = await here.of(GuestsState)
    await load(found)
    assert found.ready
    return found


def names(page: GuestsState) -> list[str]:
    return [one.name for one in page.rows]


async def test_guests_are_written_down_answered_and_counted(here: Tab, page: GuestsState):
    figures = await here.of(GuestFiguresState)
    assert [crumb.name for crumb in (await here.of(PageState)).crumbs][1:] == [
        "Your events",
        "Wedding",
        "Guest list",
    ]
    await page.add({"name": "Zoe", "email": "zoe@example.com", "party": "4", "state": "coming"})
    await page.add({"name": "Bo"})
    assert names(page) == ["Bo", "Zoe"]
    bo, zoe = page.rows
    assert (zoe.party_name, bo.party_name) == ("4 persons", "")
    await page.answer(bo.id, "declined")
    assert (figures.invited, figures.coming, figures.declined) == ("5", "4", "1")
    assert (figures.waiting, figures.planned) == ("0", "80")
    assert figures.remark == "There is room for 76 more of the 80 that are planned."
    (bar,) = figures.bars
    assert (bar.width, bar.more, figures.mark) == (5.0, 0.0, 100.0)
    await page.undo()
    assert page.rows[0].state == "invited"
    assert [(one.width, one.more) for one in figures.bars] == [(5.0, 1.25)]


async def test_who_came_is_noted_and_taken_back(here: Tab, page: GuestsState):
    figures, arriving = await here.of(GuestFiguresState), await here.of(ArrivingState)
    await page.add({"name": "Zoe", "party": "4", "state": "coming"})
    await page.go_to_door(True)
    (zoe,) = page.rows
    await page.came(zoe.id, -1)
    assert (page.rows[0].came, page.rows[0].came_name, figures.came) == (4, "4 of 4", "4")
    await page.came(zoe.id, 3)
    await arriving.others({"others": "2"})
    assert (page.rows[0].came_name, figures.came, figures.others) == ("3 of 4", "5", 2)
    await page.choose("came")
    assert names(page) == ["Zoe"]
    await page.choose("awaited")
    assert names(page) == []
    await page.came(zoe.id, 0)
    assert names(page) == ["Zoe"]
    await page.undo()
    assert (names(page), figures.came) == ([], "5")
    await arriving.no_others()
    assert (figures.came, figures.others) == ("3", 0)
    for wrong in ("0", "101", "many", {"a": 1}):
        await arriving.others({"others": wrong})
        assert page.problem_field == "others.others"
    await page.came(zoe.id, 101)
    assert (await here.of(AdminState)).notice_kind == "wrong"


async def test_a_list_is_pasted_and_taken_back(here: Tab, page: GuestsState):
    arriving, admin = await here.of(ArrivingState), await here.of(AdminState)
    await page.add({"name": "Ada", "email": "ada@example.com", "state": "coming"})
    lines = "Ada <ada@example.com>\nGrace Hopper, 2\n\n17\nGRACE HOPPER"
    await arriving.paste({"lines": lines, "lines_state": "invited"})
    assert [(one.name, one.party, one.state) for one in page.rows] == [
        ("Ada", 1, "coming"),
        ("Grace Hopper", 2, "invited"),
    ]
    assert admin.notice == "Added: 1. Known already: 2. Not understood: lines 4."
    assert admin.undoable
    await page.undo()
    assert names(page) == ["Ada"]
    await arriving.paste({"lines": "x" * (LONGEST + 5)})
    assert (names(page), admin.undoable) == (["Ada"], False)


async def test_a_guest_is_changed_struck_out_and_brought_back(here: Tab, page: GuestsState):
    opinions = await here.of(OpinionsState)
    for name in ("Zoe", "Bo"):
        await page.add({"name": name, "email": f"{name}@example.com".lower()})
    bo, zoe = page.rows
    await page.begin_editing(zoe.id)
    told = {"name": "Zoe B.", "email": "zoe@example.com", "party": "2", "state": "coming"}
    await page.save(told | {"email": "bo@example.com"})
    assert page.problem_field == f"{zoe.id}.email"
    await page.save(told | {"party": "many"})
    assert (page.problem_field, page.editing) == (f"{zoe.id}.party", zoe.id)
    await page.save(told | {"note": "No nuts", "rating": "4", "said": "Lovely"})
    row = page.rows[1]
    assert (row.name, row.note, row.rating_name, page.editing) == ("Zoe B.", "No nuts", "4 / 5", "")
    assert (opinions.mean, opinions.count) == ("4 / 5", 1)
    await page.came(zoe.id, -1)
    await page.remove(zoe.id)
    assert (names(page), opinions.count) == (["Bo"], 0)
    await page.undo()
    back = page.rows[1]
    assert (back.name, back.note, back.came, back.rating, back.said) == (
        "Zoe B.",
        "No nuts",
        2,
        "4",
        "Lovely",
    )
    await page.begin_editing(back.id)
    await page.save(told | {"rating": ""})
    assert opinions.count == 0
    await page.undo()
    assert opinions.count == 1
    await opinions.add({"opinion": "5", "opinion_text": "Wonderful"})
    newest = opinions.rows[0]
    assert (newest.name, newest.rating, newest.text) == ("", 5, "Wonderful")
    assert opinions.mean == "4.5 / 5"
    assert [one.count for one in opinions.shares] == ["1", "1", "0", "0", "0"]
    await opinions.remove(opinions.rows[0].id)
    assert opinions.count == 1
    assert bo.id == page.rows[0].id


async def test_guests_are_found_by_words_and_turned_page_by_page(here: Tab, page: GuestsState):
    arriving = await here.of(ArrivingState)
    await arriving.paste({"lines": "\n".join(f"Guest {number:03}" for number in range(120))})
    assert (page.total, page.pages, len(page.rows)) == (120, 3, 50)
    await page.turn(1)
    await page.turn(1)
    await page.turn(1)
    assert (page.number, len(page.rows)) == (3, 20)
    await page.seek("guest 11")
    # 011, and 110 to 119.
    assert (page.number, page.total) == (1, 11)
    await page.seek("%")
    assert page.total == 0
    hostile: Any = {"a": 1}
    await page.seek(hostile)
    await page.choose(hostile)
    await page.turn(hostile)
    assert page.total == 120


async def test_nobody_elses_guests_are_shown_or_changed(
    market: MarketCard, page: GuestsState, tab: Tabs
):
    await page.add({"name": "Zoe", "email": "zoe@example.com"})
    (zoe,) = page.rows
    other = await arrived(market, tab, "grace@example.com")
    other.visit(f"/en/events/{page.project_id}/guests", other.token)
    forged = await other.of(GuestsState)
    assert (await load(forged)).status == 404
    assert (forged.ready, forged.rows) == (False, [])
    forged.project_id, forged.editing = page.project_id, zoe.id
    arriving, opinions = await other.of(ArrivingState), await other.of(OpinionsState)
    opinions.project_id = page.project_id
    hostile: Any = {"a": 1}
    for deed in (
        forged.add({"name": "Bo"}),
        forged.answer(zoe.id, "coming"),
        forged.came(zoe.id, 1),
        forged.save({"name": "Mine"}),
        forged.remove(zoe.id),
        forged.seek("Zoe"),
        forged.remove(hostile),
        forged.answer(hostile, hostile),
        forged.came(hostile, hostile),
        forged.add(hostile),
        arriving.paste({"lines": "Bo"}),
        arriving.paste(hostile),
        arriving.others({"others": "1"}),
        arriving.no_others(),
        opinions.add({"opinion": "5"}),
        opinions.remove(zoe.id),
        opinions.turn(hostile),
    ):
        await deed
    assert (forged.rows, opinions.rows) == ([], [])
    async with tenant_session(market.id) as session:
        (kept,) = (await session.exec(select(Registration))).all()
    assert (kept.name, kept.state) == ("Zoe", "invited")
