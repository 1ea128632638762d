"""The HTTP routes over a real market, called as its visitors call them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from app.accounts.limits import forget_attempts
from app.api.application import routes
from app.api.guarding import Guarded
from app.embedded.postgres import Postgres
from app.markets.directory import MarketCard
from tests.factories import open_market

PASSWORD = "a long walk at dusk"

Browser = Callable[[MarketCard], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def market(database: Postgres) -> AsyncGenerator[MarketCard]:
    yield await open_market()
    await forget_attempts()


@pytest.fixture
def browser(database: Postgres) -> Browser:
    """`async with browser(market) as client`: a browser of its own on the market's host."""
    app = Guarded(Starlette(routes=routes))

    @asynccontextmanager
    async def opened(market: MarketCard) -> AsyncGenerator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app, client=("192.0.2.7", 5000))
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{market.host}"
        ) as client:
            yield client

    return opened


async def signed_up(client: httpx.AsyncClient, email: str = "ada@example.com") -> None:
    """Make an account and stay signed in."""
    form = {"email": email, "name": "Ada", "password": PASSWORD, "locale": "en"}
    answer = await client.post("/auth/signup", data=form)
    assert answer.headers["location"] == "/en/chat", answer.headers["location"]
