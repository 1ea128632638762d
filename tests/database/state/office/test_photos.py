"""What a provider sees of their photos and does with them, and what the public page says."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from app.accounts import actors, notes
from app.accounts.models import Person
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.catalogue.models import Listing
from app.catalogue.photos.drawing import Drawn
from app.catalogue.photos.hanging import describe, hang
from app.catalogue.photos.refusals import NOTE
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from app.settings import settings
from state.admin.entry import AdminState
from state.catalogue import ListingState
from state.office.listings import OfficeListingState
from state.page import PageState
from state.photos import PhotosState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import listing, open_market

DRAWN = Drawn(700, 500, "#abc,#789,#456", {"320.webp": b"small", "700.webp": b"large"})


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def offer(market: MarketCard) -> Listing:
    async with tenant_session(market.id) as session:
        return await listing(session)


@pytest.fixture
async def here(market: MarketCard, offer: Listing, tab: Tabs) -> Tab:
    """A tab of the one person who offers it."""
    async with tenant_session(market.id) as session:
        await sign_up(session, "ada@example.com", "Ada", PASSWORD, "en")
        (ada,) = await session.exec(select(Person.id))
        who = actors.system(market.id, "tests")
        await give_role(session, who, ada, Role.PROVIDER, offer.provider_id)
        token = await sign_in(session, "ada@example.com", PASSWORD, "")
    found = tab(market)
    found.visit(f"/en/office/services/{offer.id}", token)
    return found


async def hung(market: MarketCard, offer: Listing, count: int) -> list[UUID]:
    made: list[UUID] = []
    for _ in range(count):
        async with tenant_session(market.id) as session:
            who = actors.system(market.id, "tests")
            made.append((await hang(session, who, market, offer.id, DRAWN)).id)
    return made


async def opened(here: Tab) -> PhotosState:
    office = await here.of(OfficeListingState)
    with declaring(Declaration()):
        await office.load()
    return await here.of(PhotosState)


async def test_photos_are_ordered_described_and_deleted_beside_the_form(
    market: MarketCard, offer: Listing, here: Tab
):
    one, two = await hung(market, offer, 2)
    photos = await opened(here)
    assert [(photo.id, photo.first, photo.last) for photo in photos.photos] == [
        (str(one), True, False),
        (str(two), False, True),
    ]
    assert photos.photos[0].src == f"/files/photos/{one.hex}-320.webp"
    await photos.move(str(two), 0)
    assert [photo.id for photo in photos.photos] == [str(two), str(one)]
    await photos.describe({"photo": str(one), "alt.ru": "Кран", "alt.xx": "None"})
    assert [text.text for text in photos.photos[1].texts] == ["", "Кран"]
    await photos.remove(str(two))
    assert [photo.id for photo in photos.photos] == [str(one)]
    assert (await here.of(AdminState)).notice_kind == "done"


async def test_what_a_browser_sends_instead_is_refused_in_words(
    market: MarketCard, offer: Listing, here: Tab
):
    (one,) = await hung(market, offer, 1)
    photos = await opened(here)
    admin = await here.of(AdminState)
    await photos.move("none", 1)
    assert admin.notice_kind == "wrong"
    await photos.describe({"photo": str(one), "alt.en": "x" * 500})
    assert admin.notice_kind == "wrong"
    await photos.arrived(json.dumps({"no": "list"}))
    assert photos.problems == []
    await photos.arrived("[")
    assert photos.problems == []
    await photos.arrived(json.dumps(["a.png: too large"]))
    assert photos.problems == ["a.png: too large"]


async def test_photos_of_others_are_not_shown_beside_a_form(market: MarketCard, here: Tab):
    async with tenant_session(market.id) as session:
        other = await listing(session)
    (photo,) = await hung(market, other, 1)
    photos = await here.of(PhotosState)
    photos.listing_id = str(other.id)
    await photos.arrived("[]")
    assert photos.photos == []
    await photos.remove(str(photo))
    await photos.move(str(photo), 3)
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Listing, other.id)).cover["id"] == photo.hex


async def test_a_form_without_a_script_tells_what_was_wrong_when_the_page_comes_back(
    market: MarketCard, offer: Listing, here: Tab
):
    said = ["me.png", "A photo may have at most %(count)s MB.", {"count": 12}]
    told = {"hung": 0, "problems": [said]}
    note = notes.write(NOTE, market.id, timedelta(minutes=1), told)
    cookie = str(here.root.router.headers.cookie)
    for asked, problems in (
        (note, ["me.png: A photo may have at most 12 MB."]),
        ("forged", []),
        (notes.write("other", market.id, timedelta(minutes=1), told), []),
    ):
        here.visit(f"/en/office/services/{offer.id}?photos={asked}", cookie.partition("=")[2])
        (await here.of(PhotosState)).problems = []
        assert (await opened(here)).problems == problems


async def test_the_public_page_describes_its_photos_and_says_which_to_share(
    market: MarketCard, offer: Listing, tab: Tabs
):
    one, _two = await hung(market, offer, 2)
    async with tenant_session(market.id) as session:
        who = actors.system(market.id, "tests")
        await describe(session, who, market, one, {"en": "A tap"})
    visitor = tab(market)
    visitor.visit(f"/en/s/{offer.slug}")
    page = await visitor.of(ListingState)
    with declaring(Declaration()):
        await page.load()
    assert [photo.alt for photo in page.photos] == ["A tap", "Photo 2 of Plumber on call"]
    head = await visitor.of(PageState)
    origin = settings().origin(market.host)
    assert head.image.startswith(f"{origin}/og/en/{offer.slug}.jpg?v=")
    assert (head.image_width, head.image_height) == ("1200", "630")
    assert head.image_alt.startswith("Plumber on call · ")
    described = json.loads(head.structured_data)
    service = next(thing for thing in described["@graph"] if thing["@type"] == "Service")
    assert service["image"][0] == f"{origin}/files/photos/{one.hex}-700.webp"
    assert len(service["image"]) == 2
    # The next page of the tab is not shared with the picture of this one.
    visitor.visit("/en/nowhere")
    with declaring(Declaration()):
        await head.load_missing()
    assert head.image == head.image_width == head.image_height == head.image_alt == ""
