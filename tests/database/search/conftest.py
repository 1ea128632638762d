"""Servers for tests of search: Weaviate (or a stand-in for it), and one with models that embed."""

import os
from collections.abc import AsyncGenerator, Generator

import pytest

from app.database import tenant_session
from app.inference import vector_wire
from app.inference.breaker import breaker
from app.markets.directory import MarketCard
from app.search import query_vectors, vectors, wording
from app.search.postgres import PostgresIndex
from app.search.weaviate.connection import close_client
from app.settings import settings
from tests import stand_in as models
from tests.factories import listing, open_market
from tests.weaviate_stand_in import StandIn, weaviate_stand_in

REAL = os.environ.get("WEAVIATE_URL")


@pytest.fixture(scope="session")
def weaviate_server() -> Generator[StandIn | None]:
    """The stand-in of this run; None where a real server is to be asked."""
    if REAL:
        yield None
        return
    with weaviate_stand_in() as held:
        yield held


@pytest.fixture
async def weaviate(
    weaviate_server: StandIn | None, monkeypatch: pytest.MonkeyPatch, database: object
) -> AsyncGenerator[StandIn | None]:
    """Have the program keep its index in Weaviate for the test."""
    if weaviate_server is None:
        told = {
            "URL": REAL or "",
            "GRPC_PORT": os.environ.get("WEAVIATE_GRPC_PORT", "50051"),
            "API_KEY": os.environ.get("WEAVIATE_API_KEY", ""),
        }
    else:
        told = {"URL": weaviate_server.url, "GRPC_PORT": str(weaviate_server.grpc_port)}
        weaviate_server.seen.clear()
        weaviate_server.refused, weaviate_server.never_wakes = None, False
    for name, value in told.items():
        monkeypatch.setenv(f"AGORA_WEAVIATE_{name}", value)
    settings.cache_clear()
    yield weaviate_server
    await close_client()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def stand_in(weaviate: StandIn | None) -> StandIn:
    """The stand-in, for tests of what is on the wire."""
    if weaviate is None:
        pytest.skip("a real server does not tell what it was asked")
    return weaviate


@pytest.fixture(scope="module")
def server() -> Generator[models.StandIn]:
    with models.standing_in() as here:
        yield here


@pytest.fixture
async def here(
    server: models.StandIn, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[models.StandIn]:
    server.forget()
    for kept in (breaker, wording, query_vectors):
        kept.forget()
    monkeypatch.setattr(vectors, "PAUSES", (0.0,))
    monkeypatch.setattr(wording, "KNOWN_SECONDS", 0.0)
    yield server
    await vector_wire.close_clients()


@pytest.fixture
async def market(database: object) -> MarketCard:
    opened = await open_market()
    async with tenant_session(opened.id) as session:
        await listing(session)
        await listing(
            session,
            category="shop/florist",
            title={"en": "Bouquets"},
            description={"en": "Flowers delivered."},
        )
        await PostgresIndex().refresh(session, "listing")
    return opened
