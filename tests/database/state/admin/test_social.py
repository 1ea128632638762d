"""The console's mentions: what an empty market is told, what is drawn, sought and deleted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.permissions import Role
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.social.models import Mention
from state.admin.entry import AdminState
from state.admin.social import PAGE, SocialState
from tests.database.state.admin.conftest import Staffed
from tests.factories import open_market
from tests.social_rows import mention, mention_topic

PATH = "/en/admin/social"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(timezone="UTC")


async def filled(market: MarketCard) -> str:
    """Twenty-five mentions of the last weeks, five of them about queues; returns that topic."""
    async with tenant_session(market.id) as session:
        topic = await mention_topic(session, keywords=["queue", "phone"])
        other = await mention_topic(session)
        for number in range(25):
            await mention(
                session,
                text=f"Mention number {number}",
                author="Bea" if number < 3 else "Cem",
                source="vk" if number % 2 else "telegram",
                sentiment="negative" if number < 5 else "positive",
                topic_id=topic.id if number < 5 else other.id,
                published_at=datetime.now(UTC) - timedelta(days=number),
            )
    return str(topic.id)


async def test_an_empty_market_is_told_how_mentions_come_in(market: MarketCard, staffed: Staffed):
    here = await staffed(market, PATH)
    page: Any = await here.of(SocialState)
    await page.load()
    assert (page.loaded, page.some, page.rows, page.topics) == (True, False, [], [])
    assert page.may_write


async def test_weeks_fit_the_chart_and_shares_are_written(market: MarketCard, staffed: Staffed):
    await filled(market)
    here = await staffed(market, PATH)
    page: Any = await here.of(SocialState)
    await page.load()
    assert (page.read, page.shares["negative"], page.shares["positive"]) == (25, "20%", "80%")
    assert sum(one.positive + one.neutral + one.negative for one in page.columns) == 25
    heights = [one.positive_part + one.neutral_part + one.negative_part for one in page.columns]
    assert max(heights) == pytest.approx(100, abs=0.3)
    assert [(one.words, one.total) for one in page.topics] == [
        ("tap, leak", 20),
        ("queue, phone", 5),
    ]
    assert (page.topics[1].negative_part, page.topics[1].told) == (
        100,
        "Positive 0 · Neutral 0 · Negative 5",
    )
    assert len(page.topics[1].quotes) == 3


async def test_the_list_is_sought_by_words_sentiment_source_and_topic(
    market: MarketCard, staffed: Staffed
):
    topic = await filled(market)
    here = await staffed(market, PATH)
    page: Any = await here.of(SocialState)
    await page.load()
    assert (page.total, page.pages, len(page.rows)) == (25, 2, PAGE)
    await page.later()
    assert len(page.rows) == 5
    for form, count in (
        ({"words": "number 24"}, 1),
        ({"sentiment": "negative"}, 5),
        ({"source": "vk", "sentiment": "negative"}, 2),
        ({"topic": topic, "words": "bea"}, 3),
        ({"topic": ["no id"], "words": {"a": 1}}, 25),
        ({}, 25),
    ):
        await page.search(form)
        assert (page.total, page.number) == (count, 1), form
    await page.open_topic(topic)
    assert (page.total, page.sought) == (5, {"topic": topic})
    await page.seek_all()
    assert page.total == 25
    await page.look_back("30")
    assert page.total == 25
    await page.look_back("never")
    assert page.days == "180"
    await page.search({"topic": "no id"})
    assert (await here.of(AdminState)).notice_kind == "wrong"


async def test_one_is_deleted_or_all_of_an_author(market: MarketCard, staffed: Staffed):
    await filled(market)
    here = await staffed(market, PATH)
    page: Any = await here.of(SocialState)
    await page.load()
    await page.forget(page.rows[-1].id)
    assert page.total == 24
    await page.forget_their(page.rows[0].id)
    # Of Bea two stand in one place and one in another.
    assert page.total == 22
    await page.forget("no id")
    assert (await here.of(AdminState)).notice_kind == "wrong"
    async with tenant_session(market.id) as session:
        assert len(list(await session.exec(select(Mention)))) == 22


async def test_an_operator_reads_and_deletes_nothing(market: MarketCard, staffed: Staffed):
    await filled(market)
    here = await staffed(market, PATH, Role.OPERATOR)
    page: Any = await here.of(SocialState)
    await page.load()
    assert (page.total, page.may_write) == (25, False)
    await page.forget(page.rows[0].id)
    await page.forget_their(page.rows[0].id)
    assert (await here.of(AdminState)).notice_kind == "wrong"
    async with tenant_session(market.id) as session:
        assert len(list(await session.exec(select(Mention)))) == 25


async def test_what_comes_from_elsewhere_is_shown_as_it_is_and_read_by_nobody_else(
    market: MarketCard, staffed: Staffed
):
    other = await open_market()
    async with tenant_session(market.id) as session:
        theirs = await mention(session, text="<script>alert(1)</script>", sentiment=None)
    here = await staffed(other, PATH)
    page: Any = await here.of(SocialState)
    await page.load()
    assert (page.some, page.rows) == (False, [])
    await page.forget(str(theirs.id))
    async with tenant_session(market.id) as session:
        assert await session.get(Mention, theirs.id) is not None
    own = await staffed(market, PATH, email="bea@example.com")
    shown: Any = await own.of(SocialState)
    await shown.load()
    assert (shown.rows[0].text, shown.rows[0].sounds, shown.unread) == (
        "<script>alert(1)</script>",
        "not read yet",
        1,
    )
