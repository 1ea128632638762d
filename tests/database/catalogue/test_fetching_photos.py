"""Photos that a file names by address: fetched once, hung like others, refused in the log."""

import io
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import col, select

from app.accounts import actors
from app.audit.models import AuditEntry
from app.catalogue.imports import Loaded
from app.catalogue.inputs import PHOTOS, ListingInput
from app.catalogue.models import Listing, ListingPhoto
from app.catalogue.photos import fetching
from app.catalogue.photos.drawing import draw
from app.catalogue.photos.hanging import hang
from app.catalogue.photos.showing import photos_of
from app.catalogue.photos.storing import file_of
from app.database import tenant_session
from app.jobs.queue import latest_jobs
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from tests.database.catalogue.test_imports import listing, load, row
from tests.database.knowledge.test_fetching import Site, at_home, site
from tests.factories import open_market

__all__ = ["at_home", "site"]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


def picture(colour: str = "#2a7", size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def asked(site: Site) -> list[str]:
    return [path for path in site.asked if path != "/robots.txt"]


async def fetched(market: MarketCard, *rows: ListingInput) -> Loaded:
    loaded = await load(market, *rows)
    await work_off()
    return loaded


async def hung(market: MarketCard) -> list[ListingPhoto]:
    found = await listing(market)
    async with tenant_session(market.id) as session:
        return await photos_of(session, found.id)


async def log(market: MarketCard) -> list[dict[str, Any]]:
    async with tenant_session(market.id) as session:
        query = select(AuditEntry).where(AuditEntry.action == "listing.photo_not_fetched")
        entries = await session.exec(query.order_by(col(AuditEntry.created_at)))
        return [noted.after for noted in entries]


@pytest.mark.usefixtures("at_home")
async def test_photos_are_fetched_in_order_after_the_rows_and_only_once(
    market: MarketCard, site: Site
):
    site.put("/a.png", picture(), content_type="image/png")
    site.put("/b", picture("#a27"))
    told = [{"url": f"{site.url}/a.png", "alt": {"en": "A tap"}}, {"url": f"{site.url}/b"}]
    loaded = await load(market, row(photos=told), row(2))
    assert asked(site) == [], "the import itself waits for nobody"
    assert len(loaded.photos) == 1
    await work_off()
    first, second = await hung(market)
    assert [first.source, second.source] == [one["url"] for one in told]
    assert (first.alt, second.alt) == ({"en": "A tap"}, {})
    assert file_of(market.id, f"{first.id.hex}-640.webp").is_file()
    kept = await listing(market)
    assert (kept.cover["id"], kept.state) == (first.id.hex, "published")
    assert asked(site) == ["/a.png", "/b"]
    again = await fetched(market, row(photos=told), row(2))
    assert (again.updated, again.unchanged, again.photos) == (0, 2, [])
    changed = await fetched(market, row(photos=told, tags=["day"]))
    assert (changed.updated, changed.photos) == (1, [])
    assert asked(site) == ["/a.png", "/b"]
    async with tenant_session(market.id) as session:
        (job,) = await latest_jobs(session, "photo.fetch")
    assert (job.state, job.done, job.total, job.report["hung"]) == ("done", 2, 2, 2)


@pytest.mark.usefixtures("at_home")
async def test_a_photo_goes_when_it_is_named_no_more_and_a_sent_one_stays(
    market: MarketCard, site: Site
):
    site.put("/a.png", picture())
    site.put("/b.png", picture("#a27"))
    await fetched(market, row(photo=f"{site.url}/a.png"))
    who, offer = actors.system(market.id, "tests"), await listing(market)
    async with tenant_session(market.id) as session:
        await hang(session, who, market, offer.id, await draw(picture("#00f")))
    gone = (await hung(market))[0]
    await fetched(market, row(photos=[{"url": f"{site.url}/b.png"}]))
    sent, fetched_one = await hung(market)
    assert (sent.source, fetched_one.source) == (None, f"{site.url}/b.png")
    await work_off()
    assert not file_of(market.id, f"{gone.id.hex}-640.webp").exists()
    await fetched(market, row(photos=[{"url": f"{site.url}/b.png", "alt": {"ru": "Кран"}}]))
    assert (await hung(market))[1].alt == {"ru": "Кран"}
    assert asked(site) == ["/a.png", "/b.png"]


@pytest.mark.usefixtures("at_home")
async def test_what_cannot_be_a_photo_is_told_and_the_others_are_hung(
    market: MarketCard, site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    site.put("/page", b"<h1>Taps</h1>")
    site.put("/small.png", picture(size=(20, 20)))
    site.put("/large.png", b"x" * 100_001)
    site.put("/good.png", picture())
    paths = ("page", "small.png", "large.png", "lost.png", "good.png")
    await fetched(market, row(photos=[{"url": f"{site.url}/{path}"} for path in paths]))
    (photo,) = await hung(market)
    assert photo.source == f"{site.url}/good.png"
    said = {noted["url"].rpartition("/")[2]: noted["message"] for noted in await log(market)}
    assert set(said) == {"page", "small.png", "large.png", "lost.png"}
    assert "too large" in said["large.png"]
    assert "200" not in said["page"]
    async with tenant_session(market.id) as session:
        (job,) = await latest_jobs(session, "photo.fetch")
    assert (job.state, job.report["refused"], len(job.report["problems"])) == ("done", 4, 4)


async def test_addresses_of_this_machine_are_refused(market: MarketCard, site: Site):
    site.put("/a.png", picture())
    await fetched(market, row(photos=[{"url": f"{site.url}/a.png"}]))
    assert site.asked == []
    assert await hung(market) == []
    assert "public" in (await log(market))[0]["message"]


@pytest.mark.usefixtures("at_home")
async def test_an_address_that_does_not_answer_is_asked_again_later_and_at_last_told(
    market: MarketCard, site: Site
):
    site.put("/a.png", b"", status="503 Busy")
    site.put("/page", b"<h1>Taps</h1>")
    site.put("/b.png", picture())
    urls = [{"url": f"{site.url}/{path}"} for path in ("a.png", "page", "b.png")]
    await fetched(market, row(photos=urls))
    assert asked(site) == ["/a.png", "/page", "/b.png"]
    assert [noted["url"] for noted in await log(market)] == [f"{site.url}/page"]
    for _ in range(fetching.TRIES):
        await _without_waiting(market)
    assert asked(site).count("/a.png") == fetching.TRIES
    assert asked(site).count("/page") == asked(site).count("/b.png") == 1
    assert [noted["url"] for noted in await log(market)] == [
        f"{site.url}/page",
        f"{site.url}/a.png",
    ]


@pytest.mark.usefixtures("at_home")
async def test_an_address_that_comes_back_is_hung(market: MarketCard, site: Site):
    site.put("/a.png", b"", status="503 Busy")
    await fetched(market, row(photos=[{"url": f"{site.url}/a.png"}]))
    site.put("/a.png", picture())
    await _without_waiting(market)
    assert [photo.source for photo in await hung(market)] == [f"{site.url}/a.png"]
    assert await log(market) == []


async def _without_waiting(market: MarketCard) -> None:
    async with tenant_session(market.id) as session:
        soon = text(
            "update procrastinate_jobs set scheduled_at = now() - interval '1 second'"
            " where status = 'todo' and args->>'tenant_id' = :market"
        )
        await (await session.connection()).execute(soon, {"market": str(market.id)})
    await work_off()


async def test_a_listing_that_was_deleted_meanwhile_wants_nothing(market: MarketCard, site: Site):
    await load(market, row(photos=[{"url": f"{site.url}/a.png"}]))
    async with tenant_session(market.id) as session:
        await session.delete((await session.exec(select(Listing))).one())
    await work_off()
    assert site.asked == []
    assert await log(market) == []


@pytest.mark.parametrize(
    "photos",
    [
        [{"url": "javascript:alert(1)"}],
        [{"url": "file:///etc/passwd"}],
        [{"url": "https://ada:secret@example.com/a.png"}],
        [{"url": "/a.png"}],
        [{"url": "https://example.com/a.png", "alt": {"nowhere": "A tap"}}],
        [{"url": "https://example.com/a.png", "size": 1}],
        [{"url": f"https://example.com/{number}.png"} for number in range(PHOTOS + 1)],
        "https://example.com/a.png",
    ],
)
def test_a_row_with_photos_that_are_none_is_bad(photos: object):
    with pytest.raises(ValidationError):
        row(photos=photos)


async def test_one_photo_by_itself_counts_as_one_of_them(market: MarketCard):
    kept, plain = "https://example.com/a.png", "/a.png"
    both = row(photo=kept, photos=[{"url": kept, "alt": {"en": "A tap"}}])
    assert both.values(market)["photo_sources"] == [{"url": kept, "alt": {"en": "A tap"}}]
    assert row(photo=plain).values(market)["photo_sources"] == []
    assert row(photo=kept).values(market)["photo_sources"] == [{"url": kept, "alt": {}}]
