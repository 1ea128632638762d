"""What is suggested for a few letters: only what the market has, in the reader's language."""

import pytest

from app.catalogue.models import CategoryChoice
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.suggesting import CATEGORIES, Suggestion, suggestions
from tests.factories import listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    """Plumbers and a dentist, and somebody who offers nothing."""
    market = await open_market()
    async with tenant_session(market.id) as session:
        night = await provider(session, name="Night Pipes", slug="night-pipes")
        await listing(session, provider_id=night.id)
        await listing(session, category="amenity/dentist", provider_id=night.id)
        await provider(session, name="Pipes of Nobody", slug="nobody")
        hidden = await provider(session, name="Pipes in Hiding", slug="hiding", state="hidden")
        await listing(session, provider_id=hidden.id, category="craft/tiler")
    return market


async def lines(market: MarketCard, typed: str, locale: str = "en") -> list[Suggestion]:
    async with tenant_session(market.id) as session:
        return await suggestions(session, typed, locale)


async def names(market: MarketCard, typed: str, locale: str, kind: str = "category") -> list[str]:
    return [one.text for one in await lines(market, typed, locale) if one.kind == kind]


@pytest.mark.parametrize(
    ("typed", "locale", "name"),
    [
        ("plu", "en", "Plumber"),
        ("PLUM", "en", "Plumber"),
        ("сант", "ru", "Сантехник"),
        ("klem", "de", "Klempner"),
        ("denti", "es", "Dentista"),
        ("سبّا", "ar", "سباك"),
    ],
)
async def test_a_category_is_found_by_the_letters_it_begins_with(
    market: MarketCard, typed: str, locale: str, name: str
):
    assert name in await names(market, typed, locale)


async def test_a_category_leads_to_its_page(market: MarketCard):
    assert (await lines(market, "сантех", "ru"))[:1] == [
        Suggestion("category", "Сантехник", "", "/ru/c/craft-plumber")
    ]


async def test_a_need_leads_to_its_search_and_says_who_answers_it(market: MarketCard):
    found = [one for one in await lines(market, "leak tap", "en") if one.kind == "need"]
    assert found
    assert found[0].note == "Plumber"
    assert found[0].url.startswith("/en/search?q=")
    assert " " not in found[0].url


async def test_a_provider_is_found_by_any_word_of_the_name_if_there_is_something_on_show(
    market: MarketCard,
):
    assert await names(market, "pipes", "en", "provider") == ["Night Pipes"]
    assert await names(market, "night p", "en", "provider") == ["Night Pipes"]


async def test_nothing_is_suggested_that_the_market_has_not(market: MarketCard):
    # The only tiler hides, and nobody here is a notary.
    for typed in ("tile", "tiler", "notary"):
        assert await names(market, typed, "en") == []
    async with tenant_session(market.id) as session:
        session.add(CategoryChoice(category="craft/plumber", hidden=True))
    assert await names(market, "plumber", "en") == []


@pytest.mark.parametrize("typed", ["", " ", "p", "\0", "%", "__", "\\", "!!!", "𝓍" * 5000])
async def test_what_says_nothing_suggests_nothing(market: MarketCard, typed: str):
    assert await lines(market, typed) == []


async def test_few_are_suggested(market: MarketCard):
    async with tenant_session(market.id) as session:
        owner = await provider(session)
        for kind in ("craft/carpenter", "craft/caterer", "shop/car_repair", "craft/cabinet_maker"):
            await listing(session, provider_id=owner.id, category=kind)
        await listing(session, provider_id=owner.id, category="craft/carpet_layer")
    assert 0 < len(await names(market, "ca", "en")) <= CATEGORIES
