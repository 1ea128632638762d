"""Models at endpoints that embed a market's texts: chosen, compared, and switched to at once."""

import pytest
from sqlalchemy import text

from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search import query_vectors
from app.search.index import Query
from app.search.postgres import PostgresIndex
from app.search.wording import reader_of
from tests.database.search.embedding import LEAK, chosen, found, offered
from tests.stand_in import StandIn


async def test_a_chosen_model_embeds_everything_and_reads_queries(
    market: MarketCard, here: StandIn
):
    before = await found(market)
    assert len(before) == 1
    now = await chosen(market, await offered(market, here))
    assert now.job is not None
    assert (now.job.state, now.job.problem) == ("done", "")
    assert now.serving is not None
    assert (now.filling, now.missing, now.entries) == (None, 0, 3)
    assert now.serving.scale > 0
    passages = [one for body in here.asked for one in body["input"] if one.startswith("passage: ")]
    assert "passage: Bouquets. Flowers delivered." in passages
    here.asked.clear()
    assert await found(market) == before
    assert [body["input"] for body in here.asked] == [[f"query: {LEAK}"]]
    assert here.headers[-1]["authorization"] == "Bearer key"
    assert now.problem == ""
    # Asked again it is remembered.
    assert await found(market) == before
    assert len(here.asked) == 1


async def test_what_read_the_query_is_what_entries_are_compared_with(
    market: MarketCard, here: StandIn
):
    now = await chosen(market, await offered(market, here))
    said = "Bouquets. Flowers delivered."
    async with tenant_session(market.id) as session:
        reader = await reader_of(session)
        asked = await query_vectors.query_vectors(said, reader)
        rows = await PostgresIndex()._candidates(session, "listing", said, asked, Query(said, "en"))
        hubs = dict((await session.execute(text("select entry_id, hub from search_vector"))).all())
    assert now.serving is not None
    likeliest = max(rows, key=lambda row: row.worded)
    assert likeliest.category == "shop/florist"
    # The same text is as near as can be, on e5's scale.
    assert likeliest.worded == pytest.approx(now.serving.scale + now.serving.shift, abs=1e-2)
    assert likeliest.wording_hub == pytest.approx(hubs[likeliest.id])
