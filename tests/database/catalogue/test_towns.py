"""The towns that orient in a sketch."""

import pytest

from app.catalogue import towns
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    towns.forget()
    return await open_market()


async def test_a_town_lies_in_the_middle_of_what_it_offers(market: MarketCard):
    async with tenant_session(market.id) as session:
        names = {"ru": "Рига", "en": "Riga"}
        for lat in (56.94, 56.951_23, 56.96, 0.0):
            await listing(session, city="Rīga", city_names=names, lat=lat, lon=24.1)
        found = await towns.towns(session)
    # The one at the equator is a slip of the pen.
    (riga,) = found
    assert (riga.city, riga.named("ru"), riga.named("ar")) == ("Rīga", "Рига", "Rīga")
    assert riga.lat == pytest.approx(56.95, abs=0.006)
    assert (riga.lon, riga.services) == (24.1, 4)


async def test_a_town_of_few_providers_would_give_their_places_away(market: MarketCard):
    async with tenant_session(market.id) as session:
        only = await provider(session)
        for _number in range(5):
            await listing(session, provider_id=only.id, city="Ogre", lat=56.8, lon=24.6)
        await listing(session, city="Ogre", lat=56.8, lon=24.6)
        assert await towns.towns(session) == []


async def test_what_is_not_on_show_or_has_no_place_does_not_count(market: MarketCard):
    async with tenant_session(market.id) as session:
        for state, lat in (("published", None), ("hidden", 56.9), ("draft", 56.9), ("waiting", 1)):
            lon = None if lat is None else 24.1
            await listing(session, city="Jelgava", lat=lat, lon=lon, state=state)
        assert await towns.towns(session) == []


async def test_what_was_read_is_used_for_a_while_and_in_its_market_alone(market: MarketCard):
    other = await open_market()
    async with tenant_session(market.id) as session:
        for _number in range(3):
            await listing(session, city="Riga", lat=56.9, lon=24.1)
        assert [town.services for town in await towns.towns(session)] == [3]
        await listing(session, city="Riga", lat=56.9, lon=24.1)
        assert [town.services for town in await towns.towns(session)] == [3]
        towns.forget()
        assert [town.services for town in await towns.towns(session)] == [4]
    async with tenant_session(other.id) as session:
        assert await towns.towns(session) == []
