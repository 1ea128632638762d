"""A market whose people prepare events."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.accounts.signing import sign_up
from app.database import TenantSession, tenant_session
from app.markets.directory import MarketCard
from app.projects.keeping import create_project, today_in
from app.projects.models import Project
from tests.factories import open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def ada(market: MarketCard) -> Actor:
    return await somebody(market, "ada@example.com")


@pytest.fixture
async def grace(market: MarketCard) -> Actor:
    return await somebody(market, "grace@example.com")


@pytest.fixture
def key(market: MarketCard) -> Actor:
    """An API key that may prepare the market's own events."""
    held = frozenset({Permission.RUN_PROJECTS})
    return Actor(market.id, kind="key", permissions=held)


async def somebody(market: MarketCard, email: str) -> Actor:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, email, "Ada", "a long walk at dusk", "en")
    return actors.person(market.id, member)


def ahead(market: MarketCard, days: int) -> date:
    return today_in(market) + timedelta(days=days)


async def a_wedding(
    session: TenantSession, actor: Actor, market: MarketCard, **more: Any
) -> Project:
    told = {"kind": "wedding", "day": ahead(market, 400), "guests": 80, **more}
    return await create_project(session, actor, market, told)
