"""The index in Weaviate: what goes over the wire, and what happens when the server fails."""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from weaviate.proto.v1.v6300.v1 import base_pb2, batch_delete_pb2, batch_pb2, search_get_pb2

from app.catalogue.models import Listing
from app.database import tenant_session
from app.errors import Unavailable
from app.markets.directory import MarketCard
from app.search.index import Filters, Query
from app.search.models import SearchPlace
from app.search.weaviate.connection import close_client
from app.search.weaviate.index import NotIndexed, WeaviateIndex
from app.search.weaviate.tenants import Waking
from app.search.weaviate.writing import NotImported
from app.settings import settings
from tests.factories import listing, open_market
from tests.weaviate_stand_in import StandIn

pytestmark = pytest.mark.usefixtures("weaviate")

LEAK = Query("Вода капает из крана", "en")
INDEX = WeaviateIndex()


async def stocked() -> tuple[MarketCard, Listing]:
    """A market with one plumber, indexed."""
    market = await open_market()
    async with tenant_session(market.id) as session:
        plumber = await listing(session, city="Berlin")
        await INDEX.refresh(session, "listing")
    return market, plumber


async def found(market: MarketCard, query: Query = LEAK) -> list[object]:
    async with tenant_session(market.id) as session:
        return [hit.id for hit in await INDEX.search(session, query)]


async def place(market: MarketCard) -> SearchPlace:
    async with tenant_session(market.id) as session:
        return (await session.exec(select(SearchPlace))).one()


async def told_nothing(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


async def test_every_request_names_the_market(stand_in: StandIn):
    market, plumber = await stocked()
    assert await found(market) == [plumber.id]
    async with tenant_session(market.id) as session:
        await session.delete(await session.get_one(Listing, plumber.id))
        await session.flush()
        await INDEX.refresh(session, "listing")
    searches = stand_in.asked(search_get_pb2.SearchRequest)
    imported = [
        one for batch in stand_in.asked(batch_pb2.BatchObjectsRequest) for one in batch.objects
    ]
    deletes = stand_in.asked(batch_delete_pb2.BatchDeleteRequest)
    assert searches
    assert imported
    assert deletes
    assert {one.tenant for one in (*searches, *imported, *deletes)} == {str(market.id)}


async def test_each_way_of_proposing_has_the_kind_the_filters_and_its_vector(stand_in: StandIn):
    market, plumber = await stocked()
    asked = Query(LEAK.text, "en", filters=Filters(city=" berlin", language="ru"))
    stand_in.seen.clear()
    assert await found(market, asked) == [plumber.id]
    searches = stand_in.asked(search_get_pb2.SearchRequest)
    ways = {
        way: one
        for one in searches
        for way in ("near_vector", "hybrid_search", "bm25_search")
        if one.HasField(way)
    }
    assert len(ways) == 3
    for one in searches:
        texts = {part.target.property: part.value_text for part in one.filters.filters}
        assert one.filters.operator == base_pb2.Filters.OPERATOR_AND
        assert texts["kind"] == "listing"
        assert texts["city"] == "berlin"
        assert "languages" in texts
    assert list(ways["near_vector"].near_vector.targets.target_vectors) == ["meaning"]
    assert list(ways["hybrid_search"].hybrid_search.targets.target_vectors) == ["wording"]
    assert list(ways["bm25_search"].bm25_search.properties) == ["names"]


async def test_importing_twice_replaces(stand_in: StandIn):
    market, _ = await stocked()
    kept = stand_in.objects[str((await place(market)).collection), str(market.id)]
    before = set(kept)
    for one in kept.values():
        one.properties["digest"] = "old"
    async with tenant_session(market.id) as session:
        assert await INDEX.refresh(session, "listing") == 1
    assert set(kept) == before


async def test_an_object_that_is_refused_fails_the_indexing(stand_in: StandIn):
    market = await open_market()
    stand_in.refused = "bouquets"
    async with tenant_session(market.id) as session:
        await listing(session)
        await listing(session, title={"en": "Bouquets"})
        with pytest.raises(NotImported):
            await INDEX.refresh(session, "listing")


async def test_what_was_indexed_but_never_committed_is_not_found():
    market, plumber = await stocked()
    async with tenant_session(market.id) as session:
        await listing(session)
        assert await INDEX.refresh(session, "listing") == 1
        await session.rollback()
    assert await found(market) == [plumber.id]


async def test_what_was_withdrawn_is_not_found_before_the_index_knows():
    market, plumber = await stocked()
    async with tenant_session(market.id) as session:
        await session.delete(await session.get_one(Listing, plumber.id))
    assert await found(market) == []


async def test_a_market_that_was_never_indexed_is_not_called_empty():
    market = await open_market()
    assert await found(market) == []
    async with tenant_session(market.id) as session:
        await listing(session)
    with pytest.raises(NotIndexed):
        await found(market)


async def test_a_lost_tenant_is_not_called_empty(stand_in: StandIn):
    market, _ = await stocked()
    stand_in.tenants.clear()
    with pytest.raises(Unavailable):
        await found(market)


async def test_a_server_that_is_down_is_said_to_be(monkeypatch: pytest.MonkeyPatch):
    market, _ = await stocked()
    await close_client()
    monkeypatch.setenv("AGORA_WEAVIATE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    with pytest.raises(Unavailable):
        await found(market)


async def test_a_sleeping_market_is_woken_by_its_first_search(stand_in: StandIn):
    market, plumber = await stocked()
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(SearchPlace))).one()
        kept.used_at = datetime.now(UTC) - timedelta(days=15)
    await INDEX.tend()
    assert stand_in.tenants[str(kept.collection), str(market.id)] == "INACTIVE"
    assert await found(market) == [plumber.id]
    assert stand_in.tenants[str(kept.collection), str(market.id)] == "ACTIVE"
    assert (await place(market)).used_at > datetime.now(UTC) - timedelta(minutes=1)


