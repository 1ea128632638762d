"""The finance agent over a real market: advice from its prices, and the person's own budget."""

import dataclasses
from decimal import Decimal

import pytest

from agents.base import Deps, Request
from agents.finance import Finance
from app.budgets.inputs import LineInput
from app.budgets.keeping import create_budget
from app.database import tenant_session
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from tests.database.budgets.conftest import member
from tests.factories import listing, open_market
from tests.project_rows import project
from tests.shelf import Shelf


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


def finance(shelf: Shelf) -> Finance:
    embedder = sentence_embedder()
    return Finance(Deps(index=shelf, embedder=embedder, model=Composer(embedder)))


async def test_advice_rests_on_the_markets_own_prices(market: MarketCard):
    shelf = Shelf()
    told = {"price_currency": "EUR", "price_unit": "hour"}
    async with tenant_session(market.id) as session:
        for amount in (10, 20, 30, 40):
            one = await listing(session, price_amount=Decimal(amount), **told)
        shelf.hits["listing"] = [Hit("listing", one.id, 0.9)]
    request = Request(market, "en", "What should a plumber charge?", intent="optimize_pricing")
    few = await finance(shelf).run(request)
    assert few.text == "There are 4 comparable prices for Plumber per hour, too few to advise by."
    async with tenant_session(market.id) as session:
        await listing(session, price_amount=Decimal(50), **told)
    found = await finance(shelf).run(request)
    assert "between €20 and €40; the median is €30" in found.text
    assert found.text.startswith("Of 5 comparable prices")


async def test_a_person_is_told_of_their_own_budget_and_nobody_elses(market: MarketCard):
    ada, eve = await member(market), await member(market, "eve@example.com")
    async with tenant_session(market.id) as session:
        event = await project(
            session, person_id=ada.id, budget_amount=1000, budget_currency="EUR", title="Our party"
        )
        hall = LineInput("venue", "The hall", Decimal(900), Decimal(1200), paid=True)
        await create_budget(session, ada, market, event.id, [hall])
    asked = Request(market, "en", "How is my budget?", intent="manage_budget", person_id=ada.id)
    found = await finance(Shelf()).run(asked)
    assert found.text == (
        "Our party: €900 planned, €1,200 expected, €1,200 paid."
        " This is €200 over the event's limit of €1,000."
    )
    (block,) = found.blocks
    assert block.url == f"/en/events/{event.id}/budget"
    assert block.data["lines"] == [{"name": "The hall", "planned": "900.00", "actual": "1200.00"}]
    for other in (eve.id, None):
        nothing = await finance(Shelf()).run(dataclasses.replace(asked, person_id=other))
        assert (nothing.text, nothing.blocks, nothing.asks) == ("", (), ("money",))
