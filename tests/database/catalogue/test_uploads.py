"""Files in the console: read through without a trace, then loaded, all or nothing."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue import uploads
from app.catalogue.models import Listing, Upload
from app.catalogue.uploads import FileRefused, begin_loading, forget_upload, receive, stop
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.jobs.models import Job
from app.jobs.queue import job_of
from app.jobs.work import work_off
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from app.search.models import SearchEntry
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "external_id": f"l-{number}",
        "category": "craft/plumber",
        "provider": {"name": "Ada"},
        "title": {"en": f"Pipes {number}"},
        "description": {"en": "All of them."},
        **more,
    }


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in rows).encode()


def staff(market: MarketCard, *may: Permission) -> Actor:
    return actors.system(market.id, "staff", *may)


async def received(market: MarketCard, content: bytes, name: str = "rows.jsonl") -> UUID:
    async with tenant_session(market.id) as session:
        return await receive(session, staff(market), "listing", name, content)


async def checked(market: MarketCard, upload_id: UUID) -> Job:
    await work_off()
    async with tenant_session(market.id) as session:
        upload = await session.get_one(Upload, upload_id)
        found = upload.loaded_by or upload.checked_by
        assert found is not None
        return await job_of(session, found)


async def titles(market: MarketCard) -> list[str]:
    async with tenant_session(market.id) as session:
        found = await session.exec(select(Listing).order_by(Listing.external_id))
        return [one.title["en"] for one in found]


async def test_reading_through_says_what_loading_then_does(market: MarketCard):
    async with tenant_session(market.id) as session:
        old = await listing(session, external_id="l-1", title={"en": "Old"}, state="hidden")
    content = lines(row(1), row(2), row(3, category="craft/nothing"))
    upload_id = await received(market, content)
    report = (await checked(market, upload_id)).report
    assert (report["created"], report["updated"], report["bad"]) == (1, 1, 1)
    assert report["problems"][0]["line"] == 3
    assert await titles(market) == ["Old"]
    async with tenant_session(market.id) as session:
        await begin_loading(session, staff(market), upload_id)
    done = await checked(market, upload_id)
    assert done.state == "done"
    assert done.report == report
    assert await titles(market) == ["Pipes 1", "Pipes 2"]
    async with tenant_session(market.id) as session:
        # Loading changes what a listing says, not whether it is shown.
        assert (await session.get_one(Listing, old.id)).state == "hidden"
        assert len(list(await session.exec(select(SearchEntry.id)))) == 1
        with pytest.raises(AppError):
            await begin_loading(session, staff(market), upload_id)


async def test_a_job_that_is_stopped_keeps_nothing(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "STEP", 1)
    monkeypatch.setattr("app.jobs.work.STEP_SECONDS", 0)
    upload_id = await received(market, lines(row(1), row(2)))
    await checked(market, upload_id)
    load = uploads.load_listings

    async def stopping(*arguments: Any) -> Any:
        async with tenant_session(market.id) as session:
            await stop(session, staff(market), upload_id)
        return await load(*arguments)

    async with tenant_session(market.id) as session:
        await begin_loading(session, staff(market), upload_id)
    monkeypatch.setattr(uploads, "load_listings", stopping)
    assert (await checked(market, upload_id)).state == "cancelled"
    assert await titles(market) == []
    monkeypatch.setattr(uploads, "load_listings", load)
    async with tenant_session(market.id) as session:
        await begin_loading(session, staff(market), upload_id)
    assert (await checked(market, upload_id)).state == "done"
    assert await titles(market) == ["Pipes 1", "Pipes 2"]


async def test_a_table_is_told_by_its_name(market: MarketCard):
    content = b"external_id,category,provider.name,title.en,description.en\nx,craft/plumber,A,B,C\n"
    upload_id = await received(market, content, "C:\\rows.CSV")
    job = await checked(market, upload_id)
    assert job.report["created"] == 1
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Upload, upload_id)).name == "rows.CSV"


async def test_articles_are_loaded_too(market: MarketCard):
    content = lines({"slug": "a", "title": {"en": "A"}, "body": {"en": "B"}})
    async with tenant_session(market.id) as session:
        upload_id = await receive(session, staff(market), "article", "a.jsonl", content)
    await checked(market, upload_id)
    async with tenant_session(market.id) as session:
        await begin_loading(session, staff(market), upload_id)
    await checked(market, upload_id)
    async with tenant_session(market.id) as session:
        assert list(await session.exec(select(Article.slug))) == ["a"]


async def test_only_those_who_may_and_only_their_own_markets_files(market: MarketCard):
    other = await open_market()
    theirs = await received(other, lines(row(1)))
    async with tenant_session(market.id) as session:
        knower = staff(market, Permission.EDIT_KNOWLEDGE)
        with pytest.raises(NotAllowed):
            await receive(session, knower, "listing", "a", b"x")
        with pytest.raises(NotAllowed):
            await uploads.uploads(session, staff(market, Permission.MODERATE))
        for deed in (begin_loading, stop, forget_upload):
            with pytest.raises(NotFound):
                await deed(session, staff(market), theirs)
        for content in (b"", b" \n"):
            with pytest.raises(FileRefused):
                await receive(session, staff(market), "listing", "a", content)
        assert await uploads.uploads(session, staff(market)) == []
