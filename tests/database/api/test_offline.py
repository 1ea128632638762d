"""What a market says where there is no network, and the worker that keeps it."""

import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app.api.offline import routes
from app.embedded.postgres import Postgres
from app.i18n import translate
from app.markets.directory import MarketCard
from app.rendering import build
from tests.factories import open_market


@pytest.fixture
async def market(database: Postgres) -> MarketCard:
    return await open_market(locales=["ru", "en", "ar"])


@pytest.fixture
async def client(market: MarketCard) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as client:
        yield client


async def test_the_page_speaks_each_language_and_needs_nothing_else(
    client: httpx.AsyncClient, market: MarketCard
):
    for locale, side in (("ru", "ltr"), ("en", "ltr"), ("ar", "rtl")):
        answer = await client.get(f"/offline/{locale}")
        assert f'<html lang="{locale}" dir="{side}">' in answer.text
        assert translate(locale, "You are offline") in answer.text
        assert market.named(locale) in answer.text
        # No file of any kind is asked for, where there is nobody to ask.
        assert not re.search(r"\bsrc=|<script|<link|url\(|@import", answer.text)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (await client.get("/offline/de")).status_code == 404
    assert (await client.get("/offline/..%2Fru")).status_code == 404


async def test_the_worker_keeps_these_pages_the_markets_own_language_first(
    client: httpx.AsyncClient,
):
    answer = await client.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    told = re.search(r"LOCALES = (\[.*?\]);", answer.text)
    assert told
    assert json.loads(told[1]) == ["ru", "en", "ar"]


async def test_a_new_build_and_a_new_market_have_another_worker(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    first = (await client.get("/sw.js")).text
    assert (await client.get("/sw.js")).text == first
    other = await open_market(locales=["ru", "en", "ar"])
    assert (await client.get("/sw.js", headers={"host": other.host})).text != first
    monkeypatch.setattr("app.api.offline.build_served", lambda: "another")
    assert (await client.get("/sw.js")).text != first


async def test_a_host_without_a_market_has_the_programs_own(client: httpx.AsyncClient):
    there = {"host": "nowhere.test"}
    assert "Agora" in (await client.get("/offline/ar", headers=there)).text
    assert '"ar"' in (await client.get("/sw.js", headers=there)).text


def test_the_build_that_is_served_is_known(tmp_path: Path):
    assert build.build_served(tmp_path) == ""
    (tmp_path / "built" / ".web").mkdir(parents=True)
    (tmp_path / "built" / ".web" / "agora-build").write_text("a" * 64)
    assert build.build_served(tmp_path / "built") == "a" * 16
