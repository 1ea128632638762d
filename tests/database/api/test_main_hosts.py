"""Public pages have one address: under a market's other hosts they lead to the main one."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import httpx
import pytest
from sqlmodel import select
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.accounts.actors import system
from app.accounts.permissions import Permission
from app.api.main_hosts import OnMainHost
from app.database import platform_session, tenant_session
from app.markets import directory
from app.markets.directory import MarketCard
from app.markets.hosts import make_main
from app.markets.models import MarketHost
from app.settings import settings
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


async def program(scope: Scope, receive: Receive, send: Send) -> None:
    """Everything behind, which answers whatever is asked."""
    await PlainTextResponse("here")(scope, receive, send)


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(OnMainHost(program))
    async with httpx.AsyncClient(transport=transport, base_url="http://unused") as opened:
        yield opened


async def opened(*, main: str = "given") -> tuple[MarketCard, str, str]:
    """A market, the host that the platform gave it, and a domain of its own; one is the main."""
    market = await open_market()
    given, own = market.host, f"{market.key}.example"
    async with platform_session(market.id) as session:
        session.add(MarketHost(host=own, tenant_id=market.id, verified_at=datetime.now(UTC)))
    async with tenant_session(market.id) as session:
        staff = system(market.id, "test", Permission.HOSTS)
        await make_main(session, staff, own if main == "own" else given)
    directory.forget()
    return market, given, own


async def ask(
    client: httpx.AsyncClient, host: str, path: str, method: str = "GET"
) -> httpx.Response:
    return await client.request(method, f"http://{host}{path}")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en",
        "/en/",
        "/ru/s/tap?a=1&b=%D1%8F",
        "/en/c/craft-plumber/riga",
        "/en/help",
        "/en/search?q=a+b",
        "/en/p/%D1%8F%2F",
    ],
)
async def test_a_public_page_leads_to_the_same_page_on_the_main_host(
    client: httpx.AsyncClient, path: str, method: str
):
    _market, given, own = await opened(main="own")
    answer = await ask(client, given, path, method)
    assert answer.status_code == 301
    assert answer.headers["location"] == settings().origin(own) + path
    # There it is answered.
    assert (await ask(client, own, path, method)).status_code == 200
    assert (await ask(client, f"{own.upper()}:8000", path, method)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/search?q=tap",
        "/v1/models",
        "/ws/chat",
        "/_event",
        "/auth/signout",
        "/en/signin",
        "/en/account",
        "/en/chat",
        "/en/office",
        "/en/admin/hosts",
        "/console/markets",
        "/widget.js",
        "/files/logo/x",
        "/assets/x.js",
        "/robots.txt",
        "/sitemap.xml",
        "/healthz",
        "/xx/s/tap",
        "/en/nothing",
    ],
)
async def test_everything_else_is_answered_where_it_is_asked(client: httpx.AsyncClient, path: str):
    _market, given, _own = await opened(main="own")
    assert (await ask(client, given, path)).text == "here"


async def test_nothing_that_is_sent_is_led_on(client: httpx.AsyncClient):
    _market, given, _own = await opened(main="own")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert (await ask(client, given, "/en", method)).text == "here"


async def test_no_path_leads_to_another_host(client: httpx.AsyncClient):
    _market, given, own = await opened(main="own")
    for path in ("//evil.example", "//evil.example/en", "/en/..//evil.example", "/@evil.example"):
        answer = await ask(client, given, path)
        to = answer.headers.get("location", "")
        assert not to or httpx.URL(to).host == own


async def test_nobody_is_led_to_a_name_of_this_machine(client: httpx.AsyncClient):
    _market, _given, own = await opened()
    assert (await ask(client, own, "/en")).text == "here"


async def test_without_a_main_host_nobody_is_led_anywhere(client: httpx.AsyncClient):
    market = await open_market(host=f"zz{datetime.now(UTC).timestamp():.0f}.example")
    async with platform_session(market.id) as session:
        for host in await session.exec(select(MarketHost).where(MarketHost.tenant_id == market.id)):
            host.main = False
        session.add(MarketHost(host=f"a.{market.host}", tenant_id=market.id))
    directory.forget()
    assert (await ask(client, market.host, "/en")).text == "here"


async def test_an_unknown_host_is_led_nowhere(client: httpx.AsyncClient):
    assert (await ask(client, "stranger.example", "/en")).text == "here"
