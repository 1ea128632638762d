"""A member's first offer, and what a provider can do with their own and with nobody else's."""

from typing import Any

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.signing import sign_in, sign_up
from app.catalogue.models import Listing, Provider
from app.catalogue.moderating import moderate
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.catalogue import ListingState
from state.office.listings import OfficeListingState
from state.office.profile import OfficeState
from state.page import PageState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import listing, open_market

OFFER = {
    "name": "Ada Pipes",
    "title": "Leak repairs",
    "category": "craft/plumber",
    "city": "Riga",
    "description": "Taps and traps, the same day.",
    "amount": "40",
    "unit": "hour",
}


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def here(market: MarketCard, tab: Tabs) -> Tab:
    async with tenant_session(market.id) as session:
        await sign_up(session, "ada@example.com", "Ada", PASSWORD, "en")
        token = await sign_in(session, "ada@example.com", PASSWORD, "")
    found = tab(market)
    found.visit("/en/office", token)
    return found


async def load(page: Any) -> None:
    with declaring(Declaration()):
        await page.load()


async def the_listing(market: MarketCard) -> Listing:
    async with tenant_session(market.id) as session:
        return (await session.exec(select(Listing))).one()


def moved(here: Tab, path: str) -> None:
    cookie = str(here.root.router.headers.cookie)
    here.visit(path, cookie.partition("=")[2])


async def test_a_member_offers_and_the_staff_decides(market: MarketCard, here: Tab):
    office = await here.of(OfficeState)
    await load(office)
    assert (office.provider_id, office.name) == ("", "Ada")
    await office.offer(dict(OFFER))
    assert (await here.of(AdminState)).notice_kind == "done"
    assert [(one.title, one.state) for one in office.offers] == [("Leak repairs", "waiting")]
    assert office.name == "Ada Pipes"
    first = await the_listing(market)
    async with tenant_session(market.id) as session:
        system = actors.system(market.id, "staff")
        await moderate(session, system, [first.id], "refuse", "Which city?")
    moved(here, f"/en/office/services/{first.id}")
    page = await here.of(OfficeListingState)
    await load(page)
    assert (page.state, page.reason) == ("refused", "Which city?")
    await page.send()
    assert page.state == "waiting"
    await page.withdraw()
    assert (await the_listing(market)).state == "draft"


async def test_what_is_wrong_with_an_offer_is_said_and_nothing_is_made(
    market: MarketCard, here: Tab
):
    office = await here.of(OfficeState)
    await load(office)
    await office.offer({**OFFER, "title": ""})
    assert office.problem_field == "title"
    await office.offer({**OFFER, "name": {"a": 1}})
    assert office.problem_field == "name"
    async with tenant_session(market.id) as session:
        assert list(await session.exec(select(Provider.id))) == []


async def test_a_provider_does_nothing_to_what_others_offer(market: MarketCard, here: Tab):
    async with tenant_session(market.id) as session:
        other = await listing(session, state="draft")
    office = await here.of(OfficeState)
    await load(office)
    await office.offer(dict(OFFER))
    moved(here, f"/en/office/services/{other.id}")
    page = await here.of(OfficeListingState)
    await load(page)
    assert not page.ready
    for deed in (page.send(), page.withdraw(), page.delete(), page.save({"title.en": "Mine"})):
        await deed
        assert (await here.of(AdminState)).notice_kind == "wrong"
    async with tenant_session(market.id) as session:
        stands = await session.get_one(Listing, other.id)
        assert (stands.state, stands.version) == ("draft", 1)
    moved(here, f"/en/office/preview/{other.id}")
    preview = await here.of(ListingState)
    with declaring(Declaration()):
        await preview.load_preview()
    assert preview.card is None
    assert (await here.of(PageState)).refusal != ""


async def test_a_provider_previews_a_draft_that_nobody_else_sees(market: MarketCard, here: Tab):
    office = await here.of(OfficeState)
    await load(office)
    await office.offer(dict(OFFER))
    first = await the_listing(market)
    moved(here, f"/en/office/preview/{first.id}")
    preview = await here.of(ListingState)
    with declaring(Declaration()) as declared:
        await preview.load_preview()
    assert preview.card is not None
    assert preview.card.title == "Leak repairs"
    assert not declared.is_public
    moved(here, f"/en/s/{first.slug}")
    with declaring(Declaration()) as declared:
        await preview.load()
    assert declared.status == 404


async def test_a_provider_writes_a_second_service(market: MarketCard, here: Tab):
    office = await here.of(OfficeState)
    await load(office)
    await office.offer(dict(OFFER))
    moved(here, "/en/office/services/new")
    page = await here.of(OfficeListingState)
    await load(page)
    await page.save(
        {"title.en": "Boilers", "description.en": "Serviced.", "category": "craft/plumber"}
    )
    assert page.state == "draft"
    await load(office)
    assert {one.title for one in office.offers} == {"Leak repairs", "Boilers"}


async def test_the_profile_is_saved(market: MarketCard, here: Tab):
    office = await here.of(OfficeState)
    await load(office)
    await office.offer(dict(OFFER))
    await office.save({"name": "Ada & Co", "about.en": "Since 1990.", "about.ru": ["x"]})
    async with tenant_session(market.id) as session:
        found = (await session.exec(select(Provider))).one()
    assert (found.name, found.about) == ("Ada & Co", {"en": "Since 1990."})
