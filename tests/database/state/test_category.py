"""The page of a category: what can be chosen, which address it has, and what is no page."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from app.catalogue.models import Listing
from app.database import tenant_session
from app.markets.directory import MarketCard
from state.category import CategoryState
from state.page import PageState
from tests.database.state.conftest import Tab
from tests.factories import listing, open_market, provider
from tests.review_rows import rated

Tabs = Callable[[MarketCard], Tab]
PATH = "/en/c/craft-plumber"


@pytest.fixture
async def here(tab: Tabs) -> Tab:
    """A tab on a market with plumbers in three towns, in one of which there is only one."""
    market = await open_market(locales=["en", "ru"])
    async with tenant_session(market.id) as session:
        owner = await provider(session)
        for city in ("Riga", "Riga", "Riga", "Tartu", "Tartu", "Tartu", "Tartu", "Valga"):
            await listing(session, provider_id=owner.id, city=city)
    return tab(market)


async def opened(here: Tab, address: str) -> tuple[CategoryState, PageState]:
    here.visit(address)
    state, page = await here.of(CategoryState), await here.of(PageState)
    await state.load()
    return state, page


async def test_the_whole_category_leads_to_the_places_that_have_a_page(here: Tab):
    shown, page = await opened(here, PATH)
    assert (shown.total, shown.place, shown.city) == (8, "", "")
    assert [(one.name, one.listings, one.href) for one in shown.nearby] == [
        ("Tartu", 4, f"{PATH}/tartu"),
        ("Riga", 3, f"{PATH}/riga"),
    ]
    assert [one.name for one in shown.cities] == ["Tartu (4)", "Riga (3)", "Valga (1)"]
    assert page.canonical.endswith(PATH)


@pytest.mark.parametrize("address", [f"{PATH}/riga", f"{PATH}?city=Riga"])
async def test_a_place_has_one_address_however_it_was_chosen(here: Tab, address: str):
    shown, page = await opened(here, address)
    assert {card.city for card in shown.cards} == {"Riga"}
    assert (shown.total, shown.place, shown.city) == (3, "Riga", "Riga")
    assert page.canonical.endswith(f"{PATH}/riga")
    assert page.head_title.startswith("Plumber · Riga")
    assert [crumb.name for crumb in page.crumbs][1:] == ["Plumber", "Riga"]
    assert {link["href"].rpartition("/c/")[2] for link in page.alternates} == {"craft-plumber/riga"}


async def test_a_thin_place_is_narrowed_to_but_has_no_page(here: Tab):
    shown, page = await opened(here, f"{PATH}?city=Valga")
    assert (shown.total, shown.place) == (1, "Valga")
    assert page.canonical.endswith(PATH)
    assert not page.missing
    _, page = await opened(here, f"{PATH}/valga")
    assert page.missing


@pytest.mark.parametrize(
    "address",
    [
        f"{PATH}/nowhere",
        f"{PATH}/RIGA",
        f"{PATH}/riga/more",
        f"{PATH}/riga?page=2",
        "/en/c/nothing/riga",
        "/en/c/craft-electrician/riga",
        f"{PATH}?page=0",
        f"{PATH}?page=-1",
    ],
)
async def test_what_is_no_page_is_missing(here: Tab, address: str):
    _, page = await opened(here, address)
    assert page.missing


async def test_what_cannot_be_read_is_forgotten(here: Tab):
    shown, page = await opened(here, f"{PATH}?price_max=NaN&sort=; drop table listing")
    assert (shown.price_max, shown.order, shown.total) == ("", "", 8)
    assert not page.missing


async def test_filters_stay_in_the_links_to_other_pages(here: Tab):
    async with tenant_session(here.market.id) as session:
        owner = await provider(session)
        for _ in range(24):
            await listing(session, provider_id=owner.id, city="Riga")
    shown, _ = await opened(here, f"{PATH}?city=Riga&lang=en&sort=cheapest")
    assert [link.href for link in shown.links] == [
        "",
        f"{PATH}?city=Riga&lang=en&sort=cheapest&page=2",
    ]
    shown, _ = await opened(here, f"{PATH}/riga?sort=cheapest&city=Valga")
    assert shown.links[1].href == f"{PATH}/riga?sort=cheapest&page=2"


async def test_what_is_chosen_can_be_chosen_again_where_nothing_is_left_of_it(here: Tab):
    shown, page = await opened(here, f"{PATH}?city=Riga&lang=fr&price_max=1")
    assert (shown.total, page.missing) == (0, False)
    assert [(one.value, one.name) for one in shown.cities] == [("Riga", "Riga (0)")]
    assert [(one.value, one.name) for one in shown.spoken] == [("fr", "French (0)")]


async def test_a_place_is_chosen_in_the_form_where_some_have_no_page(here: Tab):
    shown, _ = await opened(here, PATH)
    assert not shown.places_chosen_above
    async with tenant_session(here.market.id) as session:
        owner = await provider(session)
        for city in ("Valga", "Valga"):
            await listing(session, provider_id=owner.id, city=city)
    shown, _ = await opened(here, PATH)
    assert shown.places_chosen_above


async def test_no_place_is_named_that_is_none(here: Tab):
    shown, page = await opened(here, f"{PATH}?city=Call+555+now")
    assert (shown.total, shown.place) == (0, "")
    assert "555" not in page.head_title
    assert all("555" not in one.name for one in shown.cities)


async def test_stars_can_be_chosen_where_something_is_reviewed(here: Tab):
    shown, _ = await opened(here, f"{PATH}?rating=4")
    assert (shown.total, [one.name for one in shown.ratings]) == (0, ["At least 4 stars (0)"])
    shown, _ = await opened(here, PATH)
    assert (shown.ratings, [one.value for one in shown.orders]) == ([], ["cheapest", "dearest"])
    async with tenant_session(here.market.id) as session:
        await rated(session, (await session.exec(select(Listing).limit(1))).one(), 5, 4)
    shown, page = await opened(here, f"{PATH}?rating=4&sort=best")
    assert (shown.total, shown.rating, shown.order) == (1, "4", "best")
    assert [(one.value, one.name) for one in shown.ratings] == [
        ("4", "At least 4 stars (1)"),
        ("3", "At least 3 stars (1)"),
        ("2", "At least 2 stars (1)"),
    ]
    assert shown.orders[0].value == "best"
    assert page.canonical.endswith(PATH)
    shown, _ = await opened(here, f"{PATH}?rating=5;drop&sort=best")
    assert (shown.total, shown.rating) == (8, "")
