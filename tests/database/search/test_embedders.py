"""Models at endpoints that embed a market's texts: chosen, compared, and switched to at once."""

import json

import pytest
from sqlalchemy import text

from app.database import tenant_session
from app.inference import leaving
from app.markets.directory import MarketCard, forget
from app.markets.policy import lay_down, policy_of
from app.search import query_vectors
from app.search.index import Query
from app.search.postgres import PostgresIndex
from app.search.wording import reader_of
from tests.database.search.embedding import LEAK, chosen, deed, found, offered
from tests.factories import listing
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


async def test_what_is_embedded_elsewhere_is_masked_where_the_rule_says_so(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    def sent() -> str:
        return json.dumps([body["input"] for body in here.asked], ensure_ascii=False)

    monkeypatch.setattr(leaving, "is_public", lambda _address: True)
    said = "I am John Smith, ring +44 20 7946 0958, my tap drips"
    async with tenant_session(market.id) as session:
        about = {"en": "Ask for Mary Jones at mary@example.com. Bouquets for weddings."}
        one = await listing(session, title={"en": "Flowers"}, description=about)
        await PostgresIndex().refresh(session, "listing", [one.id])
    await chosen(market, await offered(market, here))
    await found(market, said)
    assert "Bouquets for weddings." in sent()
    assert "my tap drips" in sent()
    for secret in ("John Smith", "7946", "Mary Jones", "mary@example.com"):
        assert secret not in sent()
    # What would be written as a sign means nothing to a model; the kind's own name does.
    assert "<" not in sent()
    assert "I am person, ring phone, my tap drips" in sent()
    actor = deed(market)
    async with tenant_session(market.id) as session:
        _, version = await policy_of(session, actor)
        await lay_down(session, actor, {"mask_personal_data": False}, version)
    forget()
    query_vectors.forget()
    await found(market, said)
    assert said in sent()


async def test_what_cannot_be_masked_is_not_sent(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    await chosen(market, await offered(market, here))
    before = await found(market)
    monkeypatch.setattr(leaving, "is_public", lambda _address: True)
    monkeypatch.setattr("app.trust.masking.Masking.mask", _fails)
    here.asked.clear()
    query_vectors.forget()
    assert await found(market) == before
    assert here.asked == []


def _fails(*_: object) -> list[str]:
    raise RuntimeError("no mask")
