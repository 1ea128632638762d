"""The platform as a tenant: made once, listed nowhere, with owners and nothing to offer."""

import asyncio
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app.accounts import tickets
from app.accounts.actors import system
from app.accounts.models import Person
from app.accounts.permissions import Permission, Role
from app.accounts.roles import give_role, roles_of
from app.accounts.signing import SESSION_COOKIE, sign_up, start_sign_in
from app.api.application import routes
from app.database import tenant_session
from app.jobs.work import work_off
from app.markets.closing import deed_session
from app.markets.closing_archive import ask_archive
from app.markets.directory import MarketCard, all_markets, market_for_host
from app.markets.opening import MarketExists
from app.markets.platform import ensure_platform, platform, welcome_owner
from app.settings import settings
from tests.factories import open_market, person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def agora(database: object) -> MarketCard:
    return await ensure_platform()


async def test_the_platform_is_made_once_however_often_it_is_asked_for(agora: MarketCard):
    again = await asyncio.gather(ensure_platform(), ensure_platform())
    assert {card.id for card in again} == {agora.id}
    assert agora.kind == "platform"
    assert await platform() == agora


async def test_the_platform_answers_on_the_host_of_the_settings(
    agora: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    assert await market_for_host(settings().platform_host) == agora
    monkeypatch.setenv("AGORA_PLATFORM_HOST", "agora.example")
    settings.cache_clear()
    try:
        moved = await ensure_platform()
        assert (moved.id, moved.host) == (agora.id, "agora.example")
        assert await market_for_host("localhost") is None
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        await ensure_platform()


async def test_the_platform_is_no_market_among_markets(agora: MarketCard):
    opened = await open_market()
    listed = {card.id for card in await all_markets()}
    assert opened.id in listed
    assert agora.id not in listed
    with pytest.raises(MarketExists):
        await open_market("platform")


async def test_an_owner_who_has_an_account_is_given_the_role_at_once(agora: MarketCard):
    async with tenant_session(agora.id) as session:
        known = await person(session)
    welcome = await welcome_owner(known.email.upper(), "en")
    assert (welcome.email, welcome.link) == (known.email, "")
    async with tenant_session(agora.id) as session:
        assert Role.PLATFORM_OWNER in await roles_of(session, known.id)


async def test_an_owner_without_an_account_is_invited_by_a_link(agora: MarketCard):
    welcome = await welcome_owner("new-owner@example.com", "de")
    parts = urlsplit(welcome.link)
    assert (parts.hostname, parts.path) == ("localhost", "/de/invitation")
    (token,) = parse_qs(parts.query)["ticket"]
    async with tenant_session(agora.id) as session:
        ticket = await tickets.look(session, "invitation", token)
        assert ticket.email == "new-owner@example.com"
        assert ticket.told["role"] == "platform_owner"


@pytest.mark.parametrize("path", ["/api/v1/search?q=plumber", "/api/v1/chat/" + "0" * 32])
async def test_the_api_has_no_market_at_the_platforms_host(agora: MarketCard, path: str):
    app = Starlette(routes=routes)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{agora.host}") as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert "no market" in answer.text


async def test_nobody_makes_an_account_of_their_own_at_the_platform(agora: MarketCard):
    told = {"email": "me@example.com", "name": "Me", "password": "a long walk at dusk"}
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{agora.host}") as client:
        form = await client.post("/auth/signup", data={**told, "locale": "en"})
        call = await client.post("/api/auth/register", json=told)
    assert (form.status_code, call.status_code) == (404, 404)
    async with tenant_session(agora.id) as session:
        query = select(Person).where(Person.email == "me@example.com")
        assert (await session.exec(query)).first() is None


async def test_an_archive_is_fetched_at_the_platform_by_its_owner_alone(agora: MarketCard):
    market = await open_market()
    owner = system(agora.id, "tests", Permission.PLATFORM)
    async with deed_session(market.id) as session:
        job_id = await ask_archive(session, owner)
    await work_off()
    path = f"/console/markets/{market.id}/exports/{job_id}"

    async def fetched(host: MarketCard, role: Role) -> httpx.Response:
        email = f"{uuid4().hex}@example.com"
        async with tenant_session(host.id) as session:
            member = await sign_up(session, email, "Ada", "a long walk at dusk", "en")
            await give_role(session, system(host.id, "tests"), member.id, role)
            token = await start_sign_in(session, member.id, "")
        transport = httpx.ASGITransport(Starlette(routes=routes))
        cookie = {"cookie": f"{SESSION_COOKIE}={token}"}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host.host}") as client:
            assert (await client.get(path)).status_code == 401
            return await client.get(path, headers=cookie)

    archive = await fetched(agora, Role.PLATFORM_OWNER)
    assert archive.content.startswith(b"PK")
    assert archive.headers["cache-control"] == "private, no-store"
    assert (await fetched(agora, Role.ADMIN)).status_code == 403
    assert (await fetched(market, Role.OWNER)).status_code == 403
    # Even the role itself is worth nothing on the host of a market.
    assert (await fetched(market, Role.PLATFORM_OWNER)).status_code == 404
