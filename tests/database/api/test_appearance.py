"""The manifest and the icons of a market, as a browser asks for them."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from starlette.applications import Starlette

from app.api.appearance import SIZES, routes
from app.embedded.postgres import Postgres
from app.markets.directory import MarketCard
from tests.factories import open_market


@pytest.fixture
async def client(database: Postgres) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://nowhere.test") as client:
        yield client


@pytest.fixture
async def market(database: Postgres) -> MarketCard:
    return await open_market()


async def test_the_manifest_speaks_the_language_that_is_asked_for(
    client: httpx.AsyncClient, market: MarketCard
):
    here = {"host": market.host}
    for locale in market.locales:
        answer = await client.get(f"/manifest.webmanifest?locale={locale}", headers=here)
        assert answer.headers["content-type"] == "application/manifest+json"
        told = answer.json()
        assert (told["name"], told["lang"]) == (market.named(locale), locale)
        assert told["start_url"] == f"/{locale}"
        assert {one["url"] for one in told["shortcuts"]} == {f"/{locale}/chat", f"/{locale}/search"}
    for unknown in ("", "xx", "../x"):
        told = (
            await client.get("/manifest.webmanifest", params={"locale": unknown}, headers=here)
        ).json()
        assert told["lang"] == market.default_locale


async def test_every_icon_of_the_manifest_is_there(client: httpx.AsyncClient, market: MarketCard):
    here = {"host": market.host}
    told = (await client.get("/manifest.webmanifest", headers=here)).json()
    assert {"any", "maskable"} == {one.get("purpose", "any") for one in told["icons"]}
    for one in told["icons"]:
        answer = await client.get(one["src"], headers=here)
        assert (answer.status_code, answer.headers["content-type"]) == (200, one["type"])
    assert (await client.get("/icon-100000.png", headers=here)).status_code == 404
    assert 512 in SIZES


async def test_a_host_without_a_market_has_the_platforms_look(client: httpx.AsyncClient):
    told = (await client.get("/manifest.webmanifest?locale=ar")).json()
    assert (told["name"], told["lang"], told["dir"]) == ("Agora", "ar", "rtl")
    assert "shortcuts" not in told
    assert "#1f6f5c" in (await client.get("/icon.svg")).text
