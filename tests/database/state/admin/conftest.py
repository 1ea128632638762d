"""Somebody of the staff in a tab of the console."""

from collections.abc import Awaitable, Callable

import pytest

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import provider

Staffed = Callable[..., Awaitable[Tab]]


@pytest.fixture
def staffed(tab: Tabs) -> Staffed:
    """`await staffed(market, "/en/admin/brand")`: a tab of a person with the role."""

    async def opened(
        market: MarketCard, path: str, role: Role = Role.ADMIN, email: str = "ada@example.com"
    ) -> Tab:
        async with tenant_session(market.id) as session:
            one = await sign_up(session, email, "Ada", PASSWORD, "en")
            of = (await provider(session)).id if role is Role.PROVIDER else None
            await give_role(session, actors.system(market.id, "tests"), one.id, role, of)
            token = await sign_in(session, email, PASSWORD, "")
        here = tab(market)
        here.visit(path, token)
        return here

    return opened
