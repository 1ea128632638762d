"""Signing up, in and out by forms, as a browser without JavaScript sends them."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.accounts import limits
from app.accounts.signing import SESSION_COOKIE, person_of_token
from app.api.forms import local_path
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.settings import settings
from tests.database.api.conftest import PASSWORD, Browser, signed_up
from tests.factories import open_market


def told(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """The path that an answer leads to, and its query."""
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["location"])
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


async def test_signing_up_signs_in_with_a_cookie_that_scripts_cannot_read(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        form = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD, "locale": "ru"}
        answer = await client.post("/auth/signup", data={**form, "next": "/ru/s/plumber?x=1"})
        assert answer.headers["location"] == "/ru/s/plumber?x=1"
        cookie = next(
            value
            for value in answer.headers.get_list("set-cookie")
            if value.startswith(SESSION_COOKIE)
        ).lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/" in cookie
        assert "secure" not in cookie
        async with tenant_session(market.id) as session:
            person = await person_of_token(session, client.cookies[SESSION_COOKIE])
    assert person is not None
    assert (person.email, person.locale) == ("ada@example.com", "ru")


async def test_the_cookie_is_secure_where_visitors_come_by_https(
    market: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AGORA_PUBLIC_SCHEME", "https")
    settings.cache_clear()
    async with browser(market) as client:
        form = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}
        answer = await client.post("/auth/signup", data=form)
    monkeypatch.undo()
    settings.cache_clear()
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


async def test_signing_out_ends_the_session_on_the_server(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        token = client.cookies[SESSION_COOKIE]
        answer = await client.post("/auth/signout", data={"locale": "ru"})
        assert told(answer) == ("/ru", {})
        assert SESSION_COOKIE not in client.cookies
    async with tenant_session(market.id) as session:
        assert await person_of_token(session, token) is None


async def test_a_wrong_password_leads_back_without_telling_the_password(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        client.cookies.clear()
        form = {"email": "ada@example.com", "password": "not it at all", "next": "/en/chat/1"}
        answer = await client.post("/auth/signin", data=form)
        path, query = told(answer)
        assert path == "/en/signin"
        assert query == {"error": "credentials", "email": "ada@example.com", "next": "/en/chat/1"}
        assert SESSION_COOKIE not in client.cookies
        answer = await client.post("/auth/signin", data={**form, "password": PASSWORD})
        assert told(answer)[0] == "/en/chat/1"
        assert client.cookies[SESSION_COOKIE]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"email": "nonsense"}, "email"),
        ({"name": " "}, "name"),
        ({"password": "short"}, "password_short"),
        ({"password": "password123"}, "password_common"),
        ({"email": "ada\x00@example.com", "name": "\x00"}, "name"),
        ({}, "taken"),
    ],
)
async def test_a_refused_sign_up_says_why(
    market: MarketCard, browser: Browser, form: dict[str, str], code: str
):
    async with browser(market) as client:
        await signed_up(client)
        client.cookies.clear()
        good = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}
        path, query = told(await client.post("/auth/signup", data={**good, **form}))
        assert (path, query["error"]) == ("/en/signup", code)
        assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "evil",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "",
        "/" + "x" * 3000,
        "///evil.example",
    ],
)
async def test_a_sign_in_leads_to_no_other_site(market: MarketCard, browser: Browser, target: str):
    assert local_path(target) is None
    async with browser(market) as client:
        form = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD, "next": target}
        assert told(await client.post("/auth/signup", data=form)) == ("/en/chat", {})


@pytest.mark.parametrize("target", ["/", "/ru", "/ru/search?q=a//b", "/ru/s/кран"])
def test_paths_of_this_host_are_followed(target: str):
    assert local_path(target) == target


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_a_form_on_another_site_is_refused(
    market: MarketCard, browser: Browser, headers: dict[str, str]
):
    async with browser(market) as client:
        await signed_up(client)
        token = client.cookies[SESSION_COOKIE]
        answer = await client.post("/auth/signout", data={}, headers=headers)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
    async with tenant_session(market.id) as session:
        assert await person_of_token(session, token) is not None


async def test_guessing_is_slowed_down_and_the_owner_still_gets_in(
    market: MarketCard, browser: Browser
):
    async with browser(market) as own, browser(market) as foreign:
        await signed_up(own)
        # Many addresses guess together until the count of this e-mail is full.
        for guess in range(60):
            await limits.spend_sign_in(
                market.id, f"198.51.100.{guess}", "ada@example.com", known=False
            )
        form = {"email": "ada@example.com", "password": PASSWORD}
        assert told(await foreign.post("/auth/signin", data=form))[1]["error"] == "too_many"
        assert told(await own.post("/auth/signin", data=form))[0] == "/en/chat"


async def test_one_address_cannot_guess_one_persons_password_for_long(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        form = {"email": "ada@example.com", "password": "wrong wrong wrong"}
        codes = [told(await client.post("/auth/signin", data=form))[1]["error"] for _ in range(9)]
    assert codes == ["credentials"] * 8 + ["too_many"]


async def test_a_session_of_one_market_opens_nothing_in_another(
    market: MarketCard, browser: Browser
):
    elsewhere = await open_market()
    async with browser(market) as client, browser(elsewhere) as other:
        await signed_up(client)
        token = client.cookies[SESSION_COOKIE]
        form = {"email": "ada@example.com", "password": PASSWORD}
        assert told(await other.post("/auth/signin", data=form))[1]["error"] == "credentials"
    async with tenant_session(elsewhere.id) as session:
        assert await person_of_token(session, token) is None


async def test_other_bodies_and_methods_and_hosts_are_refused(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        assert (await client.get("/auth/signin")).status_code == 405
        assert (await client.post("/auth/signin", json={})).status_code == 422
        large = await client.post("/auth/signin", data={"email": "x" * 70_000})
        assert large.status_code == 413
        strange = await client.post("/auth/signin", data={}, headers={"host": "nowhere.example"})
        assert strange.status_code == 404
