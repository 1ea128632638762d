"""The console's people: what staff can do there, and what a forged event cannot."""

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.models import Person, Ticket
from app.accounts.permissions import Role
from app.accounts.roles import give_role, roles_of
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.errors import NotAllowed
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.people import PeopleState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market, person


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, *roles: Role) -> tuple[Tab, PeopleState]:
    """The page as a person with these roles has it open."""
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
    here = tab(market)
    here.visit("/en/admin/people", token)
    page = await here.of(PeopleState)
    with declaring(Declaration()):
        await page.load()
    return here, page


async def other(market: MarketCard) -> str:
    async with tenant_session(market.id) as session:
        return str((await person(session, name="Ada", email="ada@example.com")).id)


async def test_an_admin_gives_a_role_and_the_row_shows_it(market: MarketCard, tab: Tabs):
    ada = await other(market)
    here, page = await opened(market, tab, Role.ADMIN)
    await page.set_role(ada, "operator", True)
    row = next(one for one in page.rows if one.id == ada)
    assert row.operator
    assert row.roles == "operator"
    assert (await here.of(AdminState)).notice_kind == "done"


async def test_an_operator_sees_people_and_changes_none(market: MarketCard, tab: Tabs):
    ada = await other(market)
    here, page = await opened(market, tab, Role.OPERATOR)
    assert {one.id for one in page.rows} >= {ada}
    assert not any(one.reachable or one.heir for one in page.rows)
    assert page.offered == []
    for deed in (
        page.set_role(ada, "operator", True),
        page.suspend(ada),
        page.transfer(ada),
        page.invite({"email": "new@example.com", "role": "operator"}),
    ):
        await deed
        assert (await here.of(AdminState)).notice_kind == "wrong"
    async with tenant_session(market.id) as session:
        held = (await session.exec(select(Person).where(Person.name == "Ada"))).one()
        assert await roles_of(session, held.id) == {Role.MEMBER}
        assert held.suspended_at is None
        assert (await session.exec(select(Ticket))).all() == []


async def test_a_member_is_shown_nothing(market: MarketCard, tab: Tabs):
    ada = await other(market)
    _here, page = await opened(market, tab)
    assert (page.rows, page.loaded) == ([], False)
    with pytest.raises(NotAllowed):
        await page.search({"words": "ada"})
    assert ada not in str(page.rows)


@pytest.mark.parametrize("forged", ["", "1", "../", {"a": 1}, None, ["x"]])
async def test_forged_payloads_change_nothing_and_break_nothing(
    market: MarketCard, tab: Tabs, forged: object
):
    ada = await other(market)
    here, page = await opened(market, tab, Role.OWNER)
    wild: dict[str, object] = {"words": forged, "role": forged, "email": forged, "locale": forged}
    await page.search(wild)
    await page.invite(wild)
    assert (await here.of(AdminState)).notice_kind == "wrong"
    await page.set_role(ada, forged, True)  # pyright: ignore[reportArgumentType]
    await page.set_role(ada, "owner", True)
    await page.set_role(forged, "operator", True)  # pyright: ignore[reportArgumentType]
    await page.suspend(forged)  # pyright: ignore[reportArgumentType]
    assert (await here.of(AdminState)).notice_kind == "wrong"
    assert not any(one.suspended or one.operator for one in page.rows)


async def test_an_invitation_is_listed_and_can_be_made_void(market: MarketCard, tab: Tabs):
    _here, page = await opened(market, tab, Role.ADMIN)
    await page.invite({"email": " New@Example.com ", "role": "operator", "locale": "ru"})
    (sent,) = page.invitations
    assert (sent.email, sent.role, sent.state) == ("new@example.com", "operator", "waiting")
    await page.revoke(sent.id)
    assert [one.state for one in page.invitations] == ["revoked"]


async def test_who_hands_the_market_over_can_do_it_once(market: MarketCard, tab: Tabs):
    ada = await other(market)
    here, page = await opened(market, tab, Role.OWNER)
    await page.set_role(ada, "admin", True)
    assert next(one for one in page.rows if one.id == ada).heir
    await page.transfer(ada)
    assert (await here.of(AdminState)).notice_kind == "done"
    assert not any(one.heir for one in page.rows)
    await page.transfer(ada)
    assert (await here.of(AdminState)).notice_kind == "wrong"
