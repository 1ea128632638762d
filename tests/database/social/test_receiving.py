"""Mentions that are brought in: once each, whole, and as what they are."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.actors import Actor, system
from app.accounts.permissions import Permission
from app.audit.models import AuditEntry
from app.catalogue.models import Upload
from app.catalogue.uploads import begin_loading, receive
from app.database import tenant_session
from app.errors import NotAllowed
from app.jobs.queue import job_of
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.rows import Problem, Row
from app.social.models import Mention
from app.social.reading import Sought, forget_author, forget_mention, mentions_of
from app.social.receiving import Received, read_mentions, receive_mentions
from app.social.uploads import KIND
from tests.database.social.conftest import told
from tests.factories import listing, open_market
from tests.social_rows import mention


def writer(market: MarketCard) -> Actor:
    return system(market.id, "crawler", Permission.WRITE_MENTIONS)


def reader(market: MarketCard) -> Actor:
    return system(market.id, "tests", Permission.SEE_FIGURES)


async def brought(market: MarketCard, *rows: dict[str, Any]) -> Received:
    async with tenant_session(market.id) as session:
        return await receive_mentions(session, writer(market), market, rows)


async def all_of(market: MarketCard) -> list[Mention]:
    async with tenant_session(market.id) as session:
        return list(await session.exec(select(Mention).order_by(Mention.external_id)))


async def test_the_same_batch_twice_is_one(market: MarketCard):
    batch = [told(1), told(2, author="Bea", url="https://t.me/market/2")]
    first, again = await brought(market, *batch), await brought(market, *batch)
    assert (first.loaded.created, first.loaded.updated, first.refused) == (2, 0, ())
    assert (again.loaded.created, again.loaded.unchanged) == (0, 2)
    assert [one.author for one in await all_of(market)] == ["", "Bea"]
    async with tenant_session(market.id) as session:
        noted = select(AuditEntry).where(AuditEntry.action == "mentions.imported")
        # The second changed nothing, so there is nothing to note.
        assert [one.after for one in await session.exec(noted)] == [{"created": 2, "updated": 0}]


async def test_two_who_bring_the_same_at_once_bring_one(market: MarketCard):
    batch = [told(number) for number in range(20)]
    both = await asyncio.gather(*(brought(market, *batch) for _ in range(4)))
    assert sum(one.loaded.created for one in both) == 20
    assert len(await all_of(market)) == 20


async def test_another_text_is_read_anew_and_another_name_is_not(market: MarketCard):
    async with tenant_session(market.id) as session:
        kept = await mention(
            session, external_id="m-1", sentiment="positive", sureness=0.9, vector=b"x"
        )
    same = told(1, text=kept.text, published_at=kept.published_at.isoformat(), language="en")
    await brought(market, {**same, "author": "Beatrix"})
    (found,) = await all_of(market)
    assert (found.author, found.sentiment, found.vector) == ("Beatrix", "positive", b"x")
    await brought(market, {**same, "text": "It leaks again."})
    (found,) = await all_of(market)
    assert (found.text, found.sentiment, found.vector) == ("It leaks again.", None, None)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"text": ""}, "text"),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "x" * 10_001}, "text"),
        ({"url": "javascript:alert(1)"}, "https://"),
        ({"url": "//evil.example"}, "https://"),
        ({"source": "no spaces"}, "source"),
        ({"language": "klingonish"}, "language"),
        ({"published_at": "2999-01-01T00:00:00Z"}, "1995"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at"),
        ({"published_at": "yesterday"}, "published_at"),
        ({"tenant_id": "x"}, "tenant_id"),
    ],
)
async def test_a_bad_one_is_refused_with_its_reason_and_the_others_stay(
    market: MarketCard, more: dict[str, Any], reason: str
):
    came = await brought(market, told(1), told(2, **more), told(3))
    ((place, said),) = [(one.line, one.reason) for one in came.refused]
    assert (place, came.loaded.created) == (1, 2)
    assert reason in said


async def test_one_that_stands_twice_in_a_batch_is_told(market: MarketCard):
    came = await brought(market, told(1), told(1, text="Another"))
    assert [one.line for one in came.refused] == [1]
    assert [one.text for one in await all_of(market)] == ["They mended tap number 1."]


async def test_what_it_is_about_is_found_in_this_market_only(market: MarketCard):
    other = await open_market()
    async with tenant_session(other.id) as session:
        await listing(session, external_id="theirs")
    async with tenant_session(market.id) as session:
        offer = await listing(session, external_id="ours")
    came = await brought(market, told(1, listing="ours"), told(2, listing="theirs"), told(3))
    about = [(one.listing_id, one.provider_id) for one in await all_of(market)]
    assert about == [(offer.id, offer.provider_id), (None, None), (None, None)]
    assert came.loaded.unknown == 1


async def test_a_text_tells_its_language_unless_it_is_too_short(market: MarketCard):
    russian = "Сантехник приехал через полчаса и починил кран, всем советую эту площадку."
    await brought(market, told(1, text=russian), told(2), told(3, text=russian, language="uk"))
    assert [one.language for one in await all_of(market)] == ["ru", "", "uk"]


async def test_who_may_not_write_brings_nothing_in(market: MarketCard):
    async with tenant_session(market.id) as session:
        kept = await mention(session)
        with pytest.raises(NotAllowed):
            await receive_mentions(session, reader(market), market, [told(1)])
        with pytest.raises(NotAllowed):
            await forget_mention(session, reader(market), kept.id)
        with pytest.raises(NotAllowed):
            await forget_author(session, reader(market), kept.id)
        with pytest.raises(NotAllowed):
            await mentions_of(session, writer(market), Sought())


async def test_all_of_an_author_is_forgotten_and_the_log_keeps_no_name(market: MarketCard):
    async with tenant_session(market.id) as session:
        one = await mention(session, author="Bea")
        await mention(session, author="Bea")
        elsewhere = await mention(session, author="Bea", source="vk")
        other = await mention(session, author="Cem")
        assert await forget_author(session, writer(market), one.id) == 2
        noted = await session.exec(select(AuditEntry))
        assert not any("Bea" in json.dumps([entry.before, entry.after]) for entry in noted)
    assert {one.id for one in await all_of(market)} == {elsewhere.id, other.id}


async def test_a_file_is_read_through_without_a_trace_then_loaded(
    market: MarketCard, tmp_path: Path
):
    rows = [told(1), told(2, url="ftp://x"), told(3)]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    staff = system(market.id, "staff")
    async with tenant_session(market.id) as session:
        upload_id = await receive(session, staff, KIND, "mentions.jsonl", content)
    await work_off()
    assert await all_of(market) == []
    async with tenant_session(market.id) as session:
        upload = await session.get_one(Upload, upload_id)
        assert upload.checked_by is not None
        report = (await job_of(session, upload.checked_by)).report
        assert (report["created"], report["bad"], report["problems"][0]["line"]) == (2, 1, 2)
        await begin_loading(session, staff, upload_id)
    await work_off()
    assert [one.external_id for one in await all_of(market)] == ["m-1", "m-3"]


def test_a_table_is_read_like_lines(tmp_path: Path):
    file = tmp_path / "mentions.csv"
    file.write_text(
        "source;external_id;author;text;published_at\n"
        'vk;1;Bea;"Good; really good";2026-05-01 10:00\n'
        "vk;1;Bea;Again;2026-05-01\n",
        "utf-8",
    )
    good, bad = read_mentions(file)
    assert isinstance(good, Row)
    assert (good.value.text, good.value.published_at) == (
        "Good; really good",
        datetime(2026, 5, 1, 10, tzinfo=UTC),
    )
    assert isinstance(bad, Problem)
    assert bad.line == 3


async def test_words_narrow_the_list_and_their_signs_are_not_patterns(market: MarketCard):
    async with tenant_session(market.id) as session:
        await mention(session, text="100% happy with the tap", author="Bea")
        await mention(session, text="1000 reasons to be unhappy", author="Cem_x")
        for words, count in (("100%", 1), ("HAPPY", 2), ("tap bea", 1), ("m_x", 1), ("\x00", 2)):
            found = await mentions_of(session, reader(market), Sought(words=words))
            assert found.total == count, words


async def test_the_newest_come_first_page_by_page(market: MarketCard):
    now = datetime.now(UTC)
    async with tenant_session(market.id) as session:
        for number in range(5):
            at = now - timedelta(days=number)
            await mention(session, external_id=f"n-{number}", published_at=at)
        found = await mentions_of(session, reader(market), Sought(), limit=2, offset=2)
    assert (found.total, [one.external_id for one in found.mentions]) == (5, ["n-2", "n-3"])
