"""The search over HTTP: its form, its errors, the reader's language."""

from collections.abc import AsyncGenerator
from decimal import Decimal

import httpx
import pytest
from starlette.applications import Starlette

from app.api.application import routes
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.serving import search_index
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    """A market with one plumber."""
    market = await open_market()
    async with tenant_session(market.id) as session:
        await listing(
            session,
            external_id="l-plumber",
            slug="plumber",
            price_amount=Decimal("40.00"),
            price_currency="EUR",
            price_unit="hour",
            city="Kazan",
            city_names={"en": "Kazan", "ru": "Казань"},
        )
        await search_index().refresh(session, "listing")
    return market


@pytest.fixture
async def client(market: MarketCard) -> AsyncGenerator[httpx.AsyncClient]:
    """A caller on the market's host."""
    transport = httpx.ASGITransport(app=Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as client:
        yield client


async def test_results_are_in_the_readers_language(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/search", params={"q": "leaking tap", "locale": "ru"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["took_ms"] > 0
    assert [(hit["kind"], hit["external_id"]) for hit in body["results"]] == [
        ("listing", "l-plumber")
    ]
    hit = body["results"][0]
    assert hit["title"] == "Сантехник на вызов"
    assert hit["url"] == "/ru/s/plumber"
    assert hit["price"] == {"amount": "40.00", "currency": "EUR", "unit": "hour"}
    assert 0 < hit["score"] <= 1
    assert hit["matches"] == [{"place": "text", "words": ["leaking", "tap"]}]


async def test_what_shares_no_word_is_found_by_its_meaning(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/search", params={"q": "water drips from my sink"})
    assert [hit["matches"] for hit in answer.json()["results"]] == [
        [{"place": "meaning", "words": []}]
    ]


async def test_typos_are_mended_in_what_is_said_too(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/search", params={"q": "сантехнк"})
    assert [hit["matches"][0]["words"] for hit in answer.json()["results"]] == [["сантехник"]]


async def test_a_filter_means_the_markets_currency(client: httpx.AsyncClient):
    for params, count in (
        ({"price_max": "40"}, 1),
        ({"price_max": "39"}, 0),
        ({"price_max": "40", "currency": "usd"}, 0),
        ({"lang": "ru"}, 1),
        ({"lang": "de"}, 0),
        ({"category": "craft/plumber"}, 1),
        ({"category": "craft/nothing"}, 0),
        ({"city": "Kazan"}, 1),
        ({"city": "казань", "locale": "en"}, 1),
        ({"city": "Nowhere"}, 0),
    ):
        answer = await client.get("/api/v1/search", params={"q": "leaking tap", **params})
        assert len(answer.json()["results"]) == count, params


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": " "},
        {"q": "tap", "limit": "0"},
        {"q": "tap", "limit": "many"},
        {"q": "tap", "price_max": "cheap"},
        {"q": "tap", "price_max": "NaN"},
        {"q": "tap", "price_max": "-1"},
        {"q": "tap", "price_max": ""},
        {"q": "tap", "near": "52.5,13.4"},
        {"q": "tap", "near": "52.5,13.4,nan"},
        {"q": "tap", "near": "91,13.4,5"},
        {"q": "tap", "city": ""},
        {"q": "tap", "kind": "person"},
        [("q", "tap"), ("city", "Berlin"), ("city", "Bonn")],
    ],
)
async def test_what_cannot_be_read_is_refused(client: httpx.AsyncClient, params: object):
    answer = await client.get("/api/v1/search", params=params)  # pyright: ignore[reportArgumentType]
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_an_unknown_host_has_no_search(client: httpx.AsyncClient):
    answer = await client.get(
        "/api/v1/search", params={"q": "tap"}, headers={"host": "nowhere.example"}
    )
    assert answer.status_code == 404
    assert answer.json()["status"] == 404
