"""What is not published is on no public road: pages, search, counts, sitemaps, answers."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app.catalogue import addresses, browsing, reading
from app.database import TenantSession, tenant_session
from app.markets.directory import MarketCard
from app.search.index import Query
from app.search.postgres import PostgresIndex
from app.search.sources import source_ids
from tests.factories import listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")

UNSEEN = [("draft", "published"), ("waiting", "published"), ("hidden", "published")]
UNSEEN += [("refused", "published"), ("published", "hidden")]


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def in_category(session: TenantSession) -> list[Any]:
    page = await browsing.listings_of_category(session, "craft/plumber", "en")
    assert page.total == len(page.cards)
    return [card.slug for card in page.cards]


async def similar(session: TenantSession) -> list[Any]:
    cards = await reading.featured(session, "en")
    return [card.slug for one in cards for card in await reading.similar(session, one)]


async def rows(session: TenantSession, wanted: Any) -> list[Any]:
    return list(await session.execute(wanted))


ROADS: dict[str, Callable[[TenantSession], Awaitable[list[Any]]]] = {
    "category page": in_category,
    "places": lambda session: browsing.places_of_category(session, "craft/plumber", "en"),  # pyright: ignore[reportAssignmentType]
    "languages": lambda session: browsing.languages_of_category(session, "craft/plumber"),  # pyright: ignore[reportAssignmentType]
    "counts": lambda session: reading.counted_categories(session, "en"),  # pyright: ignore[reportAssignmentType]
    "featured": lambda session: reading.featured(session, "en"),  # pyright: ignore[reportAssignmentType]
    "similar": similar,
    "sitemap of listings": lambda session: rows(session, addresses.listing_addresses(["en"])),
    "sitemap of providers": lambda session: rows(session, addresses.provider_addresses(["en"])),
    "sitemap of categories": addresses.category_slugs,  # pyright: ignore[reportAssignmentType]
    "index": lambda session: source_ids(session, "listing"),  # pyright: ignore[reportAssignmentType]
}


@pytest.mark.parametrize(("state", "owner"), UNSEEN)
async def test_what_is_not_published_is_seen_nowhere(market: MarketCard, state: str, owner: str):
    async with tenant_session(market.id) as session:
        who = await provider(session, state=owner)
        made = await listing(session, state=state, provider_id=who.id, city="Riga")
        for road, told in ROADS.items():
            assert await told(session) == [], road
        ids = [made.id]
        assert await reading.listing_by_slug(session, made.slug, "en") is None
        assert await reading.provider_by_slug(session, who.slug, "en") is None
        assert await reading.cards(session, ids, "en") == []
        assert await reading.descriptions(session, ids, "en") == {}
        assert await reading.cities(session) == {}
        assert await reading.places_and_languages(session, "en") == ({}, [])
        assert await addresses.provider_count(session) == 0


async def test_a_published_listing_is_on_every_road(market: MarketCard):
    async with tenant_session(market.id) as session:
        who = await provider(session)
        first = await listing(session, provider_id=who.id, city="Riga")
        await listing(session, provider_id=who.id)
        await listing(session, provider_id=who.id, state="draft")
        for road, told in ROADS.items():
            assert await told(session) != [], road
        found = await reading.provider_by_slug(session, who.slug, "en")
        assert found is not None
        assert found[0].listings == 2
        assert len(await rows(session, addresses.listing_addresses(["en"]))) == 2
        assert [card.id for card in await reading.cards(session, [first.id], "en")] == [
            str(first.id)
        ]


async def test_search_forgets_what_was_hidden_before_anybody_reads_the_index_again(
    market: MarketCard,
):
    index = PostgresIndex()

    async def found(session: TenantSession) -> list[UUID]:
        return [hit.id for hit in await index.search(session, Query("leaking tap", "en"))]

    async with tenant_session(market.id) as session:
        made = await listing(session)
        await index.refresh(session, "listing")
        assert await found(session) == [made.id]
        made.state = "hidden"
        await session.flush()
        # The entry is still there; what is shown of it is not.
        assert await reading.cards(session, await found(session), "en") == []
        await index.refresh(session, "listing", [made.id])
        assert await found(session) == []
