"""Browsing a category: narrowed, counted, in an order, a page at a time."""

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from app.catalogue.addresses import place_slugs
from app.catalogue.browsing import (
    ENOUGH,
    PAGE_SIZE,
    Facet,
    Narrowing,
    languages_of_category,
    listings_of_category,
    pages_of_places,
    places_of_category,
)
from app.catalogue.models import Listing
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import listing, open_market, provider
from tests.review_rows import rated

pytestmark = pytest.mark.usefixtures("database")
KEY = "craft/plumber"


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def offered(market: MarketCard, *rows: dict[str, Any]) -> None:
    async with tenant_session(market.id) as session:
        owner = await provider(session)
        for row in rows:
            await listing(session, provider_id=owner.id, **row)


async def test_pages_of_a_category_hold_every_listing_once(market: MarketCard):
    await offered(market, *({"city": "Riga" if n % 2 else "Tartu"} for n in range(PAGE_SIZE + 5)))
    async with tenant_session(market.id) as session:
        first = await listings_of_category(session, KEY, "en")
        second = await listings_of_category(session, KEY, "en", Narrowing(page=2))
        beyond = await listings_of_category(session, KEY, "en", Narrowing(page=99))
        riga = await listings_of_category(session, KEY, "en", Narrowing(city="Riga"))
        french = await listings_of_category(session, KEY, "en", Narrowing(language="fr"))
    assert (first.total, first.pages, len(first.cards)) == (29, 2, 24)
    assert len({card.id for card in first.cards + second.cards}) == 29
    assert beyond.number == 2
    assert {card.city for card in riga.cards} == {"Riga"}
    assert french.total == 0


def priced(amount: int | None, currency: str = "EUR") -> dict[str, Any]:
    if amount is None:
        return {}
    return {"price_amount": Decimal(amount), "price_currency": currency, "price_unit": "hour"}


@pytest.mark.parametrize(
    ("order", "prices"),
    [("cheapest", ["10", "20", "30", "", "5"]), ("dearest", ["30", "20", "10", "", "5"])],
)
async def test_prices_are_ordered_within_the_markets_currency(
    market: MarketCard, order: Any, prices: list[str]
):
    # Five dollars are not less than ten euros, nor is what names no price.
    await offered(market, priced(20), priced(5, "USD"), priced(None), priced(30), priced(10))
    async with tenant_session(market.id) as session:
        found = await listings_of_category(
            session, KEY, "en", Narrowing(currency="EUR", order=order)
        )
    shown = ["".join(sign for sign in card.price if sign.isdigit()) for card in found.cards]
    assert sorted(shown[3:]) == sorted(prices[3:])
    assert shown[:3] == prices[:3]


async def test_a_price_narrows_within_its_currency(market: MarketCard):
    await offered(market, priced(20), priced(5, "USD"), priced(None), priced(30))
    async with tenant_session(market.id) as session:
        asked = Narrowing(price_max=Decimal(25), currency="EUR")
        found = await listings_of_category(session, KEY, "en", asked)
    assert found.total == 1


async def test_facets_are_counted_under_the_other_filters(market: MarketCard):
    await offered(
        market,
        {"city": "Казань", "city_names": {"en": "Kazan"}, "languages": ["ru", "tt"]} | priced(10),
        {"city": "Казань", "city_names": {"en": "Kazan"}, "languages": ["ru"]} | priced(50),
        {"city": "Арск", "languages": ["ru", "tt"]} | priced(10),
        {"city": None, "languages": ["en"]},
        {"city": "Казань", "category": "craft/electrician"},
    )
    async with tenant_session(market.id) as session:
        places = await places_of_category(session, KEY, "en")
        tatar = await places_of_category(session, KEY, "en", Narrowing(city="Арск", language="tt"))
        spoken = await languages_of_category(session, KEY)
        asked = Narrowing(city="Казань", language="tt", price_max=Decimal(20), currency="EUR")
        cheap = await languages_of_category(session, KEY, asked)
    assert places == [Facet("Казань", "Kazan", 2), Facet("Арск", "Арск", 1)]
    assert tatar == [Facet("Арск", "Арск", 1), Facet("Казань", "Kazan", 1)]
    assert [(one.value, one.listings) for one in spoken] == [("ru", 3), ("tt", 2), ("en", 1)]
    assert [(one.value, one.listings) for one in cheap] == [("ru", 1), ("tt", 1)]


