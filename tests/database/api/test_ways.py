"""Signing in by another site: with a real provider, and with one that lies."""

from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from joserfc.jwk import RSAKey
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Member
from app.accounts.models import Person
from app.accounts.signing import SESSION_COOKIE, person_of_token
from app.accounts.ways import discovery
from app.accounts.ways.configuring import WayInput, add_way, switch_way
from app.accounts.ways.models import Identity
from app.api.ways import ERRAND_COOKIE
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.settings import settings
from tests.database.api.conftest import Browser, signed_up
from tests.factories import open_market, person
from tests.providers import CLIENT, LIES, Liar, agree, honest_provider, lying_provider

ADA = {"sub": "ada", "email": "ada@example.com", "email_verified": True, "name": "Ada L"}
BOB = {"sub": "bob", "email": "bob@example.com", "email_verified": False, "name": "Bob"}


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch, home: object) -> Generator[None]:
    monkeypatch.setenv("AGORA_LOCAL_SIGN_IN_WAYS", "true")
    settings.cache_clear()
    discovery.forget()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="module")
def issuer() -> Generator[str]:
    with honest_provider(ADA, BOB) as running:
        yield running


@pytest.fixture
def liar() -> Generator[Liar]:
    with lying_provider() as running:
        yield running


async def offered(market: MarketCard, issuer: str) -> UUID:
    root = actors.system(market.id, "tests")
    given = WayInput("oidc", CLIENT, "a secret", "Elsewhere", issuer)
    async with tenant_session(market.id) as session:
        way = await add_way(session, root, given)
        await switch_way(session, root, way.id, way.version, enabled=True)
    return way.id


async def sent_away(client: httpx.AsyncClient, way: UUID, **more: str) -> str:
    form = {"locale": "en", "next": "/en/help", **more}
    answer = await client.post(f"/auth/with/{way}", data=form)
    assert answer.status_code == 303
    return answer.headers["location"]


async def came_back(client: httpx.AsyncClient, address: str) -> str:
    """Where a browser is led that comes back by `address`: the path, or the error's code."""
    parts = urlsplit(address)
    answer = await client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 303
    assert "no-store" in answer.headers["cache-control"]
    leads = urlsplit(answer.headers["location"])
    return parse_qs(leads.query).get("error", [leads.path])[0]


async def who(market: MarketCard, client: httpx.AsyncClient) -> Member | None:
    async with tenant_session(market.id) as session:
        return await person_of_token(session, client.cookies.get(SESSION_COOKIE) or "")


async def test_a_new_person_comes_in_by_a_real_provider_and_is_known_again(
    market: MarketCard, browser: Browser, issuer: str
):
    way = await offered(market, issuer)
    ids: set[UUID] = set()
    for _ in range(2):
        async with browser(market) as client:
            away = await sent_away(client, way)
            asked = parse_qs(urlsplit(away).query)
            assert asked["code_challenge_method"] == ["S256"]
            assert len(asked["code_challenge"][0]) == 43
            assert asked["nonce"][0]
            assert asked["scope"] == ["openid email profile"]
            assert asked["redirect_uri"] == [
                f"{settings().origin(market.host)}/auth/callback/{way}"
            ]
            assert await came_back(client, agree(away, "ada")) == "/en/help"
            member = await who(market, client)
        assert member is not None
        assert (member.email, member.name, member.verified) == ("ada@example.com", "Ada L", True)
        assert member.factors == {"oidc"}
        ids.add(member.id)
    assert len(ids) == 1


async def test_an_account_is_linked_only_when_both_sides_have_proved_the_address(
    market: MarketCard, browser: Browser, issuer: str
):
    way = await offered(market, issuer)
    async with tenant_session(market.id) as session:
        unproved = await person(session, email="ada@example.com")
        proved = await person(session, email="bob@example.com")
        proved.email_verified_at = proved.created_at
    for subject in ("ada", "bob"):
        async with browser(market) as client:
            away = await sent_away(client, way)
            assert await came_back(client, agree(away, subject)) == "link_first"
            assert await who(market, client) is None
    async with tenant_session(market.id) as session:
        row = await session.get_one(Person, unproved.id)
        row.email_verified_at = row.created_at
    async with browser(market) as client:
        assert await came_back(client, agree(await sent_away(client, way), "ada")) == "/en/help"
        member = await who(market, client)
        assert member is not None
        assert member.id == unproved.id


async def test_who_is_signed_in_may_link_and_nobody_else_can_take_the_identity(
    market: MarketCard, browser: Browser, issuer: str
):
    way = await offered(market, issuer)
    async with browser(market) as client, browser(market) as other:
        await signed_up(client, "carol@example.com")
        away = await sent_away(client, way, link="1")
        assert await came_back(client, agree(away, "bob")) == "/en/account"
        await signed_up(other, "dan@example.com")
        away = await sent_away(other, way, link="1")
        assert await came_back(other, agree(away, "bob")) == "way_taken"
    async with browser(market) as client:
        assert await came_back(client, agree(await sent_away(client, way), "bob")) == "/en/help"
        member = await who(market, client)
    assert member is not None
    assert member.email == "carol@example.com"


