"""Mentions over HTTP: who may, what is told, and how much at once."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app.accounts import actors
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered
from tests.database.social.conftest import told
from tests.social_rows import mention

PATH = "/api/v1/social/mentions"


async def headers_of(market: MarketCard, *scopes: Permission) -> dict[str, str]:
    async with tenant_session(market.id) as session:
        key = await make_key(session, actors.system(market.id, "test"), "test", list(scopes))
    return bearer(key.secret)


@pytest.fixture
async def crawler(market: MarketCard, browser: Browser) -> AsyncGenerator[httpx.AsyncClient]:
    """A program that brings mentions in."""
    async with browser(market) as made:
        made.headers.update(await headers_of(market, Permission.WRITE_MENTIONS))
        yield made


@pytest.fixture
async def reader(market: MarketCard, browser: Browser) -> AsyncGenerator[httpx.AsyncClient]:
    """A program that may see figures."""
    async with browser(market) as made:
        made.headers.update(await headers_of(market, Permission.SEE_FIGURES))
        yield made


async def test_a_batch_is_taken_in_once_and_can_be_read(
    crawler: httpx.AsyncClient, reader: httpx.AsyncClient
):
    batch = {"mentions": [told(1, author="Bea"), told(2, published_at="yesterday")]}
    first = await crawler.post(PATH, json=batch)
    assert (first.status_code, first.json()["created"]) == (200, 1)
    assert [one["index"] for one in first.json()["refused"]] == [1]
    again = await crawler.post(PATH, json=batch)
    assert (again.json()["created"], again.json()["unchanged"]) == (0, 1)
    found = (await reader.get(PATH, params={"q": "tap", "source": "telegram"})).json()
    assert (found["total"], found["mentions"][0]["author"]) == (1, "Bea")
    gone = await crawler.delete(f"{PATH}/{found['mentions'][0]['id']}")
    assert gone.status_code == 204
    assert (await crawler.delete(f"{PATH}/{found['mentions'][0]['id']}")).status_code == 404
    assert (await reader.get(PATH)).json()["total"] == 0


async def test_each_scope_opens_its_own_half_and_members_see_nothing(
    market: MarketCard,
    crawler: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    browser: Browser,
):
    async with tenant_session(market.id) as session:
        kept = await mention(session)
    assert (await crawler.get(PATH)).status_code == 403
    assert (await reader.post(PATH, json={"mentions": [told(1)]})).status_code == 403
    assert (await reader.delete(f"{PATH}/{kept.id}")).status_code == 403
    async with browser(market) as anyone:
        assert (await anyone.get(PATH)).status_code == 401
        assert (await anyone.post(PATH, json={"mentions": [told(1)]})).status_code == 401
        anyone.headers.update(bearer((await registered(anyone))["access_token"]))
        assert (await anyone.get(PATH)).status_code == 403
        assert (await anyone.post(PATH, json={"mentions": [told(1)]})).status_code == 403


async def test_a_batch_is_no_larger_than_said(crawler: httpx.AsyncClient):
    many = await crawler.post(PATH, json={"mentions": [told(number) for number in range(201)]})
    assert many.status_code == 422
    assert (await crawler.post(PATH, json={"mentions": []})).status_code == 422
    heavy = {"mentions": [told(number, text="я" * 9_000) for number in range(60)]}
    assert (await crawler.post(PATH, json=heavy)).status_code == 413
    allowed = {"mentions": [told(number, text="x" * 4_000) for number in range(200)]}
    assert (await crawler.post(PATH, json=allowed)).json()["created"] == 200