async def test_a_market_that_does_not_wake_in_time_says_so(stand_in: StandIn):
    market, _ = await stocked()
    stand_in.tenants[str((await place(market)).collection), str(market.id)] = "INACTIVE"
    stand_in.never_wakes = True
    with pytest.raises(Waking):
        await found(market)


async def test_search_goes_on_while_the_market_is_indexed_anew(stand_in: StandIn):
    market, plumber = await stocked()
    former = (await place(market)).collection
    seen: list[list[object]] = []

    def look(done: int, total: int) -> Awaitable[None]:
        async def looking() -> None:
            seen.append(await found(market))

        return looking()

    assert await INDEX.rebuild(market.id, look) == 1
    now = await place(market)
    assert seen == [[plumber.id]] * 2
    assert now.collection != former
    assert now.filling is None
    assert (str(former), str(market.id)) not in stand_in.tenants
    assert await found(market) == [plumber.id]


async def test_what_changes_while_the_market_is_indexed_anew_is_found_afterwards():
    market, plumber = await stocked()
    added: list[Listing] = []

    async def add(done: int, total: int) -> None:
        if not added:
            async with tenant_session(market.id) as session:
                added.append(await listing(session))
                await INDEX.refresh(session, "listing", [added[0].id])

    await INDEX.rebuild(market.id, add)
    assert set(await found(market)) == {plumber.id, added[0].id}


async def test_erasing_a_market_leaves_the_others(stand_in: StandIn):
    ours, _ = await stocked()
    theirs, plumber = await stocked()
    await INDEX.erase(ours.id)
    await INDEX.erase(ours.id)
    assert str(ours.id) not in {tenant for _, tenant in stand_in.tenants}
    assert str(ours.id) not in {tenant for _, tenant in stand_in.objects}
    assert await found(theirs) == [plumber.id]
