"""The sockets of a real server over a real market."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from app.accounts.limits import forget_attempts
from app.accounts.tokens import bearing
from app.api.application import routes
from app.api.guarding import Guarded
from app.conversations.hearing import hearing
from app.database import tenant_session
from app.embedded.postgres import Postgres
from app.markets.directory import MarketCard
from app.search.index import Hit
from app.settings import settings
from tests.factories import article, listing, open_market, person
from tests.shelf import Shelf
from tests.sockets import Socket, connected, served

Connect = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def market(database: Postgres, shelf: Shelf) -> AsyncGenerator[MarketCard]:
    """A market with a plumber and an article."""
    market = await open_market()
    async with tenant_session(market.id) as session:
        plumber, help_page = await listing(session), await article(session)
    shelf.hits["listing"] = [Hit("listing", plumber.id, 0.9)]
    shelf.hits["article"] = [Hit("article", help_page.id, 0.9)]
    yield market
    await forget_attempts()


@pytest.fixture(scope="session")
async def port(database: Postgres) -> AsyncGenerator[int]:
    async with hearing(), served(Guarded(Starlette(routes=routes))) as port:
        yield port


@pytest.fixture
async def connect(port: int) -> AsyncGenerator[Connect]:
    """`await connect(market, token)`: a socket, cut at the test's end."""
    opened: list[Socket] = []

    async def connecting(market: MarketCard, token: str = "", **more: Any) -> Socket:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        made = await connected(port, market.host, headers | more.pop("headers", {}), **more)
        opened.append(made)
        return made

    yield connecting
    for each in opened:
        each.cut()


async def token_of(market: MarketCard) -> str:
    """The access token of a fresh person."""
    async with tenant_session(market.id) as session:
        somebody = await person(session)
        pair = await bearing.start(session, somebody.id, settings().origin(market.host))
    return pair.access


async def begun(socket: Socket, **init: Any) -> str:
    """Open a conversation, and return its id."""
    await socket.send(type="init", **init)
    ready = await socket.next("ready", "error")
    assert ready["type"] == "ready", ready
    await socket.next("history")
    return ready["conversation_id"]