def test_a_place_has_a_page_where_there_is_enough_and_somewhere_else():
    full, thin = Facet("Казань", "Kazan", ENOUGH), Facet("Арск", "Arsk", ENOUGH - 1)
    assert pages_of_places([full, thin]) == {"kazan": full}
    assert pages_of_places([full]) == {}
    alike = Facet("Kazan", "Kazan", ENOUGH)
    assert pages_of_places([full, alike]) == {"kazan": full}
    unwritable = Facet("???", "???", ENOUGH)
    assert pages_of_places([full, unwritable]) == {"kazan": full}


async def test_what_has_a_page_of_a_place_is_listed_with_its_last_change(market: MarketCard):
    await offered(
        market,
        *({"city": "Riga"} for _ in range(ENOUGH)),
        *({"city": "Tartu"} for _ in range(ENOUGH + 1)),
        {"city": "Valga"},
        {"city": "Riga", "category": "craft/electrician"},
        *({"city": "Riga", "category": "craft/tiler"} for _ in range(ENOUGH)),
    )
    async with tenant_session(market.id) as session:
        found = await place_slugs(session)
        newest = max(
            (await session.exec(select(Listing.updated_at).where(Listing.city == "Tartu"))).all()
        )
    # All tilers are in Riga, so that their page there would be that of all tilers.
    assert [(kind, place) for kind, place, _ in found] == [
        ("craft-plumber", "tartu"),
        ("craft-plumber", "riga"),
    ]
    assert found[0][2] == newest


async def rated_in_order(market: MarketCard, **asked: Any) -> list[str]:
    async with tenant_session(market.id) as session:
        found = await listings_of_category(session, KEY, "en", Narrowing(**asked))
    return [card.slug for card in found.cards]


async def test_many_good_reviews_stand_above_one_that_is_better(market: MarketCard):
    async with tenant_session(market.id) as session:
        for slug, stars in {
            "one-five": [5],
            "many-good": [5] * 11 + [4],
            "poor": [1, 2],
            "none": [],
        }.items():
            await rated(session, await listing(session, slug=slug), *stars)
        elsewhere = await listing(session, slug="elsewhere", category="craft/electrician")
        await rated(session, elsewhere, *[1] * 50)
    assert await rated_in_order(market, order="best") == ["many-good", "one-five", "poor", "none"]
    assert await rated_in_order(market, order="best", rating=4) == ["many-good", "one-five"]


async def test_an_order_by_stars_needs_no_review(market: MarketCard):
    await offered(market, {"slug": "one"}, {"slug": "two"})
    assert len(await rated_in_order(market, order="best")) == 2
    assert await rated_in_order(market, rating=2) == []


async def test_stars_narrow_and_are_counted_under_the_other_filters(market: MarketCard):
    async with tenant_session(market.id) as session:
        for city, stars in (
            ("Riga", [5, 5]),
            ("Riga", [4]),
            ("Riga", [3, 4]),
            ("Tartu", [4, 5]),
            ("Tartu", [1]),
            ("Tartu", []),
        ):
            await rated(session, await listing(session, city=city), *stars)
    async with tenant_session(market.id) as session:
        every = await listings_of_category(session, KEY, "en")
        riga = await listings_of_category(session, KEY, "en", Narrowing(city="Riga", rating=4))
        places = await places_of_category(session, KEY, "en", Narrowing(rating=4))
        spoken = await languages_of_category(session, KEY, Narrowing(rating=4))
    assert (every.total, every.ratings) == (6, {4: 3, 3: 4, 2: 4})
    assert (riga.total, riga.ratings) == (2, {4: 2, 3: 3, 2: 3})
    assert [(one.value, one.listings) for one in places] == [("Riga", 2), ("Tartu", 1)]
    assert {one.listings for one in spoken} == {3}
