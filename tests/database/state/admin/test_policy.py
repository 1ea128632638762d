"""The market's rules in the console: changed, refused, undone, and kept apart from editors."""

import pytest
from sqlmodel import select

from app.accounts.permissions import Role
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.markets.directory import MarketCard, forget, market_by_id
from app.markets.policy import Policy
from app.rendering.page import Declaration, declaring
from state.admin.policy import PolicyState
from tests.database.state.admin.test_entry import token_of
from tests.database.state.test_guard import Tabs
from tests.factories import open_market

FORM = {
    "publish_at_once": True,
    "mask_personal_data": True,
    "retention.conversations": "365",
    "retention.anonymous_conversations": "7",
    "retention.sign_ins": "90",
    "retention.jobs": "30",
    "retention.mentions": "730",
    "retention.audit": "1095",
}


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, token: str) -> PolicyState:
    here = tab(market)
    here.visit("/en/admin/policy", token)
    page = await here.of(PolicyState)
    with declaring(Declaration()):
        await page.load()
    return page


async def policy(market: MarketCard) -> Policy:
    forget()
    found = await market_by_id(market.id)
    assert found is not None
    return Policy.of(found.policy)


async def test_a_change_holds_is_noted_and_can_be_undone(market: MarketCard, tab: Tabs):
    page = await opened(market, tab, await token_of(market, Role.ADMIN))
    with declaring(Declaration()):
        await page.save(dict(FORM))
        kept = await policy(market)
        assert kept.publish_at_once
        assert (kept.retention.conversations, kept.retention.anonymous_conversations) == (365, 7)
        await page.undo()
    assert await policy(market) == Policy()
    async with tenant_session(market.id) as session:
        deeds = await session.exec(
            select(AuditEntry).where(AuditEntry.action == "market.policy_changed")
        )
    assert len(deeds.all()) == 2


@pytest.mark.parametrize("days", ["0", "-1", "4000", "x", "", "1e9", "3.5"])
async def test_days_out_of_bounds_change_nothing(market: MarketCard, tab: Tabs, days: str):
    page = await opened(market, tab, await token_of(market, Role.ADMIN))
    with declaring(Declaration()):
        await page.save({**FORM, "retention.audit": days})
    assert page.problem_field == "retention.audit"
    assert await policy(market) == Policy()


async def test_an_operator_can_neither_see_nor_change_it(market: MarketCard, tab: Tabs):
    page = await opened(market, tab, await token_of(market, Role.OPERATOR))
    assert page.terms == []
    with declaring(Declaration()):
        await page.save(dict(FORM))
    assert await policy(market) == Policy()
