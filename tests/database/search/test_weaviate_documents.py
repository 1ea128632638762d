"""Documents in Weaviate: each is found by those who may see it, whatever the server believes."""

import pytest
from sqlmodel import select

from app.database import tenant_session
from app.knowledge.models import Document, DocumentChunk
from app.markets.directory import MarketCard
from app.search.index import Access, Query
from app.search.weaviate.connection import close_client
from app.search.weaviate.index import WeaviateIndex
from app.settings import settings
from tests.document_rows import document, document_chunk, document_version
from tests.factories import open_market
from tests.weaviate_stand_in import StandIn

pytestmark = pytest.mark.usefixtures("weaviate")

INDEX = WeaviateIndex()
QUESTION = "Until when can I cancel a booking?"
EVERYBODY: tuple[Access, ...] = ("public", "members", "staff")


async def filed(access: Access) -> tuple[MarketCard, DocumentChunk]:
    """A market with one document for these readers, indexed."""
    market = await open_market()
    async with tenant_session(market.id) as session:
        rules = await document(session, current=1, access=access)
        version = await document_version(session, document_id=rules.id)
        chunk = await document_chunk(session, version_id=version.id)
        await INDEX.refresh(session, "passage")
    return market, chunk


async def found(market: MarketCard, *access: Access) -> list[object]:
    async with tenant_session(market.id) as session:
        query = Query(QUESTION, "en", kinds=("passage",), access=access)
        return [hit.id for hit in await INDEX.search(session, query)]


async def open_to(market: MarketCard, chunk: DocumentChunk, access: Access, told: bool) -> None:
    """Change who may see the market's document, and have the index told or not."""
    async with tenant_session(market.id) as session:
        rules = (await session.exec(select(Document))).one()
        rules.access = access
        await session.flush()
        if told:
            await INDEX.let_see(session, "passage", [chunk.id])


def accesses(stand_in: StandIn, market: MarketCard) -> set[str]:
    """What the server believes of who may see the market's entries."""
    return {
        one.properties["access"]
        for (_, tenant), objects in stand_in.objects.items()
        if tenant == str(market.id)
        for one in objects.values()
    }


async def test_a_passage_is_found_by_those_who_may_see_it():
    market, chunk = await filed("members")
    assert await found(market, "public") == []
    assert await found(market, "staff") == []
    assert await found(market) == []
    assert await found(market, "public", "members") == [chunk.id]


async def test_weaviate_is_asked_for_nothing_that_the_reader_may_not_see(stand_in: StandIn):
    market, _ = await filed("staff")
    async with tenant_session(market.id) as session:
        # The database would let it be seen now; the index was not told.
        (await session.exec(select(Document))).one().access = "public"
    assert await found(market, "public") == []
    assert accesses(stand_in, market) == {"staff"}


async def test_a_document_that_was_closed_is_not_shown_before_the_index_knows(stand_in: StandIn):
    market, chunk = await filed("public")
    assert await found(market, "public") == [chunk.id]
    await open_to(market, chunk, "staff", told=False)
    assert accesses(stand_in, market) == {"public"}
    assert await found(market, "public") == []


async def test_whoever_may_see_a_document_now_finds_it_without_embedding(stand_in: StandIn):
    market, chunk = await filed("staff")
    await open_to(market, chunk, "public", told=True)
    assert accesses(stand_in, market) == {"public"}
    assert await found(market, "public") == [chunk.id]
    async with tenant_session(market.id) as session:
        assert await INDEX.refresh(session, "passage") == 0


async def test_refreshing_mends_who_may_see_a_document(stand_in: StandIn):
    market, chunk = await filed("staff")
    await open_to(market, chunk, "public", told=False)
    async with tenant_session(market.id) as session:
        assert await INDEX.refresh(session, "passage") == 0
    assert accesses(stand_in, market) == {"public"}
    assert await found(market, "public") == [chunk.id]


async def test_a_document_is_closed_although_the_server_is_down(monkeypatch: pytest.MonkeyPatch):
    market, chunk = await filed("public")
    await close_client()
    with monkeypatch.context() as away:
        away.setenv("AGORA_WEAVIATE_URL", "http://127.0.0.1:9")
        settings.cache_clear()
        await open_to(market, chunk, "staff", told=True)
        await close_client()
    settings.cache_clear()
    assert await found(market, "public") == []
    async with tenant_session(market.id) as session:
        await INDEX.refresh(session, "passage")
    assert await found(market, "staff") == [chunk.id]


async def test_the_lab_sees_what_speaks_for_a_passage_and_whom_it_is_for():
    market, chunk = await filed("staff")
    async with tenant_session(market.id) as session:
        asked = Query(QUESTION, "en", kinds=("passage",), access=EVERYBODY)
        (weighed,) = await INDEX.weigh(session, asked)
        closed = Query(QUESTION, "en", kinds=("passage",), access=("public",))
        assert await INDEX.weigh(session, closed) == []
    assert (weighed.id, weighed.access) == (chunk.id, "staff")
    assert weighed.sure >= weighed.enough
