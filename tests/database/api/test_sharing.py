"""The picture for sharing over HTTP: of what is on show alone, and renamed by an edit."""

import io
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from app.accounts import actors
from app.accounts.permissions import Permission
from app.api.application import routes
from app.api.suspending import Suspending
from app.catalogue.models import Listing, Provider
from app.catalogue.photos.drawing import draw
from app.catalogue.photos.hanging import hang
from app.catalogue.reading import listing_by_slug
from app.catalogue.sharing import keeping, showing
from app.catalogue.sharing.showing import picture_for
from app.database import tenant_session
from app.markets import directory
from app.markets.closing import deed_session, suspend
from app.markets.directory import MarketCard
from app.markets.platform import ensure_platform
from tests.database.api.conftest import Browser
from tests.database.api.test_photos import picture
from tests.factories import listing, open_market


@pytest.fixture
async def offer(market: MarketCard) -> Listing:
    keeping.forget()
    async with tenant_session(market.id) as session:
        return await listing(session)


async def address(market: MarketCard, offer: Listing, locale: str = "en") -> str:
    """The address of the picture as the page says it."""
    async with tenant_session(market.id) as session:
        detail = await listing_by_slug(session, offer.slug, locale)
        assert detail is not None
        found = picture_for(market, locale, detail)
    assert found is not None
    return found.path


async def changed(market: MarketCard, offer: Listing, **values: object) -> None:
    async with tenant_session(market.id) as session:
        kept = await session.get_one(Listing, offer.id)
        for name, value in values.items():
            setattr(kept, name, value)


async def test_anybody_gets_the_picture_and_need_not_get_it_twice(
    market: MarketCard, offer: Listing, browser: Browser
):
    path = await address(market, offer)
    async with browser(market) as client:
        got = await client.get(path)
        again = await client.get(path, headers={"if-none-match": got.headers["etag"]})
        head = await client.head(path)
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-language"] == "en"
    assert "max-age=3600" in got.headers["cache-control"]
    assert Image.open(io.BytesIO(got.content)).size == (1200, 630)
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert path.endswith("?v=" + got.headers["etag"].strip('"'))


async def test_an_edit_and_a_photo_give_it_another_address(
    market: MarketCard, offer: Listing, browser: Browser
):
    before = await address(market, offer)
    await changed(market, offer, title={"en": "Plumber, day and night"})
    edited = await address(market, offer)
    who = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        await hang(session, who, market, offer.id, await draw(picture((900, 600))))
    hung = await address(market, offer)
    assert len({before, edited, hung}) == 3
    async with browser(market) as client:
        shown = Image.open(io.BytesIO((await client.get(hung)).content))
        # An address that was shared before the edit leads to how it is now.
        old = await client.get(before)
    pixel = shown.getpixel((1000, 300))
    assert isinstance(pixel, tuple)
    assert abs(pixel[1] - 0xAA) < 12
    assert old.headers["etag"].strip('"') in hung


async def test_what_is_not_on_show_has_none(market: MarketCard, offer: Listing, browser: Browser):
    path = await address(market, offer)
    other = await open_market()
    async with browser(market) as client, browser(other) as elsewhere:
        assert (await client.get(path)).status_code == 200
        assert (await elsewhere.get(path)).status_code == 404
        in_none = f"/og/xx/{offer.slug}.jpg"
        for wrong in (in_none, "/og/en/none.jpg", "/og/en/a%00b.jpg", "/og/en/a%2Fb.jpg"):
            assert (await client.get(wrong)).status_code == 404, wrong
        for state in ("hidden", "draft", "waiting", "refused"):
            await changed(market, offer, state=state)
            gone = await client.get(path)
            assert gone.status_code == 404, state
            assert gone.headers["content-type"] == "application/problem+json"
            kept = await client.get(path, headers={"if-none-match": "*"})
            assert kept.status_code == 404
        await changed(market, offer, state="published")
        assert (await client.get(path)).status_code == 200
        async with tenant_session(market.id) as session:
            (await session.get_one(Provider, offer.provider_id)).state = "hidden"
        assert (await client.get(path)).status_code == 404


async def test_a_suspended_market_gives_none(market: MarketCard, offer: Listing):
    path = await address(market, offer)
    actor = actors.system((await ensure_platform()).id, "tests", Permission.PLATFORM)
    async with deed_session(market.id) as session:
        await suspend(session, actor)
    directory.forget()
    transport = httpx.ASGITransport(Suspending(Starlette(routes=routes)))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as client:
        assert (await client.get(path)).status_code == 503


async def test_a_language_that_cannot_be_drawn_here_has_the_first_photo_or_none(
    market: MarketCard, offer: Listing, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    async with tenant_session(market.id) as session:
        (await session.get_one(Listing, offer.id)).title = {"en": "Tap", "ar": "صنبور"}
    monkeypatch.setattr(showing, "joins_arabic", lambda: False)
    async with tenant_session(market.id) as session:
        detail = await listing_by_slug(session, offer.slug, "ar")
        assert detail is not None
        assert picture_for(market, "ar", detail) is None
        who = actors.system(market.id, "tests")
        await hang(session, who, market, offer.id, await draw(picture((900, 600))))
        detail = await listing_by_slug(session, offer.slug, "ar")
        assert detail is not None
        found = picture_for(market, "ar", detail)
    assert found is not None
    assert (found.path, found.width, found.height) == (detail.photos[0].src, 900, 600)
    assert found.alt.startswith("صنبور")
    async with browser(market) as client:
        assert (await client.get(f"/og/ar/{offer.slug}.jpg")).status_code == 404


async def test_one_address_asks_so_often(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        path = f"/og/en/{uuid4().hex}.jpg"
        statuses = [(await client.get(path)).status_code for _ in range(121)]
    assert statuses == [404] * 120 + [429]
