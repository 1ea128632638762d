"""A market's own names and order of categories, on every road."""

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.permissions import Permission
from app.catalogue import addresses, browsing, reading
from app.catalogue.choices import kinds_to_choose
from app.catalogue.choosing import edit_choice, order_categories
from app.database import tenant_session
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.search.models import SearchEntry
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")
LOCALES = ("en", "ru")
PLUMBER, FLORIST = "craft/plumber", "shop/florist"


@pytest.fixture
async def market() -> MarketCard:
    market = await open_market()
    async with tenant_session(market.id) as session:
        await listing(session)
        await listing(session)
        await listing(session, category=FLORIST)
    return market


async def test_a_renamed_category_has_its_name_everywhere(market: MarketCard):
    staff = actors.system(market.id, "staff")
    async with tenant_session(market.id) as session:
        await edit_choice(
            session, staff, PLUMBER, 0, names={"en": "Pipes"}, hidden=False, locales=LOCALES
        )
        counted = await reading.counted_categories(session, "en")
        assert counted[0].name == "Pipes"
        assert (await reading.counted_categories(session, "ru"))[0].name == "Сантехник"
        page = await browsing.listings_of_category(session, PLUMBER, "en")
        assert {card.category_name for card in page.cards} == {"Pipes"}
        detail = await reading.listing_by_slug(session, page.cards[0].slug, "en")
        assert detail is not None
        assert detail.card.category_name == "Pipes"
        near = await reading.similar(session, detail.card)
        assert {card.category_name for card in near} <= {"Pipes"}
        assert await reading.category_name(session, PLUMBER, "en") == "Pipes"
        assert "Pipes" in {kind.name for kind in await kinds_to_choose(session, "en")}
    await work_off()
    async with tenant_session(market.id) as session:
        query = select(SearchEntry.names).where(SearchEntry.locale == "en")
        assert all("pipes" in names for names in await session.exec(query))


async def test_a_hidden_category_has_no_page_and_its_services_stay(market: MarketCard):
    staff = actors.system(market.id, "staff")
    async with tenant_session(market.id) as session:
        await edit_choice(session, staff, PLUMBER, 0, names={}, hidden=True, locales=LOCALES)
        assert [one.key for one in await reading.counted_categories(session, "en")] == [FLORIST]
        assert [slug for slug, _ in await addresses.category_slugs(session)] == ["shop-florist"]
        assert await reading.category_name(session, PLUMBER, "en") is None
        assert PLUMBER not in {kind.value for kind in await kinds_to_choose(session, "en")}
        shown = await reading.featured(session, "en")
        assert {card.category for card in shown} == {PLUMBER, FLORIST}
        hidden = next(card.slug for card in shown if card.category == PLUMBER)
        detail = await reading.listing_by_slug(session, hidden, "en")
        assert detail is not None
        assert detail.category_url == ""


async def test_categories_come_in_the_order_chosen(market: MarketCard):
    staff = actors.system(market.id, "staff")

    async def order() -> list[str]:
        async with tenant_session(market.id) as session:
            return [one.key for one in await reading.counted_categories(session, "en")]

    assert await order() == [PLUMBER, FLORIST]
    async with tenant_session(market.id) as session:
        await order_categories(session, staff, [FLORIST])
    assert await order() == [FLORIST, PLUMBER]
    async with tenant_session(market.id) as session:
        await order_categories(session, staff, [])
    assert await order() == [PLUMBER, FLORIST]


async def test_editors_are_told_of_each_other_and_others_are_refused(market: MarketCard):
    staff = actors.system(market.id, "staff")
    async with tenant_session(market.id) as session:
        await edit_choice(session, staff, PLUMBER, 0, names={}, hidden=True, locales=LOCALES)
        with pytest.raises(Conflict):
            await edit_choice(session, staff, PLUMBER, 0, names={}, hidden=False, locales=LOCALES)
        with pytest.raises(NotFound):
            await edit_choice(session, staff, "craft/x", 0, names={}, hidden=True, locales=LOCALES)
        with pytest.raises(AppError):
            await edit_choice(
                session, staff, FLORIST, 0, names={"en": "x" * 201}, hidden=True, locales=LOCALES
            )
        other = actors.system(market.id, "operator", Permission.MODERATE)
        with pytest.raises(NotAllowed):
            await edit_choice(session, other, PLUMBER, 1, names={}, hidden=False, locales=LOCALES)
        with pytest.raises(NotAllowed):
            await order_categories(session, other, [PLUMBER])
