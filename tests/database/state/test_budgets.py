"""The page of a budget: what its owner changes and takes back, and what nobody else can reach."""

from typing import Any
from uuid import UUID

import pytest

from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.budgets import BudgetState
from state.page import PageState
from tests.database.budgets.conftest import member
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market
from tests.project_rows import project

HALL = {"category": "venue", "title": "The hall", "planned": "1.200,50", "actual": ""}


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(locales=["en", "de"])


@pytest.fixture
async def event(market: MarketCard) -> UUID:
    """Ada's event, with a limit of 2,000 euros."""
    async with tenant_session(market.id) as session:
        ada = await sign_up(session, "ada@example.com", "Ada", PASSWORD, "de")
        told = {"budget_amount": 2000, "budget_currency": "EUR"}
        return (await project(session, person_id=ada.id, **told)).id


async def opened(market: MarketCard, tab: Tabs, event: UUID, email: str = "ada@example.com") -> Tab:
    """A tab of somebody on the budget's page, in German."""
    async with tenant_session(market.id) as session:
        token = await sign_in(session, email, PASSWORD, "")
    found = tab(market)
    found.visit(f"/de/events/{event}/budget", token)
    return found


async def load(page: Any) -> None:
    with declaring(Declaration()):
        await page.load()


async def test_a_budget_is_begun_changed_and_taken_back(market: MarketCard, event: UUID, tab: Tabs):
    here = await opened(market, tab, event)
    page = await here.of(BudgetState)
    await load(page)
    assert (page.ready, page.exists, page.limit_field) == (True, False, "2000,00")
    await page.make({"total": ""})
    assert page.exists
    await page.save(HALL)
    (row,) = page.rows
    assert (row.planned, row.planned_money, row.category_name) == (
        "1200,50",
        "1.200,50\xa0€",
        "Veranstaltungsort",
    )
    await page.save(HALL | {"id": row.id, "actual": "2100", "paid": "on"})
    assert (page.rows[0].over, page.over_limit) == ("899,50\xa0€", "100\xa0€")
    (bar,) = page.bars
    assert (bar.expected_length, bar.over_length) == (100.0, 42.83)
    assert bar.within_length + bar.over_length == pytest.approx(100, abs=0.02)
    await page.remove(row.id)
    assert (page.rows, page.bars) == ([], [])
    await page.undo()
    assert [(one.title, one.actual, one.paid) for one in page.rows] == [
        ("The hall", "2100,00", True)
    ]
    before = page.version
    await page.undo()
    assert page.version == before


async def test_a_total_is_divided_to_the_cent(market: MarketCard, event: UUID, tab: Tabs):
    page = await (await opened(market, tab, event)).of(BudgetState)
    await load(page)
    await page.make({"total": "1.999,99"})
    assert page.planned == "1.999,99\xa0€"
    assert len(page.bars) == len(page.rows) > 5


async def test_a_refused_line_says_so_beside_it(market: MarketCard, event: UUID, tab: Tabs):
    page = await (await opened(market, tab, event)).of(BudgetState)
    await load(page)
    await page.make({})
    await page.save(HALL | {"planned": "viel"})
    assert (page.problem_line, page.problem_field) == ("new", "planned")
    assert page.problem.startswith("Hier gehört eine Zahl")
    assert page.rows == []


async def test_a_change_by_somebody_else_is_shown_and_not_lost(
    market: MarketCard, event: UUID, tab: Tabs
):
    first = await (await opened(market, tab, event)).of(BudgetState)
    await load(first)
    await first.make({})
    second_tab = await opened(market, tab, event)
    second = await second_tab.of(BudgetState)
    await load(second)
    await first.save(HALL)
    await second.save(HALL | {"title": "The barn"})
    assert [row.title for row in second.rows] == ["The hall"]
    assert (await second_tab.of(AdminState)).notice_kind == "wrong"


@pytest.mark.parametrize("forged", ["", "x", 7, None, ["a"], {"a": 1}])
async def test_forged_payloads_change_nothing(
    market: MarketCard, event: UUID, tab: Tabs, forged: Any
):
    page = await (await opened(market, tab, event)).of(BudgetState)
    await load(page)
    await page.make({"total": "100"})
    rows = page.rows
    await page.save(forged)
    await page.save(dict.fromkeys(("id", "title", "planned", "category", "paid"), forged))
    await page.remove(forged)
    await page.make(forged)
    await load(page)
    assert page.rows == rows


async def test_somebody_else_sees_and_changes_nothing(market: MarketCard, event: UUID, tab: Tabs):
    page = await (await opened(market, tab, event)).of(BudgetState)
    await load(page)
    await page.make({})
    await page.save(HALL)
    await member(market, "eve@example.com")
    their_tab = await opened(market, tab, event, "eve@example.com")
    theirs = await their_tab.of(BudgetState)
    await load(theirs)
    assert (theirs.ready, theirs.rows) == (False, [])
    assert (await their_tab.of(PageState)).refusal
    theirs.project_id, theirs.version = str(event), page.version
    await theirs.save(HALL)
    await theirs.remove(page.rows[0].id)
    await theirs.make({})
    assert theirs.rows == []
    await load(page)
    assert [row.title for row in page.rows] == ["The hall"]
