"""The HTTP routes over a real market, called as its visitors call them."""

import dataclasses
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from agents import maestro
from agents.base import Deps
from agents.maestro import Maestro
from app.accounts.limits import forget_attempts
from app.api import auth, chat
from app.database import TenantSession
from app.embedded.postgres import Postgres
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from app.search.index import Hit, Kind, Query
from tests.factories import open_market

PASSWORD = "a long walk at dusk"

Browser = Callable[[MarketCard], AbstractAsyncContextManager[httpx.AsyncClient]]


@dataclasses.dataclass
class Shelf:
    """An index that answers with what was put on it."""

    hits: dict[Kind, list[Hit]] = dataclasses.field(default_factory=dict[Kind, list[Hit]])

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        return [hit for kind in query.kinds for hit in self.hits.get(kind, [])]

    async def refresh(
        self,
        session: TenantSession,
        kind: Kind,
        ids: Sequence[UUID] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        return 0


@pytest.fixture(scope="session")
def asked_index() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def stocked_maestro(asked_index: Shelf) -> Maestro:
    """One Maestro for the run: it embeds its examples once."""
    embedder = sentence_embedder()
    return Maestro(Deps(index=asked_index, embedder=embedder, model=Composer(embedder)))


@pytest.fixture
def shelf(
    asked_index: Shelf, stocked_maestro: Maestro, monkeypatch: pytest.MonkeyPatch
) -> Generator[Shelf]:
    """The index that every answer is made from; empty at first."""
    monkeypatch.setattr(maestro, "maestro", lambda: stocked_maestro)
    yield asked_index
    asked_index.hits.clear()


@pytest.fixture
async def market(database: Postgres) -> AsyncGenerator[MarketCard]:
    yield await open_market()
    await forget_attempts()


@pytest.fixture
def browser(database: Postgres) -> Browser:
    """`async with browser(market) as client`: a browser of its own on the market's host."""
    app = Starlette(routes=[*auth.routes, *chat.routes])

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
