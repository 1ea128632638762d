"""The photos of a listing: who hangs them, in which order, and what is left of them."""

import io
import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.actors import Actor, Member
from app.accounts.permissions import Role
from app.audit.models import AuditEntry
from app.catalogue.editing import delete_listing
from app.catalogue.models import Listing, ListingPhoto
from app.catalogue.photos import storing
from app.catalogue.photos.drawing import Drawn, draw
from app.catalogue.photos.hanging import MOST, TooManyPhotos, describe, hang, move, take_down
from app.catalogue.photos.showing import photos_of
from app.catalogue.photos.sweeping import tidy
from app.catalogue.reading import listing_by_slug, similar
from app.database import platform_session, tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.markets.models import Market
from app.markets.quotas import QuotaUsedUp, folder_of
from tests.factories import listing, listing_photo, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def drawn(colour: str = "#22aa77") -> Drawn:
    out = io.BytesIO()
    Image.new("RGB", (700, 500), colour).save(out, "PNG")
    return await draw(out.getvalue())


def staff(market: MarketCard) -> Actor:
    return _member(market, Role.ADMIN)


def _member(market: MarketCard, *roles: Role, providers: tuple[UUID, ...] = ()) -> Actor:
    held = frozenset({Role.MEMBER, *roles})
    who = Member(uuid4(), "Ada", "ada@example.com", "en", held, frozenset(providers))
    return actors.person(market.id, who)


async def hung(market: MarketCard, offer: Listing, count: int = 1) -> list[UUID]:
    made: list[UUID] = []
    for _ in range(count):
        async with tenant_session(market.id) as session:
            photo = await hang(session, staff(market), market, offer.id, await drawn())
            made.append(photo.id)
    return made


async def order(market: MarketCard, offer: Listing) -> list[UUID]:
    async with tenant_session(market.id) as session:
        return [photo.id for photo in await photos_of(session, offer.id)]


async def opened(market: MarketCard) -> Listing:
    async with tenant_session(market.id) as session:
        return await listing(session)


def files(market: MarketCard) -> list[Path]:
    folder = folder_of(market.id) / "photos"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def test_the_first_photo_stands_on_cards_and_all_of_them_on_the_page(market: MarketCard):
    offer, other = await opened(market), await opened(market)
    first, second = await hung(market, offer, 2)
    async with tenant_session(market.id) as session:
        detail = await listing_by_slug(session, offer.slug, "en")
        plain = await listing_by_slug(session, other.slug, "en")
        assert detail is not None
        assert plain is not None
        (beside,) = await similar(session, plain.card)
    assert [photo.src for photo in detail.photos] == [
        f"/files/photos/{one.hex}-700.webp" for one in (first, second)
    ]
    assert detail.photos[0].avif.endswith(f"/files/photos/{first.hex}-700.avif 700w")
    assert (detail.photos[0].width, detail.photos[0].height) == (700, 500)
    assert beside.photo == f"/files/photos/{first.hex}-320.webp"
    assert beside.photo_avif.count("w") == 2
    assert beside.photo_tint == "#2a7,#2a7,#2a7"
    assert plain.photos == []
    assert plain.card.photo == ""
    # All that a page names is there.
    for photo in detail.photos:
        for address in f"{photo.avif},{photo.webp}".split(","):
            name = address.split(" ")[0].rpartition("/")[2]
            assert storing.file_of(market.id, name).is_file()


async def test_photos_change_places_and_the_cover_follows(market: MarketCard):
    offer = await opened(market)
    one, two, three = await hung(market, offer, 3)
    for place, photo, now in (
        (0, three, [three, one, two]),
        (9, three, [one, two, three]),
        (-5, two, [two, one, three]),
    ):
        async with tenant_session(market.id) as session:
            await move(session, staff(market), market, photo, place)
        assert await order(market, offer) == now
        async with tenant_session(market.id) as session:
            assert (await session.get_one(Listing, offer.id)).cover["id"] == now[0].hex


async def test_a_photo_that_is_taken_down_leaves_no_file(market: MarketCard):
    offer = await opened(market)
    one, two = await hung(market, offer, 2)
    async with tenant_session(market.id) as session:
        await take_down(session, staff(market), market, one)
        # Who is shown the page of a moment ago still sees it.
        assert len(files(market)) == 12
    await work_off()
    assert {file.name[:32] for file in files(market)} == {two.hex}
    async with tenant_session(market.id) as session:
        await take_down(session, staff(market), market, two)
    await work_off()
    assert files(market) == []
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Listing, offer.id)).cover == {}


