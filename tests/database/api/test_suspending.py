"""What a suspended market answers: 503 to everybody, save that staff get at their data."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.accounts.actors import system
from app.accounts.permissions import Permission, Role
from app.accounts.roles import give_role
from app.accounts.signing import SESSION_COOKIE, sign_up, start_sign_in
from app.api.suspending import Suspending
from app.database import tenant_session
from app.markets.closing import deed_session, resume, suspend
from app.markets.directory import MarketCard
from app.markets.platform import ensure_platform
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


async def program(scope: Scope, receive: Receive, send: Send) -> None:
    """Everything behind the gate, which answers whatever is asked."""
    await PlainTextResponse(f"let in to {Request(scope).url.path}")(scope, receive, send)


@pytest.fixture
async def closed(database: object) -> MarketCard:
    market = await open_market()
    actor = system((await ensure_platform()).id, "tests", Permission.PLATFORM)
    async with deed_session(market.id) as session:
        await suspend(session, actor)
    return market


@pytest.fixture
async def client(closed: MarketCard) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Suspending(program))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{closed.host}") as client:
        yield client


async def signed_in(market: MarketCard, *roles: Role) -> dict[str, str]:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "ada@example.com", "Ada", "a long walk at dusk", "en")
        for role in roles:
            await give_role(session, system(market.id, "tests"), member.id, role)
        token = await start_sign_in(session, member.id, "")
    return {"cookie": f"{SESSION_COOKIE}={token}"}


@pytest.mark.parametrize("path", ["/ru", "/ru/s/plumber", "/ru/admin", "/", "/sitemap.xml"])
async def test_its_pages_say_in_the_readers_language_that_it_is_closed(
    client: httpx.AsyncClient, path: str
):
    answer = await client.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "3600"
    assert answer.headers["cache-control"] == "no-store"
    said = "Сейчас эта площадка закрыта." if path.startswith("/ru") else "This market is closed"
    assert said in answer.text


@pytest.mark.parametrize("path", ["/api/v1/search?q=tap", "/api/v1/chat", "/_event/?EIO=4"])
async def test_its_api_answers_with_a_problem(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)
    assert answer.status_code == 503
    assert answer.json()["status"] == 503


async def test_its_sockets_are_refused(closed: MarketCard):
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(f"{message['type']} {message.get('code')}")

    scope = {
        "type": "websocket",
        "path": "/_event/",
        "query_string": b"",
        "headers": [(b"host", closed.host.encode())],
    }
    await Suspending(program)(scope, receive, send)
    assert sent == ["websocket.close 1013"]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.ADMIN, "/en/admin/export", 200),
        (Role.ADMIN, "/_event/", 200),
        (Role.ADMIN, "/console/exports/1", 200),
        (Role.ADMIN, "/en", 503),
        (Role.ADMIN, "/en/chat", 503),
        (Role.OPERATOR, "/en/admin/export", 503),
        (Role.OPERATOR, "/_event/", 503),
    ],
)
async def test_staff_who_may_export_reach_the_console_and_nothing_else(
    closed: MarketCard, client: httpx.AsyncClient, role: Role, path: str, status: int
):
    answer = await client.get(path, headers=await signed_in(closed, role))
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/assets/x.js", "/agora.css", "/en/signin"])
async def test_the_way_in_for_staff_stays_open(client: httpx.AsyncClient, path: str):
    assert (await client.get(path)).status_code == 200


async def test_a_resumed_market_and_the_others_answer(closed: MarketCard):
    other = await open_market()
    actor = system((await ensure_platform()).id, "tests", Permission.PLATFORM)
    async with deed_session(closed.id) as session:
        await resume(session, actor)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Suspending(program))) as client:
        for host in (closed.host, other.host, "unknown.example"):
            assert (await client.get(f"http://{host}/en")).status_code == 200
