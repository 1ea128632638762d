"""Photos over HTTP: sent by a form or a script, shown to anybody, kept by browsers for good."""

import io
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from app.accounts import actors, notes
from app.accounts.models import Person
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.api import guarding, photos
from app.catalogue.models import Listing
from app.catalogue.photos.refusals import NOTE, said
from app.catalogue.photos.showing import photos_of
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.markets.quotas import folder_of
from tests.database.api.conftest import Browser, signed_up
from tests.factories import listing, open_market


def picture(size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#2a7").save(out, "PNG")
    return out.getvalue()


async def a_listing(market: MarketCard) -> UUID:
    """A listing that the one person of the market offers."""
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        for one in await session.exec(select(Person.id)):
            who = actors.system(market.id, "tests")
            await give_role(session, who, one, Role.PROVIDER, offer.provider_id)
        return offer.id


async def hung(market: MarketCard, listing_id: UUID) -> list[str]:
    async with tenant_session(market.id) as session:
        return [photo.id.hex for photo in await photos_of(session, listing_id)]


def files(*named: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("files", (name, data, "image/png")) for name, data in named]


def told(market: MarketCard, answer: httpx.Response) -> tuple[str, list[str]]:
    """Where a form led back to, and what its note says in Russian."""
    place = urlsplit(answer.headers["location"])
    note = notes.read(NOTE, market.id, parse_qs(place.query)["photos"][0])
    return f"{place.path}#{place.fragment}", said(note.told["problems"], "ru")


async def test_a_form_hangs_what_it_can_and_says_of_each_other_file_what_is_wrong(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        offer = await a_listing(market)
        sent = files(
            ("one.png", picture()),
            ("длинное имя того, что картинкой не является.png", b"none"),
            ("small.png", picture((50, 50))),
            ("two.png", picture()),
        )
        path, form = f"/files/listings/{offer}", {"locale": "ru", "page": "office"}
        answer = await client.post(path, files=sent, data=form)
        assert answer.status_code == 303
        place, problems = told(market, answer)
        assert place == f"/ru/office/services/{offer}#photos"
        assert len(problems) == 2
        assert "картинкой не является.png: " in problems[0]
        assert "200" in problems[1]
        first, _second = await hung(market, offer)
        shown = await client.get(f"/files/photos/{first}-320.webp")
    assert shown.headers["content-type"] == "image/webp"
    # It waits for the staff now, so it is for few.
    assert shown.headers["cache-control"] == "private, no-cache"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(shown.content)).size == (320, 240)


async def test_a_form_without_a_file_says_so(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        offer = await a_listing(market)
        empty = files(("", b""))
        form = {"locale": "en", "page": "admin"}
        answer = await client.post(f"/files/listings/{offer}", files=empty, data=form)
    place, problems = told(market, answer)
    assert place == f"/en/admin/listings/{offer}#photos"
    assert len(problems) == 1


async def test_a_note_of_eight_refusals_fits_into_an_address(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        offer = await a_listing(market)
        many = files(*(("я" * 60 + ".png", b"none") for _ in range(8)))
        answer = await client.post(f"/files/listings/{offer}", files=many, data={"locale": "ru"})
        assert len(told(market, answer)[1]) == 8
        more = await client.post(f"/files/listings/{offer}", files=[*many, *files(("n", b"n"))])
    assert more.status_code == 422


async def test_a_script_is_told_in_json_and_in_its_language(market: MarketCard, browser: Browser):
    asks = {"accept": "application/json", "accept-language": "ru"}
    async with browser(market) as client:
        await signed_up(client)
        offer = await a_listing(market)
        path = f"/files/listings/{offer}"
        good = await client.post(path, files=files(("a.png", picture())), headers=asks)
        bad = await client.post(path, files=files(("b.png", b"none")), headers=asks)
    assert (good.status_code, good.json()) == (201, {"hung": 1, "problems": []})
    assert bad.status_code == 422
    assert bad.json()["hung"] == 0
    assert bad.json()["problems"][0].startswith("b.png: Фото")


async def test_nobody_hangs_photos_for_others(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        offer = await a_listing(market)
        sent = files(("a.png", picture()))
        assert (await client.post(f"/files/listings/{offer}", files=sent)).status_code == 401
        await signed_up(client)
        assert (await client.post(f"/files/listings/{offer}", files=sent)).status_code == 403
        assert (await client.post(f"/files/listings/{uuid4()}", files=sent)).status_code == 404
    assert await hung(market, offer) == []


async def test_photos_of_one_market_are_not_those_of_another(market: MarketCard, browser: Browser):
    other = await open_market()
    async with browser(market) as client:
        await signed_up(client)
        offer = await a_listing(market)
        await client.post(f"/files/listings/{offer}", files=files(("a.png", picture())))
        (photo,) = await hung(market, offer)
    async with browser(other) as client:
        for name in (
            f"{photo}-320.webp",
            f"..%2f..%2f{market.id}%2fphotos%2f{photo}-320.webp",
            f"{photo}-320.webp.part",
        ):
            assert (await client.get(f"/files/photos/{name}")).status_code == 404


async def test_more_bytes_than_several_photos_have_are_not_taken(
    market: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    assert guarding.room(f"/files/listings/{uuid4()}") == 4 * photos.LARGEST
    monkeypatch.setitem(guarding.ROOMY, "/files/listings/", 100_000)
    async with browser(market) as client:
        await signed_up(client)
        offer = await a_listing(market)
        sent = files(("a.png", b"\0" * 200_000))
        answer = await client.post(f"/files/listings/{offer}", files=sent)
    assert answer.status_code == 413


async def test_a_photo_is_shown_while_its_listing_is_and_then_to_those_who_may_see_that(
    market: MarketCard, browser: Browser
):
    async with browser(market) as owner, browser(market) as staff, browser(market) as visitor:
        await signed_up(owner)
        offer = await a_listing(market)
        await owner.post(f"/files/listings/{offer}", files=files(("a.png", picture())))
        await signed_up(staff, "bob@example.com")
        (photo,) = await hung(market, offer)
        path = f"/files/photos/{photo}-320.webp"
        # What a provider hung after it was published is looked at first.
        for state in ("waiting", "hidden", "draft", "refused"):
            await become(market, offer, state)
            assert (await visitor.get(path)).status_code == 404, state
            assert (await staff.get(path)).status_code == 404, "who is signed in is not staff yet"
            seen = await owner.get(path)
            assert (seen.status_code, seen.headers["cache-control"]) == (200, "private, no-cache")
        async with tenant_session(market.id) as session:
            bob = (
                await session.exec(select(Person).where(Person.email == "bob@example.com"))
            ).one()
            await give_role(session, actors.system(market.id, "tests"), bob.id, Role.OPERATOR)
        assert (await staff.get(path)).status_code == 200
        await become(market, offer, "published")
        shown = await visitor.get(path)
        assert (shown.status_code, shown.headers["cache-control"]) == (200, "public, max-age=3600")
        again = await visitor.get(path, headers={"if-none-match": shown.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        await become(market, offer, "hidden")
        kept = await visitor.get(path, headers={"if-none-match": shown.headers["etag"]})
        assert kept.status_code == 404
        assert kept.headers["cache-control"] == "no-store"


async def test_a_photo_without_a_row_is_none(market: MarketCard, browser: Browser):
    """As the file is until it is swept."""
    name = f"{uuid4().hex}-320.webp"
    folder = folder_of(market.id) / "photos"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(picture())
    async with browser(market) as client:
        await signed_up(client)
        assert (await client.get(f"/files/photos/{name}")).status_code == 404


async def become(market: MarketCard, listing_id: UUID, state: str) -> None:
    async with tenant_session(market.id) as session:
        (await session.get_one(Listing, listing_id)).state = state
