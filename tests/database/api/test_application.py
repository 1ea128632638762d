"""What holds for every route: its description, its errors, how much it takes and from where."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Route

from app.api import application
from app.api.guarding import FROM_ELSEWHERE, ROOMY, SAFE, room
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser


def operations() -> list[tuple[str, str]]:
    """(method, address) of everything that is no page, with ids in the places of parameters."""
    found: list[tuple[str, str]] = []
    for route in application.routes:
        if isinstance(route, Route):
            found += [(method, route.path) for method in sorted(route.methods or set())]
    for router in application.ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                found += [(method, route.path) for method in sorted(route.methods or set())]
    return sorted({(method, path.replace("{conversation_id}", "7")) for method, path in found})


UNSAFE = [(method, path) for method, path in operations() if method not in SAFE]


def test_the_list_of_routes_is_not_empty_by_mistake():
    assert ("POST", "/auth/signin") in UNSAFE
    assert ("POST", "/api/v1/chat") in UNSAFE
    assert ("POST", "/api/v1/chat/7/stop") in UNSAFE
    assert ("GET", "/healthz") in operations()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "path"),
    [(method, path) for method, path in UNSAFE if not path.startswith(FROM_ELSEWHERE)],
)
async def test_no_route_is_used_by_a_page_of_another_site(
    market: MarketCard, browser: Browser, method: str, path: str, headers: dict[str, str]
):
    async with browser(market) as client:
        answer = await client.request(method, path, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This form was sent from another site."


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("method", "path"), UNSAFE)
async def test_no_route_takes_more_than_it_needs(
    market: MarketCard, browser: Browser, method: str, path: str, announced: bool
):
    sent, allowed = 0, room(path)

    async def endless() -> AsyncGenerator[bytes]:
        nonlocal sent
        while sent < 2 * allowed:
            sent += 4096
            yield b"x" * 4096

    kind = "application/x-www-form-urlencoded" if "/auth/" in path else "application/json"
    body: Any = b"x" * (allowed + 1) if announced else endless()
    async with browser(market) as client:
        answer = await client.request(method, path, content=body, headers={"content-type": kind})
    # Some refuse before they read anything; none reads on past the limit.
    refused_before = {401, 404, 422}
    assert sent <= allowed + 8192
    assert answer.status_code == 413 or (not announced and answer.status_code in refused_before)
    assert answer.headers["content-type"] == "application/problem+json"


def test_reflex_own_routes_are_held_to_a_size_as_well():
    assert set(ROOMY) >= {"/_upload", "/_event"}


async def test_the_description_is_openapi_and_the_page_loads_nothing(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        described = (await client.get("/api/v1/openapi.json")).json()
        page = await client.get("/api/v1/docs")
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/search", "/api/v1/chat", "/healthz"} <= set(described["paths"])
    named = [told["operationId"] for path in described["paths"].values() for told in path.values()]
    assert len(named) == len(set(named))
    for path in described["paths"].values():
        for told in path.values():
            assert told["summary"]
            refusals = [said for status, said in told["responses"].items() if status >= "400"]
            assert {kind for said in refusals for kind in said.get("content", {})} <= {
                "application/problem+json",
                "text/plain",
            }
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in described["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/", 404),
        ("DELETE", "/api/v1/search", 405),
        ("GET", "/api/v1/chat", 405),
        ("PUT", "/healthz", 405),
        ("GET", "/api/v1/search", 400),
        ("POST", "/api/v1/chat", 415),
    ],
)
async def test_what_does_not_exist_is_a_problem_in_the_callers_language(
    market: MarketCard, browser: Browser, method: str, path: str, status: int
):
    details: set[str] = set()
    async with browser(market) as client:
        for language in ("en", "ru"):
            answer = await client.request(method, path, headers={"accept-language": language})
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["content-language"] == language
            assert answer.json()["status"] == status
            details.add(answer.json()["detail"])
            if status == 405:
                assert answer.headers["allow"]
    assert len(details) == 2


async def test_answers_stay_out_of_caches_and_frames(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        for path in ("/api/v1/search?q=tap", "/api/v1/nothing", "/healthz"):
            answer = await client.get(path)
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_a_mistake_of_ours_is_a_problem_that_tells_nothing(
    market: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("app.api.search.search_index", fail)
    async with browser(market) as client:
        answer: httpx.Response = await client.get("/api/v1/search?q=tap")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
