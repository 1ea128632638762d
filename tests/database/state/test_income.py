"""The income of an event on the page of its budget."""

from decimal import Decimal
from uuid import UUID

from app.analytics.returns import return_of
from app.markets.directory import MarketCard
from state.admin.entry import acting
from state.budgets import BudgetState
from state.projects.income import IncomeState
from tests.database.state.test_budgets import HALL, event, load, market, opened
from tests.database.state.test_guard import Tabs

__all__ = ["event", "market"]


async def test_income_is_written_down_summed_and_taken_away(
    market: MarketCard, event: UUID, tab: Tabs
):
    here = await opened(market, tab, event)
    page, income = await here.of(BudgetState), await here.of(IncomeState)
    await load(page)
    assert (income.rows, income.total, income.currency) == ([], "", "EUR")
    await page.make({"total": ""})
    await page.save(HALL | {"actual": "1000"})
    told = {
        "source": "tickets",
        "amount": "1.200,50",
        "income_title": "The evening",
        "received": "2026-06-12",
    }
    await income.add(told)
    await income.add({"source": "sponsors", "amount": "99,50"})
    assert [(one.source, one.title, one.amount) for one in income.rows] == [
        ("Eintrittskarten", "The evening", "1.200,50\xa0€"),
        ("Sponsoren", "", "99,50\xa0€"),
    ]
    assert income.total == "1.300\xa0€"
    actor = (await acting(page)).actor
    assert (await return_of(market, actor, event)).revenue == 1300
    for wrong, field in (
        ({"source": "tickets", "amount": "0"}, "amount"),
        ({"source": "tickets", "amount": "many"}, "amount"),
        ({"source": "lottery", "amount": "5"}, "source"),
        ({"source": "tickets", "amount": "5", "received": "soon"}, "received"),
    ):
        await income.add(wrong)
        assert income.problem_field == field
        assert income.problem
    assert len(income.rows) == 2
    await income.remove(income.rows[0].id)
    assert [one.source for one in income.rows] == ["Sponsoren"]
    assert (await return_of(market, actor, event)).revenue == Decimal("99.50")
