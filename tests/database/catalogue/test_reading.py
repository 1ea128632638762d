"""Cards, pages of listings, and what stands beside a listing."""

from decimal import Decimal

import pytest

from app.catalogue import reading
from app.database import TenantSession, tenant_session
from app.markets.directory import MarketCard
from tests.factories import listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def test_a_card_speaks_the_readers_language(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(
            session, price_amount=Decimal(40), price_currency="EUR", price_unit="hour"
        )
        found = await reading.listing_by_slug(session, made.slug, "ru")
    assert found is not None
    assert found.card.title == "Сантехник на вызов"
    assert found.card.price.replace("\xa0", " ") == "40 €"
    assert found.card.url == f"/ru/s/{made.slug}"
    assert found.card.category_name == "Сантехник"
    assert found.locales == ["en", "ru"]


async def test_a_card_falls_back_and_says_in_which_language_it_speaks(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(session, title={"ru": "Муж на час"}, description={"ru": "Починит."})
        found = await reading.listing_by_slug(session, made.slug, "de")
    assert found is not None
    assert (found.card.title, found.card.text_locale, found.description) == (
        "Муж на час",
        "ru",
        "Починит.",
    )


async def test_counts_and_neighbours_stay_inside_the_category(market: MarketCard):
    async with tenant_session(market.id) as session:
        plumber = await listing(session, city="Riga")
        other = await listing(session, city="Riga")
        await listing(session, category="craft/electrician")
        counted = await reading.counted_categories(session, "en")
        detail = await reading.listing_by_slug(session, plumber.slug, "en")
        assert detail is not None
        near = await reading.similar(session, detail.card)
        chosen = await reading.featured(session, "en")
        cities, spoken = await reading.places_and_languages(session, "en", "craft/plumber")
    assert [(count.key, count.listings) for count in counted] == [
        ("craft/plumber", 2),
        ("craft/electrician", 1),
    ]
    assert [card.slug for card in near] == [other.slug]
    assert sorted(card.category for card in chosen) == ["craft/electrician", "craft/plumber"]
    assert (cities, spoken) == ({"Riga": "Riga"}, ["en", "ru"])


async def test_a_provider_is_shown_with_their_services(market: MarketCard):
    async with tenant_session(market.id) as session:
        owner = await provider(session, name="Ivan & Sons")
        mine = await listing(session, provider_id=owner.id)
        await listing(session)
        found = await reading.provider_by_slug(session, owner.slug, "en")
        missing = await reading.provider_by_slug(session, "nobody", "en")
    assert found is not None
    assert (found[0].name, found[0].listings) == ("Ivan & Sons", 1)
    assert [card.slug for card in found[1]] == [mine.slug]
    assert missing is None


async def test_another_markets_listing_is_not_found(market: MarketCard):
    elsewhere = await open_market()

    async def slug_in(session: TenantSession) -> str:
        return (await listing(session)).slug

    async with tenant_session(elsewhere.id) as session:
        slug = await slug_in(session)
    async with tenant_session(market.id) as session:
        assert await reading.listing_by_slug(session, slug, "en") is None


async def test_a_city_is_called_as_its_reader_calls_it(market: MarketCard):
    async with tenant_session(market.id) as session:
        kept = await listing(session, city="Казань", city_names={"ru": "Казань", "en": "Kazan"})
        other = await listing(session, city="Казань", city_names={"ru": "Казань", "en": "Kazan"})
        await listing(session, city="Арск")
        shown = await reading.cards(session, [kept.id], "en")
        german = await reading.cards(session, [kept.id], "de")
        cities, _ = await reading.places_and_languages(session, "en")
        named = await reading.cities(session)
        near = await reading.similar(session, shown[0])
    assert [shown[0].city, german[0].city] == ["Kazan", "Казань"]
    assert cities == {"Казань": "Kazan", "Арск": "Арск"}
    assert named == {"Казань": "Казань", "Kazan": "Казань", "Арск": "Арск"}
    assert near[0].slug == other.slug
