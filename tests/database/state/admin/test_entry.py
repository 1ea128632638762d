"""The console opens to those who may, says 403 to members, and sends visitors to sign in."""

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.models import Person
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.overview import OverviewState
from state.page import PageState
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def token_of(market: MarketCard, *roles: Role) -> str:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "ada@example.com", "Ada", PASSWORD, "en")
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), member.id, role)
        return await sign_in(session, "ada@example.com", PASSWORD, "")


async def test_a_visitor_is_sent_to_sign_in(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/admin")
    refusal = await here.guarded(OverviewState.load)
    assert refusal is not None
    assert refusal.events[0].payload["path"] == "/en/signin?next=/en/admin"


async def test_a_member_reads_why_they_may_not(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/ru/admin", await token_of(market))
    assert await here.guarded(OverviewState.load) is None
    with declaring(Declaration()) as declared:
        await (await here.of(OverviewState)).load()
    assert declared.status == 403
    page = await here.of(PageState)
    assert page.refusal == "У вас нет на это прав."
    assert not (await here.of(OverviewState)).loaded


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
async def test_staff_enters_and_sees_where_it_is(market: MarketCard, tab: Tabs, role: Role):
    here = tab(market)
    here.visit("/en/admin", await token_of(market, role))
    with declaring(Declaration()) as declared:
        await (await here.of(OverviewState)).load()
    assert declared.status == 200
    # What a person of the staff sees is nobody else's.
    assert not declared.is_public
    page = await here.of(PageState)
    assert (page.refusal, [crumb.href for crumb in page.crumbs]) == ("", ["/en", ""])
    assert (await here.of(AdminState)).place == ""


async def test_a_refusal_does_not_outlive_its_page(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/admin", await token_of(market))
    await (await here.of(OverviewState)).load()
    assert (await here.of(PageState)).refusal
    async with tenant_session(market.id) as session:
        actor = actors.system(market.id, "tests")
        (found,) = (await session.exec(select(Person.id))).all()
        await give_role(session, actor, found, Role.ADMIN)
    await (await here.of(OverviewState)).load()
    assert (await here.of(PageState)).refusal == ""
