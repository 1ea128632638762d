"""Having a model at an endpoint embed a market's texts, for tests."""

from typing import Any
from uuid import UUID

from app.accounts.actors import Actor, system
from app.database import TenantSession, tenant_session
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.search.embedding_sets import Embedders, choose, embedders
from app.search.index import Filters, Query
from app.search.postgres import PostgresIndex
from tests.factories import listing
from tests.model_rows import model_endpoint, offered_model
from tests.stand_in import StandIn

LEAK = "water drips from the tap"


def deed(market: MarketCard) -> Actor:
    return system(market.id, "test")


async def offered(market: MarketCard, here: StandIn, **more: Any) -> UUID:
    async with tenant_session(market.id) as session:
        at = await model_endpoint(session, kind="vllm", urls=[here.url], inside=True, secret="key")
        usual = {"query_prefix": "query: ", "passage_prefix": "passage: ", "dimensions": 384}
        return (await offered_model(session, endpoint_id=at.id, **{**usual, **more})).id


async def chosen(market: MarketCard, model_id: UUID) -> Embedders:
    async with tenant_session(market.id) as session:
        await choose(session, deed(market), model_id)
    await work_off()
    return await told(market)


async def told(market: MarketCard) -> Embedders:
    async with tenant_session(market.id) as session:
        return await embedders(session, deed(market))


async def found(market: MarketCard, said: str = LEAK, **filters: Any) -> list[UUID]:
    async with tenant_session(market.id) as session:
        query = Query(said, "en", filters=Filters(**filters))
        return [hit.id for hit in await PostgresIndex().search(session, query)]


async def another(session: TenantSession) -> UUID:
    """One plumber more, indexed."""
    about = {"en": "Water drips from the tap? Repaired today."}
    one = await listing(session, title={"en": "Leaking taps"}, description=about)
    await PostgresIndex().refresh(session, "listing", [one.id])
    return one.id
