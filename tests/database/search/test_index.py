"""What every search index must do; the implementations run the same tests."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from app.database import identity_session, tenant_session
from app.search.index import Filters, Near, Query, SearchIndex
from app.search.postgres import PostgresIndex
from app.search.weaviate.index import WeaviateIndex
from tests.factories import article, listing, open_market

pytestmark = pytest.mark.usefixtures("database")

LEAK = "Вода капает из крана"


@pytest.fixture(params=["exact", "approximate", "weaviate"])
def index(request: pytest.FixtureRequest) -> SearchIndex:
    """Each implementation, and each way of finding candidates."""
    if request.param == "weaviate":
        request.getfixturevalue("weaviate")
        return WeaviateIndex()
    return PostgresIndex(exact_up_to=0 if request.param == "approximate" else 20_000)


async def found(index: SearchIndex, session: Any, said: str = LEAK, **filters: Any) -> list[Any]:
    hits = await index.search(session, Query(said, "en", filters=Filters(**filters)))
    return [hit.id for hit in hits]


async def test_a_need_finds_the_service_in_another_language(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        plumber = await listing(session)
        await listing(
            session,
            category="shop/florist",
            title={"en": "Bouquets"},
            description={"en": "Flowers delivered."},
        )
        await index.refresh(session, "listing")
        assert await found(index, session) == [plumber.id]
        assert await found(index, session, "water drips from the tap") == [plumber.id]


async def test_nothing_that_fits_is_an_empty_list(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        await listing(session)
        await index.refresh(session, "listing")
        assert await found(index, session, "chess lessons for advanced players") == []
        assert await found(index, session, "  ") == []


@pytest.mark.parametrize(
    "said", ["rent a car for two weeks", "буровая скважина под воду", "¿qué día es hoy?"]
)
async def test_what_the_market_lacks_is_not_answered_by_a_neighbour(index: SearchIndex, said: str):
    market = await open_market()
    async with tenant_session(market.id) as session:
        await listing(session)
        await listing(
            session,
            category="shop/car_repair",
            title={"en": "Car workshop"},
            description={"en": "Brakes, clutch and engine diagnostics for all makes."},
        )
        await index.refresh(session, "listing")
        assert len(await found(index, session, "my car does not start")) == 1
        assert await found(index, session, said) == []


async def test_another_market_finds_nothing(index: SearchIndex):
    ours, theirs = await open_market(), await open_market()
    async with tenant_session(ours.id) as session:
        await listing(session)
        await index.refresh(session, "listing")
    async with tenant_session(theirs.id) as session:
        assert await found(index, session) == []


async def test_a_listing_that_does_not_say_passes_no_filter(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        await listing(session, languages=[])
        await index.refresh(session, "listing")
        assert len(await found(index, session)) == 1
        refusing: tuple[dict[str, Any], ...] = (
            {"city": "Berlin"},
            {"language": "en"},
            {"price_max": Decimal(1000), "currency": "EUR"},
            {"near": Near(52.5, 13.4, 20_000)},
            {"category": "craft/electrician"},
        )
        for refused in refusing:
            assert await found(index, session, **refused) == [], refused


async def test_filters_let_through_what_they_describe(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        plumber = await listing(
            session,
            city="Berlin",
            price_amount=Decimal("40.00"),
            price_currency="EUR",
            lat=52.52,
            lon=13.40,
        )
        await index.refresh(session, "listing")
        passing: tuple[dict[str, Any], ...] = (
            {"city": "berlin"},
            {"language": "ru"},
            {"price_max": Decimal(40), "currency": "EUR"},
            {"near": Near(52.50, 13.45, 10)},
            {"category": "craft/plumber"},
        )
        for passed in passing:
            assert await found(index, session, **passed) == [plumber.id], passed
        refusing: tuple[dict[str, Any], ...] = (
            {"price_max": Decimal("39.99"), "currency": "EUR"},
            {"price_max": Decimal(100), "currency": "USD"},
            {"near": Near(48.1, 11.6, 100)},
            {"language": "de"},
        )
        for refused in refusing:
            assert await found(index, session, **refused) == [], refused


async def test_only_what_changed_is_embedded_again(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        first = await listing(session)
        await listing(session)
        seen: list[tuple[int, int]] = []
        assert await index.refresh(session, "listing", progress=lambda *at: seen.append(at)) == 2
        assert seen[-1] == (2, 2)
        assert await index.refresh(session, "listing") == 0
        first.title = {"en": "Florist", "ru": "Флорист"}
        first.description = {"en": "Roses and tulips.", "ru": "Розы и тюльпаны."}
        first.category = "shop/florist"
        await session.flush()
        assert await index.refresh(session, "listing", [first.id]) == 1
        assert first.id not in await found(index, session)
        assert await found(index, session, "a bouquet of roses") == [first.id]


async def test_what_was_deleted_is_found_no_more(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        plumber = await listing(session)
        await index.refresh(session, "listing")
        await session.delete(plumber)
        await session.flush()
        await index.refresh(session, "listing")
        assert await found(index, session) == []


async def test_a_provider_is_found_by_name_with_a_typo(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        named = await listing(session, title={"en": "Wasserfreund Sanitär"})
        await listing(session, title={"en": "Bouquets"}, description={"en": "Roses."})
        await index.refresh(session, "listing")
        assert (await found(index, session, "Wasserfreud sanitar"))[:1] == [named.id]


async def test_an_article_answers_with_a_passage_in_the_readers_language(index: SearchIndex):
    market = await open_market()
    async with tenant_session(market.id) as session:
        cancelling = await article(
            session,
            title={"en": "How to cancel a booking", "ru": "Как отменить бронь"},
            body={
                "en": "## Terms\n\nYou can cancel a booking free of charge up to a day before.",
                "ru": "## Условия\n\nОтменить бронь бесплатно можно не позже чем за день.",
            },
        )
        secret = await article(session, title={"en": "Cancelling for staff"}, public=False)
        await index.refresh(session, "article")
        hits = await index.search(
            session, Query("how do I cancel my booking", "ru", kinds=("article",))
        )
        assert [hit.id for hit in hits] == [cancelling.id]
        assert hits[0].passage == "Отменить бронь бесплатно можно не позже чем за день."
        assert secret.id not in [hit.id for hit in hits]


@pytest.mark.parametrize("function", ["spelt_like", "worded_like"])
async def test_the_functions_that_run_as_the_owner_stay_in_the_bound_market(
    function: str,
):
    index = PostgresIndex()
    ours, theirs = await open_market(), await open_market()
    for market in (ours, theirs):
        async with tenant_session(market.id) as session:
            await listing(session, title={"en": "Harpsichord tuning"})
            await index.refresh(session, "listing")
    ask = text(f"select count(*) from app.{function}('listing', 'harpsichord', 50)")
    async with tenant_session(ours.id) as session:
        assert await session.scalar(ask) == 1
    async with identity_session() as session:
        assert await session.scalar(ask) == 0
