"""The dashboard agent over a real market: what is near, late, unanswered or over its budget."""

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agents.base import Deps, Request
from agents.checking import checked
from agents.dashboard import Dashboard
from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.database import tenant_session
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from tests.database.budgets.conftest import member
from tests.factories import ROWS, open_market
from tests.shelf import Shelf


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(timezone="UTC")


@pytest.fixture
def dashboard() -> Dashboard:
    embedder = sentence_embedder()
    return Dashboard(Deps(index=Shelf(), embedder=embedder, model=Composer(embedder)))


async def test_it_tells_where_somebody_stands_and_what_comes_next(
    market: MarketCard, dashboard: Dashboard
):
    ada = await member(market)
    today = datetime.now(UTC).date()
    async with tenant_session(market.id) as session:
        event = await ROWS["project"](
            session,
            person_id=ada.id,
            title="Our party",
            day=today + timedelta(days=10),
            budget_amount=100,
            budget_currency="EUR",
        )
        own = {"project_id": event.id}
        await ROWS["project_task"](session, **own, title="Book the hall", state="done")
        cake = await ROWS["project_task"](
            session, **own, title="Taste the cake", due=today + timedelta(days=3)
        )
        order = await ROWS["project_task"](
            session, **own, title="Order it", due=today + timedelta(days=1)
        )
        await ROWS["task_link"](session, task_id=order.id, needs_id=cake.id)
        await ROWS["project_task"](session, **own, title="Invite", due=today - timedelta(days=1))
        money = await ROWS["budget"](session, **own)
        await ROWS["budget_line"](session, budget_id=money.id, planned=Decimal(150))
        for state in ("sent", "sent", "answered"):
            await ROWS["quote_request"](session, person_id=ada.id, state=state)
    request = Request(market, "en", "what next?", intent="overview", person_id=ada.id)
    found = await dashboard.run(request)
    for sentence in (
        "Our party is in 10 days",
        "1 of 4 tasks are done.",
        "1 task is late.",
        "Its budget is €50 over the limit.",
        "2 requests for quotes are unanswered.",
        "You have 1 quote to compare.",
    ):
        assert sentence in found.text
    (block,) = found.blocks
    # What waits for another task comes after it, whatever its date.
    names = [task["name"] for task in block.data["tasks"]]
    assert names == ["Invite", "Taste the cake", "Order it"]
    assert block.url == f"/en/events/{event.id}"
    assert checked(found) == (found, ())
    eve = await member(market, "eve@example.com")
    nothing = await dashboard.run(dataclasses.replace(request, person_id=eve.id))
    assert nothing.text.startswith("You have no events and no requests yet.")
    visitor = await dashboard.run(dataclasses.replace(request, person_id=None))
    assert visitor.text == "Sign in to see your events and requests."


async def test_a_provider_is_told_who_waits_for_a_quote(market: MarketCard, dashboard: Dashboard):
    ada = await member(market)
    assert ada.id is not None
    async with tenant_session(market.id) as session:
        provider = await ROWS["provider"](session)
        system = actors.system(market.id, "tests")
        await give_role(session, system, ada.id, Role.PROVIDER, provider.id)
        await ROWS["quote_request"](session, provider_id=provider.id)
        await ROWS["quote_request"](session)
    request = Request(market, "en", "what next?", intent="overview", person_id=ada.id)
    assert (await dashboard.run(request)).text == "1 customer waits for your quote."
