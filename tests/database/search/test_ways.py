"""Which way Postgres finds candidates: comparing a market one by one, or by the HNSW index."""

from uuid import uuid4

import pytest
from pgvector import HalfVector
from sqlalchemy import text

from app.database import tenant_session
from app.search.index import Query
from app.search.postgres import (
    EXACT_AT_MOST,
    EXACT_UP_TO,
    MEANT,
    USE_INDEX,
    PostgresIndex,
    exact_up_to,
)
from app.search.query_vectors import query_vectors
from tests.factories import listing, open_market, search_entry

LEAK = "Вода капает из крана"


def test_the_smaller_a_markets_share_the_longer_it_is_compared_one_by_one():
    assert exact_up_to(-1) == EXACT_UP_TO
    assert exact_up_to(10_000) == EXACT_UP_TO
    assert 15_000 < exact_up_to(1_000_000) < 25_000
    assert exact_up_to(10**9) == EXACT_AT_MOST


@pytest.mark.usefixtures("database")
async def test_a_big_market_is_searched_by_its_vectors_index_and_sorting_comes_back():
    market = await open_market()
    nearest = f"select id from search_entry where kind = 'listing' order by {MEANT} limit 120"
    async with tenant_session(market.id) as session:
        await listing(session)
        await PostgresIndex().refresh(session, "listing")
        connection = await session.connection()
        told = {"meaning": HalfVector((await query_vectors(LEAK)).meaning).to_text()}
        await connection.execute(text(USE_INDEX))
        plan = "\n".join((await connection.execute(text(f"explain {nearest}"), told)).scalars())
        assert "using search_meaning" in plan
        await PostgresIndex(exact_up_to=0).search(session, Query(LEAK, "en"))
        assert await session.scalar(text("show enable_sort")) == "on"


@pytest.mark.usefixtures("database")
async def test_both_ways_propose_the_nearest_of_this_market_alone():
    ours, theirs = await open_market(), await open_market()
    vectors = await query_vectors(LEAK)
    near = HalfVector(vectors.meaning)
    async with tenant_session(theirs.id) as session:
        for _ in range(150):
            await search_entry(session, source_id=uuid4(), meaning=near)
    async with tenant_session(ours.id) as session:
        plumber = await listing(session)
        await PostgresIndex().refresh(session, "listing")
        for bar in (0, None):
            query = Query(LEAK, "en")
            rows = await PostgresIndex(bar)._candidates(session, "listing", LEAK, vectors, query)
            assert {row.source_id for row in rows} == {plumber.id}
