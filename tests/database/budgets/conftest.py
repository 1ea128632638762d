"""A member of a fresh market with an event of their own."""

from uuid import UUID

import pytest

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.signing import sign_up
from app.database import tenant_session
from app.embedded.postgres import Postgres
from app.markets.directory import MarketCard
from tests.factories import open_market
from tests.project_rows import project


@pytest.fixture
async def market(database: Postgres) -> MarketCard:
    return await open_market()


async def member(market: MarketCard, email: str = "ada@example.com") -> Actor:
    """Somebody with an account."""
    async with tenant_session(market.id) as session:
        told = await sign_up(session, email, "Ada", "a long walk at dusk", "en")
    return actors.person(market.id, told)


@pytest.fixture
async def ada(market: MarketCard) -> Actor:
    return await member(market)


@pytest.fixture
async def event(market: MarketCard, ada: Actor) -> UUID:
    """Ada's wedding for sixty, with a limit of 10,000 euros."""
    async with tenant_session(market.id) as session:
        made = await project(
            session, person_id=ada.id, guests=60, budget_amount=10_000, budget_currency="EUR"
        )
        return made.id
