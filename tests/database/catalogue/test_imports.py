"""What an import does to a market, and what it leaves alone."""

from typing import Any

import pytest
from sqlmodel import col, select

from app.catalogue.imports import BATCH, load_listings
from app.catalogue.inputs import ListingInput
from app.catalogue.models import Listing, Provider
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


def row(number: int = 1, **change: Any) -> ListingInput:
    return ListingInput.model_validate(
        {
            "external_id": f"l-{number}",
            "category": "craft/plumber",
            "provider": {"external_id": "p-1", "name": "Ada & Söhne"},
            "title": {"en": "Pipes", "ru": "Трубы"},
            "description": {"en": "All of them.", "ru": "Все."},
            "price": {"amount": "40.5", "unit": "hour"},
            "languages": ["en", "ru", "en"],
            "tags": ["night"],
            **change,
        }
    )


async def load(market: MarketCard, *rows: ListingInput):
    async with tenant_session(market.id) as session:
        return await load_listings(session, market, rows)


async def listing(market: MarketCard, external_id: str = "l-1") -> Listing:
    async with tenant_session(market.id) as session:
        return (
            await session.exec(select(Listing).where(col(Listing.external_id) == external_id))
        ).one()


async def test_a_row_becomes_a_listing_of_its_provider():
    market = await open_market()
    loaded = await load(market, row())
    kept = await listing(market)
    assert (loaded.created, loaded.updated, loaded.unchanged) == (1, 0, 0)
    assert loaded.changed == {kept.id}
    assert kept.tenant_id == market.id
    assert kept.slug == "pipes-l-1"
    assert str(kept.price_amount) == "40.50"
    assert kept.price_currency == "EUR"
    assert kept.languages == ["en", "ru"]
    async with tenant_session(market.id) as session:
        provider = (await session.exec(select(Provider))).one()
    assert (provider.id, provider.slug) == (kept.provider_id, "ada-sohne-p-1")


async def test_a_city_may_have_a_name_in_each_language():
    market = await open_market()
    await load(market, row(1, city={"en": "Kazan", "ru": "Казань"}), row(2, city="Tartu"))
    kept = await listing(market)
    assert market.default_locale == "en"
    assert (kept.city, kept.city_names) == ("Kazan", {"en": "Kazan", "ru": "Казань"})
    plain = await listing(market, "l-2")
    assert (plain.city, plain.city_names) == ("Tartu", {})


async def test_importing_again_changes_nothing():
    market = await open_market()
    rows = [
        row(4, city={"en": "Kazan"}),
        row(1),
        row(2, provider={"name": "Bob"}),
        row(3, price=None, lat=52.5, lon=13.4),
    ]
    await load(market, *rows)
    before = await listing(market)
    again = await load(market, *rows)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    assert again.changed == set()
    assert (await listing(market)).updated_at == before.updated_at


async def test_a_changed_row_changes_its_listing_and_keeps_its_address():
    market = await open_market()
    await load(market, row(1), row(2))
    before = await listing(market)
    loaded = await load(market, row(1, title={"en": "Pipes and taps"}, price=None), row(2))
    after = await listing(market)
    assert (loaded.created, loaded.updated, loaded.unchanged) == (0, 1, 1)
    assert loaded.changed == {after.id}
    assert (after.id, after.slug) == (before.id, before.slug)
    assert after.title == {"en": "Pipes and taps"}
    assert after.price_amount is None
    assert after.price_currency is None
    assert after.updated_at > before.updated_at


async def test_a_renamed_provider_sends_all_its_listings_to_the_index():
    market = await open_market()
    first = await load(market, row(1), row(2))
    loaded = await load(market, row(1, provider={"external_id": "p-1", "name": "Ada Ltd"}))
    assert (loaded.updated, loaded.unchanged) == (0, 1)
    assert loaded.changed == first.changed


async def test_providers_without_an_id_are_known_by_name():
    market = await open_market()
    await load(market, row(1, provider={"name": "Bob"}), row(2, provider={"name": "BOB"}))
    async with tenant_session(market.id) as session:
        providers = (await session.exec(select(Provider))).all()
    assert [provider.slug for provider in providers] == ["bob"]


async def test_names_that_read_alike_get_slugs_of_their_own():
    market = await open_market()
    await load(market, *(row(n, provider={"name": name}) for n, name in enumerate("bBбВ")))
    async with tenant_session(market.id) as session:
        slugs = (await session.exec(select(Provider.slug))).all()
    assert len(set(slugs)) == len(slugs) == 3


async def test_nothing_is_loaded_when_the_unit_of_work_fails():
    market = await open_market()

    def broken():
        yield from (row(n) for n in range(BATCH + 1))
        raise RuntimeError

    # The first batch is in the database by then, and must go with the rest.
    with pytest.raises(RuntimeError):
        async with tenant_session(market.id) as session:
            await load_listings(session, market, broken())
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(Listing))).all() == []


async def test_another_market_keeps_its_rows_of_the_same_ids():
    ours, theirs = await open_market(), await open_market()
    await load(theirs, row())
    before = await listing(theirs)
    loaded = await load(ours, row(1, title={"en": "Ours"}))
    assert loaded.created == 1
    assert (await listing(theirs)).title == before.title
    assert (await listing(ours)).title == {"en": "Ours"}


async def test_more_than_one_batch_reports_its_progress():
    market = await open_market()
    told: list[int] = []
    async with tenant_session(market.id) as session:
        loaded = await load_listings(
            session, market, (row(n) for n in range(BATCH + 1)), told.append
        )
    assert loaded.created == BATCH + 1
    assert told == [BATCH, BATCH + 1]
