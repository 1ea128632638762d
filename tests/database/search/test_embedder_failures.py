"""Models at endpoints that do not embed: stood in for, given up, cancelled, paid for."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.accounts.actors import Actor
from app.accounts.permissions import GRANTS, Role
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.inference import embedding
from app.inference.breaker import breaker
from app.inference.budgets import Limits, set_budget, used_today
from app.inference.chains import ChainInput, set_chain
from app.inference.endpoints import ModelRefused
from app.inference.targets import Link
from app.jobs.models import Job
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.search import embedding_sets, query_vectors, vectors, wording
from app.search.embedding_sets import choose, embedders, stop, use_packaged
from app.search.index import Query
from app.search.models import EmbeddingSet
from app.search.postgres import PostgresIndex
from tests.database.search.embedding import LEAK, another, chosen, deed, found, offered, told
from tests.factories import open_market
from tests.stand_in import Manner, StandIn


async def test_an_endpoint_that_is_down_is_stood_in_for_and_health_says_so(
    market: MarketCard, here: StandIn
):
    model = await offered(market, here, name="down")
    await chosen(market, model)
    before = await found(market)
    here.manners["down"] = Manner(status=503)
    query_vectors.forget()
    assert await found(market) == before
    assert (await told(market)).problem == "The endpoint failed."
    assert await found(market, category="shop/bakery") == []
    assert wording.all_fallen()
    here.forget()
    breaker.forget()
    assert await found(market) == before
    assert (await told(market)).problem == ""


async def test_who_is_too_slow_is_not_waited_for(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    await chosen(market, await offered(market, here, name="slow"))
    before = await found(market)
    monkeypatch.setattr(embedding, "QUERY_SECONDS", 0.05)
    here.manners["slow"] = Manner(before=2.0)
    query_vectors.forget()
    assert await asyncio.wait_for(found(market), 1.5) == before
    assert (await told(market)).problem == "The first word did not come in time."


async def test_a_model_that_is_gone_is_stood_in_for(market: MarketCard, here: StandIn):
    await chosen(market, await offered(market, here))
    before = await found(market)
    async with tenant_session(market.id) as session:
        await session.execute(text("update model_endpoint set enabled = false"))
    assert await found(market) == before
    assert (await told(market)).problem == "The model is gone or switched off."


@pytest.mark.parametrize(
    ("manner", "problem"),
    [
        (Manner(status=401), "The endpoint refuses the key."),
        (Manner(status=500), "The endpoint failed."),
        (Manner(garbage=True), "The endpoint answers something that cannot be read."),
        (Manner(dimensions=256), "Its vectors have another size than was said."),
        (
            Manner(dimensions=-384),
            "This model does not tell needs apart; search keeps what it has.",
        ),
    ],
    ids=["unauthorized", "broken", "garbage", "another size", "all alike"],
)
async def test_a_change_that_fails_leaves_what_serves(
    market: MarketCard, here: StandIn, manner: Manner, problem: str
):
    first = await chosen(market, await offered(market, here))
    before = await found(market)
    here.manners[problem] = manner
    now = await chosen(market, await offered(market, here, name=problem))
    assert now.job is not None
    assert (now.job.state, now.job.problem) == ("failed", problem)
    assert now.filling is None
    assert now.serving == first.serving
    breaker.forget()
    assert await found(market) == before
    assert (await told(market)).problem == ""


async def test_a_change_can_be_cancelled_before_and_while_it_runs(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    model = await offered(market, here)
    async with tenant_session(market.id) as session:
        await choose(session, deed(market), model)
        await stop(session, deed(market))
    await work_off()
    now = await told(market)
    assert now.job is not None
    assert (now.serving, now.filling, now.job.state) == (None, None, "cancelled")

    filled = vectors.fill

    async def cancelled(market_id: UUID, row: EmbeddingSet, progress: Any) -> int:
        async with tenant_session(market.id) as session:
            await stop(session, deed(market))
        return await filled(market_id, row, progress)

    monkeypatch.setattr(vectors, "fill", cancelled)
    now = await chosen(market, model)
    assert now.job is not None
    assert (now.serving, now.filling, now.job.state) == (None, None, "cancelled")
    async with tenant_session(market.id) as session:
        assert await session.scalar(text("select count(*) from search_vector")) == 0


async def test_what_is_changed_meanwhile_is_in_both(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    await chosen(market, await offered(market, here))
    added: list[UUID] = []
    made = vectors._made

    async def meanwhile(reader: Any, texts: Any) -> Any:
        if not added:
            async with tenant_session(market.id) as session:
                added.append(await another(session))
            # Until the new set serves, the old one has it as well, once its job has run.
            async with tenant_session(market.id) as session:
                serving = await wording.serving_set(session)
            assert serving is not None

            async def told(_done: int, _total: int) -> None: ...

            assert await vectors.fill(market.id, serving, told) == 1
        return await made(reader, texts)

    monkeypatch.setattr(vectors, "_made", meanwhile)
    now = await chosen(market, await offered(market, here, name="other", dimensions=384))
    assert now.serving is not None
    assert now.serving.model.startswith("other")
    assert (now.entries, now.missing) == (4, 0)
    assert set(added) < set(await found(market))


async def test_new_entries_are_found_before_and_after_the_model_has_read_them(
    market: MarketCard, here: StandIn
):
    await chosen(market, await offered(market, here))
    async with tenant_session(market.id) as session:
        one = await another(session)
    assert (await told(market)).missing == 1
    assert one in await found(market)
    await work_off()
    assert (await told(market)).missing == 0
    query_vectors.forget()
    assert one in await found(market)


async def test_the_packaged_encoder_reads_again_at_once(market: MarketCard, here: StandIn):
    await chosen(market, await offered(market, here))
    async with tenant_session(market.id) as session:
        await use_packaged(session, deed(market))
    here.asked.clear()
    assert len(await found(market)) == 1
    assert here.asked == []
    async with tenant_session(market.id) as session:
        assert await session.scalar(text("select count(*) from search_vector")) == 0
        with pytest.raises(NotFound):
            await use_packaged(session, deed(market))


async def test_tokens_are_the_markets_and_a_used_up_budget_is_stood_in_for(
    market: MarketCard, here: StandIn
):
    model = await offered(market, here, price_in=2, currency="EUR")
    await chosen(market, model)
    async with tenant_session(market.id) as session:
        used = await used_today(session, deed(market))
    assert used.tokens == 7 * sum(len(body["input"]) for body in here.asked)
    assert used.money["EUR"] > 0
    async with tenant_session(market.id) as session:
        await set_budget(session, deed(market), 0, Limits(market_tokens=used.tokens))
    here.asked.clear()
    assert len(await found(market)) == 1
    assert here.asked == []
    assert (await told(market)).problem == "The budget of the day is used up."


async def test_only_who_configures_models_changes_it_and_one_change_runs_at_a_time(
    market: MarketCard, here: StandIn
):
    model = await offered(market, here)
    member = Actor(market.id, kind="person", permissions=GRANTS[Role.OPERATOR])
    async with tenant_session(market.id) as session:
        for refused in (choose(session, member, model), stop(session, member)):
            with pytest.raises(NotAllowed):
                await refused
        for refused in (use_packaged(session, member), embedders(session, member)):
            with pytest.raises(NotAllowed):
                await refused
        await choose(session, deed(market), model)
        with pytest.raises(Conflict):
            await choose(session, deed(market), model)
    await work_off()
    async with tenant_session(market.id) as session:
        with pytest.raises(Conflict):
            await choose(session, deed(market), model)


async def test_another_markets_model_is_none(market: MarketCard, here: StandIn):
    model = await offered(market, here)
    other = await open_market()
    async with tenant_session(other.id) as session:
        with pytest.raises(NotFound):
            await choose(session, deed(other), model)
        assert (await session.exec(select(EmbeddingSet))).all() == []
        assert (await session.exec(select(Job))).all() == []


async def test_what_makes_vectors_writes_no_answers_and_the_other_way_round(
    market: MarketCard, here: StandIn
):
    model = await offered(market, here)
    writes = await offered(market, here, dimensions=0)
    async with tenant_session(market.id) as session:
        with pytest.raises(ModelRefused):
            await set_chain(session, deed(market), "vendor", 0, ChainInput((Link(model),)))
        with pytest.raises(NotFound):
            await choose(session, deed(market), writes)


async def test_a_big_market_is_searched_by_the_index_of_its_vectors_size(
    market: MarketCard, here: StandIn
):
    await chosen(market, await offered(market, here))
    assert embedding_sets.SWITCH == "search.embedder"
    async with tenant_session(market.id) as session:
        query = Query(LEAK, "en")
        hits = [hit.id for hit in await PostgresIndex(exact_up_to=0).search(session, query)]
    assert hits == await found(market)
