"""An invitation is accepted by a plain form, with or without an account."""

import httpx
import pytest
from starlette.applications import Starlette

from app.accounts import actors
from app.accounts.invitations import invite
from app.accounts.permissions import Role
from app.accounts.signing import SESSION_COOKIE, person_of_token, sign_in, sign_up
from app.api.invitations import routes
from app.database import tenant_session
from app.jobs.work import work_off
from app.mail.letters import kept
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.invitations import InvitationState
from tests.database.accounts.test_invitations import TOKEN, letter
from tests.database.state.conftest import tab
from tests.database.state.test_guard import Tabs
from tests.factories import open_market

__all__ = ["tab"]
pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "a long walk at dusk"


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def browser(market: MarketCard, token: str = "") -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Starlette(routes=routes)),
        base_url=f"http://{market.host}",
        cookies={SESSION_COOKIE: token} if token else None,
    )


async def sent(market: MarketCard) -> str:
    # Letters of other tests go first, so that the newest is ours.
    await work_off()
    async with tenant_session(market.id) as session:
        root = actors.system(market.id, "tests")
        await invite(session, root, market, "new@example.com", Role.OPERATOR)
    before = len(kept())
    await work_off()
    assert len(kept()) == before + 1
    found = TOKEN.search(letter())
    assert found is not None
    return found.group(1)


async def member(market: MarketCard, email: str) -> str:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        return await sign_in(session, email, PASSWORD, "")


async def roles(market: MarketCard, token: str) -> frozenset[Role]:
    async with tenant_session(market.id) as session:
        found = await person_of_token(session, token)
    assert found is not None
    return found.roles


async def test_a_new_person_is_signed_in_with_the_role(market: MarketCard):
    here, ticket = browser(market), await sent(market)
    form = {"ticket": ticket, "name": "Ada", "password": "short", "locale": "ru"}
    refused = await here.post("/auth/invitation", data=form)
    assert refused.headers["location"].startswith("/ru/invitation?ticket=")
    assert "error=password_short" in refused.headers["location"]
    # A refused attempt has not used the link up.
    answer = await here.post("/auth/invitation", data=form | {"password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ru/chat")
    assert await roles(market, answer.cookies[SESSION_COOKIE]) == {Role.MEMBER, Role.OPERATOR}


async def test_a_member_who_is_signed_in_has_the_role_at_once(market: MarketCard):
    token, ticket = await member(market, "new@example.com"), await sent(market)
    answer = await browser(market, token).post("/auth/invitation", data={"ticket": ticket})
    assert answer.headers["location"] == "/en/chat"
    assert Role.OPERATOR in await roles(market, token)


async def test_somebody_else_is_told_and_gets_nothing(market: MarketCard):
    token, ticket = await member(market, "other@example.com"), await sent(market)
    answer = await browser(market, token).post("/auth/invitation", data={"ticket": ticket})
    assert "error=invited_other" in answer.headers["location"]
    assert await roles(market, token) == {Role.MEMBER}


async def test_who_has_an_account_must_sign_in_and_cannot_set_a_password_by_the_link(
    market: MarketCard,
):
    await member(market, "new@example.com")
    ticket = await sent(market)
    answer = await browser(market).post(
        "/auth/invitation",
        data={"ticket": ticket, "name": "Eve", "password": "another long walk"},
    )
    assert "error=taken" in answer.headers["location"]
    assert SESSION_COOKIE not in answer.cookies


@pytest.mark.parametrize(
    ("email", "way"),
    [("", "sign_up"), ("new@example.com", "here"), ("other@example.com", "other")],
)
async def test_the_page_shows_the_way_that_is_open(
    market: MarketCard, tab: Tabs, email: str, way: str
):
    token = await member(market, email) if email else ""
    here = tab(market)
    here.visit(f"/en/invitation?ticket={await sent(market)}", token)
    page = await here.of(InvitationState)
    with declaring(Declaration()):
        await page.load()
    assert (page.way, page.email, page.role) == (way, "new@example.com", "operator")


async def test_a_void_link_tells_nothing(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/invitation?ticket=made-up")
    page = await here.of(InvitationState)
    with declaring(Declaration()):
        await page.load()
    assert (page.way, page.email, page.role) == ("void", "", "")
