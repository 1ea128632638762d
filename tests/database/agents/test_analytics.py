"""The analytics agent over a real market: figures for staff, their own events for members."""

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from agents.analytics import Analytics
from agents.base import Deps, Request
from agents.checking import checked
from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.database import tenant_session
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from tests.database.analytics.test_figures import talk
from tests.database.budgets.conftest import member
from tests.factories import ROWS, open_market
from tests.shelf import Shelf


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
def analytics() -> Analytics:
    embedder = sentence_embedder()
    return Analytics(Deps(index=Shelf(), embedder=embedder, model=Composer(embedder)))


async def operator(market: MarketCard) -> UUID:
    one = await member(market, "op@example.com")
    assert one.id is not None
    async with tenant_session(market.id) as session:
        await give_role(session, actors.system(market.id, "tests"), one.id, Role.OPERATOR)
    return one.id


def asking(market: MarketCard, person_id: UUID | None, message: str) -> Request:
    return Request(market, "en", message, intent="analyze_conversion", person_id=person_id)


async def test_staff_are_told_the_funnel_with_a_chart(market: MarketCard, analytics: Analytics):
    yesterday = datetime.now(UTC) - timedelta(days=2)
    async with tenant_session(market.id) as session:
        for number in range(4):
            await talk(session, offered=number < 2, requested=number < 1, at=yesterday)
    found = await analytics.run(asking(market, await operator(market), "where do we lose people?"))
    assert found.text.startswith("Of 4 conversations in the last 90 days 0 led to a quote: 0%")
    assert "between “Asked something” (4) and “Were shown an offer” (2)" in found.text
    (chart,) = found.blocks
    assert chart.data["series"][0]["values"] == ["4", "2", "1", "0"]
    assert checked(found) == (found, ())


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("forecast next month", "There are not enough days with conversations yet"),
        ("anything unusual?", "There is not enough yet to say what is unusual."),
        ("test the hypotheses", "Of 6 hypotheses there is enough data for 0"),
        ("show the funnel", "Nobody asked anything in the last 90 days."),
    ],
)
async def test_an_empty_market_is_said_to_be_empty(
    market: MarketCard, analytics: Analytics, message: str, told: str
):
    found = await analytics.run(asking(market, await operator(market), message))
    assert found.text.startswith(told)


async def test_members_are_told_of_their_own_event_and_visitors_to_sign_in(
    market: MarketCard, analytics: Analytics
):
    ada = await member(market)
    async with tenant_session(market.id) as session:
        event = await ROWS["project"](session, person_id=ada.id, state="completed", title="Gala")
        money = await ROWS["budget"](session, project_id=event.id)
        await ROWS["budget_line"](session, budget_id=money.id, actual=Decimal(400))
        await ROWS["event_income"](session, project_id=event.id)
        await ROWS["guest_feedback"](session, project_id=event.id, rating=4)
        await talk(session, offered=True)
    request = asking(market, ada.id, "show the conversion funnel")
    found = await analytics.run(request)
    assert found.text == ("Gala: €400 spent and €500 earned, a return of 25%. 1 rating, 4 of 5.")
    eve = await member(market, "eve@example.com")
    nothing = await analytics.run(dataclasses.replace(request, person_id=eve.id))
    assert nothing.text == "You have no event yet that could be looked at."
    visitor = await analytics.run(dataclasses.replace(request, person_id=None))
    assert visitor.text == "Sign in to see how your events did."


async def test_staff_without_the_second_factor_are_members(
    market: MarketCard, analytics: Analytics
):
    asked = asking(market, await operator(market), "show the funnel")
    strict = dataclasses.replace(market, policy={"second_factor": True})
    found = await analytics.run(dataclasses.replace(asked, market=strict))
    assert found.text == "You have no event yet that could be looked at."
    proved = dataclasses.replace(asked, market=strict, access=("public", "members", "staff"))
    assert (await analytics.run(proved)).text.startswith("Nobody asked anything")