async def test_a_callback_serves_once_and_in_its_own_browser_only(
    market: MarketCard, browser: Browser, issuer: str
):
    way = await offered(market, issuer)
    async with browser(market) as client, browser(market) as foreign:
        back = agree(await sent_away(client, way), "ada")
        assert await came_back(foreign, back) == "expired"
        # Even a browser on an errand of its own does not take another's answer.
        await sent_away(foreign, way)
        assert await came_back(foreign, back) == "way_failed"
        note = client.cookies[ERRAND_COOKIE]
        assert await came_back(client, back) == "/en/help"
        assert ERRAND_COOKIE not in client.cookies
        assert await came_back(client, back) == "expired"
        client.cookies.set(ERRAND_COOKIE, note, domain=market.host, path="/auth/callback")
        assert await came_back(client, back) == "expired"


async def test_a_code_of_another_errand_opens_nothing(
    market: MarketCard, browser: Browser, issuer: str
):
    way = await offered(market, issuer)
    async with browser(market) as client:
        first = parse_qs(urlsplit(agree(await sent_away(client, way), "ada")).query)["code"][0]
        second = parse_qs(urlsplit(await sent_away(client, way)).query)["state"][0]
        # The first one's code in the second one's answer: it is bound to another nonce.
        back = f"/auth/callback/{way}?code={first}&state={second}"
        assert await came_back(client, back) == "way_failed"


# A weak key warns when the test makes it.
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_opens_nothing(market: MarketCard, browser: Browser, liar: Liar, lie: str):
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        back = liar.back(await sent_away(client, way))
        LIES[lie](liar)
        assert await came_back(client, back) == "way_failed"
        assert await who(market, client) is None
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(Identity))).all() == []


async def test_the_truth_of_the_same_provider_is_believed(
    market: MarketCard, browser: Browser, liar: Liar
):
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        assert await came_back(client, liar.back(await sent_away(client, way))) == "/en/help"
    (form,) = liar.exchanged
    assert form["code_verifier"]
    assert form["redirect_uri"] == liar.asked["redirect_uri"]


async def test_a_new_key_is_found_and_strangers_cannot_have_it_asked_for_often(
    market: MarketCard, browser: Browser, liar: Liar, monkeypatch: pytest.MonkeyPatch
):
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        await came_back(client, liar.back(await sent_away(client, way)))
        liar.key = RSAKey.generate_key(2048, {"kid": "two"})
        liar.header = {"kid": "two"}
        for _ in range(3):
            back = liar.back(await sent_away(client, way))
            assert await came_back(client, back) == "way_failed"
        assert liar.key_sets == 1
        monkeypatch.setattr(discovery, "AGAIN_SECONDS", 0.0)
        assert await came_back(client, liar.back(await sent_away(client, way))) == "/en/help"


async def test_another_issuers_answer_is_not_exchanged_here(
    market: MarketCard, browser: Browser, liar: Liar
):
    liar.metadata["authorization_response_iss_parameter_supported"] = True
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        for more in ({}, {"iss": "https://accounts.google.com"}):
            back = liar.back(await sent_away(client, way), **more)
            assert await came_back(client, back) == "way_failed"
        assert liar.exchanged == []
        back = liar.back(await sent_away(client, way), iss=liar.issuer)
        assert await came_back(client, back) == "/en/help"


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://accounts.google.com"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
async def test_a_configuration_that_cannot_be_is_not_followed(
    market: MarketCard, browser: Browser, liar: Liar, changed: dict[str, Any]
):
    liar.metadata |= changed
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        answer = await client.post(f"/auth/with/{way}", data={"locale": "en"})
    refused = ("/en/signin?error=way_", "/en/signin?error=address_refused")
    assert answer.headers["location"].startswith(refused)


async def test_a_dead_provider_is_said_to_be_dead(market: MarketCard, browser: Browser):
    way = await offered(market, "http://127.0.0.1:9")
    async with browser(market) as client:
        assert "error=way_down" in await sent_away(client, way)


async def test_who_declines_is_told_so(market: MarketCard, browser: Browser, liar: Liar):
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        back = liar.back(await sent_away(client, way), error="access_denied")
        assert await came_back(client, back) == "way_denied"


async def test_a_provider_that_posts_is_answered_with_a_get(
    market: MarketCard, browser: Browser, liar: Liar
):
    way = await offered(market, liar.issuer)
    async with browser(market) as client:
        parts = urlsplit(liar.back(await sent_away(client, way)))
        fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
        posted = await client.post(
            parts.path,
            data=fields | {"user": "{}"},
            headers={"origin": "https://appleid.apple.com"},
        )
        assert posted.status_code == 303
        assert "user" not in posted.headers["location"]
        assert await came_back(client, posted.headers["location"]) == "/en/help"


async def test_a_way_of_one_market_is_none_in_another(
    market: MarketCard, browser: Browser, liar: Liar
):
    way = await offered(market, liar.issuer)
    elsewhere = await open_market()
    async with browser(elsewhere) as client:
        answer = await client.post(f"/auth/with/{way}", data={"locale": "en"})
        assert answer.status_code == 404
