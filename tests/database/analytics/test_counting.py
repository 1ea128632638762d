"""What is counted as it happens: by market and day, robots left out, nothing lost on the way."""

from collections.abc import Generator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.accounts.actors import system
from app.accounts.permissions import Permission
from app.analytics import counting
from app.analytics.counting import count, write_down
from app.analytics.metrics import daily
from app.analytics.models import DayCount
from app.analytics.spans import Span
from app.api.counting import Counted
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def nothing_gathered() -> Generator[None]:
    counting._gathered.clear()
    yield
    counting._gathered.clear()


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def numbers(market: MarketCard) -> dict[str, int]:
    async with tenant_session(market.id) as session:
        return {one.kind: one.number for one in await session.exec(select(DayCount))}


async def test_each_market_has_its_own_counts_which_grow(market: MarketCard):
    other = await open_market()
    count(market, "page_views")
    count(market, "page_views")
    count(other, "searches")
    await write_down()
    await write_down()
    assert (await numbers(market), await numbers(other)) == ({"page_views": 2}, {"searches": 1})
    count(market, "page_views")
    count(market, "searches")
    await write_down()
    assert await numbers(market) == {"page_views": 3, "searches": 1}


async def test_a_day_is_the_markets_own(market: MarketCard):
    count(market, "page_views")
    await write_down()
    today = datetime.now(ZoneInfo(market.timezone)).date()
    span = Span(today - timedelta(days=1), today, market.timezone)
    actor = system(market.id, "tests", Permission.SEE_FIGURES)
    async with tenant_session(market.id) as session:
        found = await daily(session, actor, span, ("page_views", "searches"))
    assert found == {"page_views": [0, 1], "searches": [0, 0]}


async def test_what_cannot_be_written_is_written_later_and_a_lost_market_holds_up_nobody(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    async def away(*_: Any) -> None:
        raise OSError("the database is away")

    count(market, "page_views")
    with monkeypatch.context() as patched:
        patched.setattr(counting, "_add", away)
        await write_down()
    counting._gathered[uuid4(), date(2026, 1, 1), "searches"] = 5
    await write_down()
    assert await numbers(market) == {"page_views": 1}
    assert not counting._gathered


async def answer(request: Request) -> Response:
    if "missing" in request.url.path:
        return HTMLResponse("none", status_code=404)
    return PlainTextResponse("a file") if "file" in request.url.path else HTMLResponse("a page")


SHOWN: list[tuple[str, dict[str, str], dict[str, int]]] = [
    ("/en", {}, {"page_views": 1}),
    ("/en/c/craft-plumber", {}, {"page_views": 1}),
    ("/en/search?q=tap", {}, {"page_views": 1, "searches": 1}),
    ("/en/search?q=", {}, {"page_views": 1}),
    ("/en/search", {}, {"page_views": 1}),
    ("/en/c/missing", {}, {}),
    ("/en/s/file", {}, {}),
    ("/en/admin", {}, {}),
    ("/api/v1/search?q=tap", {}, {}),
    ("/en", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, {}),
    ("/en", {"user-agent": "Baiduspider"}, {}),
    ("/en", {"sec-purpose": "prefetch;prerender"}, {}),
    ("/en", {"host": "nobody.example"}, {}),
]


@pytest.mark.parametrize(("address", "headers", "counted"), SHOWN)
async def test_pages_are_counted_that_people_are_shown(
    market: MarketCard, address: str, headers: dict[str, str], counted: dict[str, int]
):
    program = Counted(Starlette(routes=[Route("/{path:path}", answer)]))
    transport = httpx.ASGITransport(app=program)
    browser = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as client:
        await client.get(address, headers=browser | headers)
        await client.head(address, headers=browser | headers)
    assert {kind: number for (_, _, kind), number in counting._gathered.items()} == counted
    assert {key[0] for key in counting._gathered} <= {market.id}