async def test_with_a_listing_go_its_photos(market: MarketCard):
    offer = await opened(market)
    await hung(market, offer)
    async with tenant_session(market.id) as session:
        await delete_listing(session, staff(market), offer.id)
    await work_off()
    assert files(market) == []


async def test_a_file_that_is_refused_in_the_end_is_not_left_behind(market: MarketCard):
    offer = await opened(market)
    await hung(market, offer)
    before = files(market)
    await set_quotas_of(market, 10)
    async with tenant_session(market.id) as session:
        with pytest.raises(QuotaUsedUp):
            await hang(session, staff(market), market, offer.id, await drawn())
    assert files(market) == before


async def set_quotas_of(market: MarketCard, most: int) -> None:
    async with platform_session(market.id) as session:
        row = (await session.exec(select(Market).where(Market.tenant_id == market.id))).one()
        row.quotas = {"storage_bytes": most}
        session.add(row)


async def test_what_a_broken_off_request_left_is_tidied_away_once_it_rests(market: MarketCard):
    offer = await opened(market)
    (kept,) = await hung(market, offer)
    left, fresh = uuid4(), uuid4()
    for one in (left, fresh):
        await storing.store(market.id, one, (await drawn()).files)
    for file in files(market):
        if not file.name.startswith(fresh.hex):
            os.utime(file, (0, 0))
    await tidy()
    assert {file.name[:32] for file in files(market)} == {kept.hex, fresh.hex}


async def test_a_listing_has_eight_photos_and_no_ninth(market: MarketCard):
    offer = await opened(market)
    async with tenant_session(market.id) as session:
        for place in range(MOST):
            await listing_photo(session, listing_id=offer.id, position=place)
    async with tenant_session(market.id) as session:
        with pytest.raises(TooManyPhotos):
            await hang(session, staff(market), market, offer.id, await drawn())
    assert files(market) == []


async def test_only_who_writes_a_listing_touches_its_photos(market: MarketCard):
    offer, other = await opened(market), await opened(market)
    (photo,) = await hung(market, offer)
    stranger = _member(market, Role.PROVIDER, providers=(other.provider_id,))
    operator = _member(market, Role.OPERATOR)
    for who in (stranger, operator, _member(market), actors.visitor(market.id)):
        async with tenant_session(market.id) as session:
            for deed in (
                hang(session, who, market, offer.id, await drawn()),
                move(session, who, market, photo, 1),
                describe(session, who, market, photo, {"en": "Mine"}),
                take_down(session, who, market, photo),
            ):
                with pytest.raises((NotAllowed, AppError)) as refused:
                    await deed
                assert not isinstance(refused.value, NotFound)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await take_down(session, staff(market), market, uuid4())
    assert await order(market, offer) == [photo]


async def test_a_published_listing_waits_when_its_provider_hangs_a_photo(market: MarketCard):
    offer = await opened(market)
    own = _member(market, Role.PROVIDER, providers=(offer.provider_id,))
    async with tenant_session(market.id) as session:
        await hang(session, own, market, offer.id, await drawn())
    async with tenant_session(market.id) as session:
        row = await session.get_one(Listing, offer.id)
        # The form that is open beside it is not out of date.
        assert (row.state, row.version) == ("waiting", offer.version)
        assert await listing_by_slug(session, offer.slug, "en") is None


async def test_each_language_has_its_own_description_and_no_others(market: MarketCard):
    offer = await opened(market)
    (photo,) = await hung(market, offer)
    async with tenant_session(market.id) as session:
        await describe(session, staff(market), market, photo, {"en": " A tap ", "ru": "Кран"})
        await describe(session, staff(market), market, photo, {"en": ""})
    async with tenant_session(market.id) as session:
        english = await listing_by_slug(session, offer.slug, "en")
        russian = await listing_by_slug(session, offer.slug, "ru")
    assert english is not None
    assert russian is not None
    assert english.photos[0].alt == ""
    assert russian.photos[0].alt == "Кран"
    async with tenant_session(market.id) as session:
        with pytest.raises(AppError):
            await describe(session, staff(market), market, photo, {"en": "x" * 201})


async def test_the_log_says_who_hung_what(market: MarketCard):
    offer = await opened(market)
    (photo,) = await hung(market, offer)
    async with tenant_session(market.id) as session:
        await take_down(session, staff(market), market, photo)
        query = select(AuditEntry).where(AuditEntry.subject_id == str(offer.id))
        found = list(await session.exec(query.order_by(col(AuditEntry.created_at))))
        left = list(await session.exec(select(ListingPhoto)))
    assert [entry.action for entry in found] == [
        "listing.photo_hung",
        "listing.photo_taken_down",
    ]
    assert found[0].after["photo"] == str(photo)
    assert left == []
