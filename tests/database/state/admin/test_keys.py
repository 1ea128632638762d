"""The console's API keys: shown once, in no var, and revoked for good."""

import json

import pytest

from app.accounts import actors
from app.accounts.keys.issuing import actor_of_key
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.keys import SCOPE_NAMES, KeysState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market

FORM = {"name": "CRM", "life": "90", "scope market.read": "on", "scope people.see": "on"}


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, *roles: Role) -> tuple[Tab, KeysState]:
    """The page as a person with these roles has it open."""
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
    here = tab(market)
    here.visit("/en/admin/keys", token)
    page = await here.of(KeysState)
    with declaring(Declaration()):
        await page.load()
    return here, page


def shown(event: object) -> str:
    """The key that a script shows."""
    script = str(event.args)  # pyright: ignore[reportAttributeAccessIssue]
    return "agora_" + script.partition("agora_")[2][: 12 + 1 + 43]


async def test_a_key_is_shown_once_and_stays_in_no_var(market: MarketCard, tab: Tabs):
    here, page = await opened(market, tab, Role.ADMIN)
    assert {one.value for one in page.scopes} == {str(scope) for scope in SCOPE_NAMES}
    key = shown(await page.make(FORM))
    async with tenant_session(market.id) as session:
        actor = await actor_of_key(session, key)
    assert actor is not None
    assert actor.permissions == {"market.read", "people.see"}
    assert key[-43:] not in json.dumps(here.root.dict(), default=str)
    (row,) = page.rows
    assert (row.name, row.state) == ("CRM", "good")
    assert row.until
    await page.revoke(row.id)
    assert page.rows[0].state == "revoked"
    async with tenant_session(market.id) as session:
        assert await actor_of_key(session, key) is None


async def test_an_operator_makes_none(market: MarketCard, tab: Tabs):
    here, page = await opened(market, tab, Role.OPERATOR)
    assert not page.loaded
    assert await page.make(FORM) is None
    await page.rotate_signing_key()
    assert (await here.of(AdminState)).notice_kind == "wrong"


@pytest.mark.parametrize("forged", ["", "1", {"a": 1}, None, ["x"], 5])
async def test_forged_payloads_make_nothing_and_break_nothing(
    market: MarketCard, tab: Tabs, forged: object
):
    here, page = await opened(market, tab, Role.OWNER)
    await page.make({"name": forged, "life": forged, "scope market.read": forged})
    await page.make({**FORM, "life": forged} if forged != "" else {})
    await page.make({"name": "x", "life": "90", "scope keys.manage": "on"})
    assert (await here.of(AdminState)).notice_kind == "wrong"
    await page.revoke(forged)  # pyright: ignore[reportArgumentType]
    assert page.rows == []
