"""What pages say in JSON-LD, held against schema.org's own vocabulary."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import reflex as rx

from app.catalogue.photos.showing import cover_of
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.markets.platform import ensure_platform
from state.catalogue import ListingState, ProviderState
from state.category import CategoryState
from state.home import HomeState
from state.knowledge import HelpState
from state.page import PageState
from state.privacy import PrivacyState
from state.reviews import ReviewsState
from tests.database.state.conftest import Tab
from tests.factories import article, listing, open_market, provider
from tests.photo_rows import listing_photo
from tests.review_rows import rated
from tests.vocabulary import faults

Tabs = Callable[[MarketCard], Tab]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def addresses(market: MarketCard) -> dict[str, tuple[type[rx.State], Any, str]]:
    """The handler and the path of every page that says something in JSON-LD."""
    async with tenant_session(market.id) as session:
        who = await provider(session, slug="ada", about={"en": "Ada mends taps."})
        priced: dict[str, Any] = {
            "price_amount": Decimal("12.50"),
            "price_currency": "EUR",
            "price_unit": "hour",
            "city": "Riga",
        }
        round_riga = {"lat": 56.9, "lon": 24.1, "radius_km": 7.5}
        whole = await listing(session, slug="whole", provider_id=who.id, **priced, **round_riga)
        whole.cover = cover_of(await listing_photo(session, listing_id=whole.id))
        await rated(session, whole, 5, 4)
        await listing(session, slug="placed", provider_id=who.id, city="Riga")
        await listing(session, slug="bare", provider_id=who.id, languages=[])
        await article(session, slug="cancelling")
    return {
        "home": (HomeState, HomeState.load, "/en"),
        "category": (CategoryState, CategoryState.load, "/en/c/craft-plumber"),
        "a listing with everything": (ListingState, ListingState.load, "/en/s/whole"),
        "reviews": (ReviewsState, ReviewsState.load, "/en/s/whole/reviews"),
        "a listing of a city": (ListingState, ListingState.load, "/en/s/placed"),
        "a listing with nothing": (ListingState, ListingState.load, "/en/s/bare"),
        "provider": (ProviderState, ProviderState.load, "/en/p/ada"),
        "help": (HelpState, HelpState.load_index, "/en/help"),
        "article": (HelpState, HelpState.load_article, "/en/help/cancelling"),
        "privacy": (PrivacyState, PrivacyState.load, "/en/privacy"),
    }


async def said(here: Tab, part: type[rx.State], handler: Any, path: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    here.visit(path)
    await handler.fn(await here.of(part))
    page = await here.of(PageState)
    assert not page.missing
    return json.loads(page.structured_data)


async def test_every_type_and_property_is_one_of_schema_org(
    market: MarketCard, tab: Tabs, addresses: dict[str, tuple[type[rx.State], Any, str]]
):
    wrong: dict[str, list[str]] = {}
    for name, address in addresses.items():
        document = await said(tab(market), *address)
        if found := faults(document):
            wrong[name] = found
    assert wrong == {}


async def test_the_platforms_home_keeps_to_it_too(tab: Tabs):
    platform = await ensure_platform()
    document = await said(tab(platform), HomeState, HomeState.load, "/en")
    assert document["@type"] == "WebSite"
    assert faults(document) == []


async def test_a_listing_says_in_which_languages_it_is_given(
    market: MarketCard, tab: Tabs, addresses: dict[str, tuple[type[rx.State], Any, str]]
):
    document = await said(tab(market), *addresses["a listing with everything"])
    (service,) = [one for one in document["@graph"] if one["@type"] == "Service"]
    assert service["availableChannel"]["availableLanguage"] == ["en", "ru"]
    assert len(service["image"]) == 1
    document = await said(tab(market), *addresses["a listing with nothing"])
    (service,) = [one for one in document["@graph"] if one["@type"] == "Service"]
    assert "availableChannel" not in service


async def test_stars_are_told_where_there_are_some_and_nowhere_else(
    market: MarketCard, tab: Tabs, addresses: dict[str, tuple[type[rx.State], Any, str]]
):
    for name, kind, reviews in (
        ("a listing with everything", "Service", 2),
        ("reviews", "Service", 2),
        ("provider", "LocalBusiness", 0),
    ):
        document = await said(tab(market), *addresses[name])
        (thing,) = [one for one in document["@graph"] if one["@type"] == kind]
        told = thing["aggregateRating"]
        assert (told["ratingValue"], told["reviewCount"], told["bestRating"]) == (4.5, 2, 5)
        assert len(thing.get("review", ())) == reviews
    first, _second = (await said(tab(market), *addresses["reviews"]))["@graph"][0]["review"]
    assert first["reviewRating"]["ratingValue"] == 4
    assert (first["author"]["name"], first["inLanguage"]) == ("Ada", "en")
    document = await said(tab(market), *addresses["a listing of a city"])
    assert "ating" not in json.dumps(document)


@pytest.mark.parametrize(
    ("thing", "fault"),
    [
        ({"@type": "Servise"}, "the type 'Servise'"),
        ({"@type": "Text"}, "the type 'Text'"),
        ({"@type": "Service", "titel": "x"}, "the property 'titel' of Service"),
        (
            {"@type": "Service", "serviceArea": {"@type": "City"}},
            "the property serviceArea of Service, which areaServed took the place of",
        ),
        (
            {"@type": "GeoCircle", "query": "x"},
            "query of GeoCircle: it belongs to SearchAction",
        ),
        (
            {"@type": "Service", "areaServed": {"@type": "Offer"}},
            "areaServed of Service: Offer is none of AdministrativeArea, GeoShape, Place, Text",
        ),
        (
            {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "postion": 1}]},
            "the property 'postion' of ListItem",
        ),
        (
            {"@type": "Service", "provider": "Ada"},
            "provider of Service: 'Ada' is none of Organization, Person",
        ),
    ],
)
def test_what_does_not_keep_to_it_is_found(thing: dict[str, Any], fault: str):
    assert faults({"@context": "https://schema.org", **thing}) == [fault]
    assert faults({"@context": "https://schema.org", "@graph": [thing]}) == [fault]


def test_another_context_is_found():
    assert faults({"@type": "Service"}) == ["the context None"]
