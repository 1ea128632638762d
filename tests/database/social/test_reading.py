"""What mentions tell once they were read: how they sound, by week, and what they are about."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from app.accounts.actors import Actor, system
from app.accounts.permissions import Permission
from app.analytics.spans import Span
from app.database import tenant_session
from app.errors import NotAllowed
from app.jobs.models import Job
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.social.figures import mondays, sounds_of, topics_of
from app.social.grouping import regroup
from app.social.models import Mention, MentionTopic
from app.social.receiving import READING, receive_mentions
from app.social.spans import days_of
from app.social.work import read_all
from tests.database.social.conftest import told
from tests.factories import open_market
from tests.social_rows import mention, mention_topic

TUTORS = (
    "My daughter adores her new maths tutor.",
    "Meine Tochter liebt ihren neuen Nachhilfelehrer.",
    "Дочка обожает нового репетитора по математике.",
    "Ma fille adore son nouveau prof de maths.",
)
FOOD = (
    "The food was cold and there was not enough of it.",
    "Das Essen war kalt und es reichte nicht.",
    "Еда холодная, и её не хватило.",
    "Le repas était froid et il n'y en avait pas assez.",
)


def reader(market: MarketCard) -> Actor:
    return system(market.id, "tests", Permission.SEE_FIGURES)


async def brought(market: MarketCard, *texts: str) -> None:
    async with tenant_session(market.id) as session:
        actor = system(market.id, "crawler", Permission.WRITE_MENTIONS)
        rows = [told(number, text=text) for number, text in enumerate(texts)]
        await receive_mentions(session, actor, market, rows)


async def test_what_is_brought_in_is_read_by_one_job_and_grouped_across_languages(
    market: MarketCard,
):
    await brought(market, *TUTORS, *FOOD)
    await brought(market, *TUTORS, *FOOD)
    async with tenant_session(market.id) as session:
        jobs = await session.exec(select(Job).where(Job.kind == READING))
        assert len(list(jobs)) == 1, "what waits already reads all"
    await work_off()
    async with tenant_session(market.id) as session:
        found = list(await session.exec(select(Mention).order_by(col(Mention.external_id))))
        sounds = [one.sentiment for one in found]
        assert sounds == ["positive"] * 4 + ["negative"] * 4
        assert all(one.vector and len(one.vector) == 1024 for one in found)
        topics = await topics_of(session, reader(market), days_of(market))
    assert [(one.total, sum(one.weeks)) for one in topics] == [(4, 4), (4, 4)]
    assert {quote.text for quote in topics[0].quotes} < {*TUTORS, *FOOD}
    assert {one.topic_id for one in found[:4]}.isdisjoint({one.topic_id for one in found[4:]})
    words = {word for one in topics for word in one.words}
    # The dictionaries know what says nothing alone.
    assert not words & {"the", "was", "und", "der", "les", "her"}
    assert words


async def test_a_topic_that_stays_the_same_keeps_its_id_and_an_empty_one_goes(
    market: MarketCard,
):
    async with tenant_session(market.id) as session:
        old = await mention_topic(session)
    await brought(market, *TUTORS, *FOOD)
    await read_all(market.id)
    async with tenant_session(market.id) as session:
        first = {one.id for one in await session.exec(select(MentionTopic))}
    assert old.id not in first
    assert await regroup(market.id) == len(first) == 2
    async with tenant_session(market.id) as session:
        assert {one.id for one in await session.exec(select(MentionTopic))} == first


async def test_too_few_have_no_topic(market: MarketCard):
    await brought(market, *TUTORS)
    await read_all(market.id)
    async with tenant_session(market.id) as session:
        assert await topics_of(session, reader(market), days_of(market)) == []
        found = await sounds_of(session, reader(market), days_of(market))
    assert (found.read, found.unread, found.counts["positive"]) == (4, 0, 4)


async def test_a_market_reads_and_groups_nothing_of_another(market: MarketCard):
    other = await open_market()
    await brought(other, *TUTORS, *FOOD)
    assert await read_all(market.id) == 0
    assert await regroup(market.id) == 0
    async with tenant_session(other.id) as session:
        assert {one.vector for one in await session.exec(select(Mention))} == {None}


async def test_weeks_are_the_market_s_and_none_is_left_out(database: object):
    market = await open_market(timezone="Asia/Tokyo")
    # A Sunday evening in London is a Monday in Tokyo.
    late = datetime(2026, 5, 10, 20, tzinfo=UTC)
    async with tenant_session(market.id) as session:
        await mention(session, published_at=late, source="vk", sentiment="negative")
        await mention(session, published_at=late - timedelta(days=1))
        await mention(session, published_at=late, sentiment=None)
        span = Span(late.date() - timedelta(days=20), late.date() + timedelta(days=8), "Asia/Tokyo")
        found = await sounds_of(session, reader(market), span)
    assert [one.first for one in found.weeks] == mondays(span)
    assert [one.total for one in found.weeks] == [0, 0, 1, 1, 0]
    assert found.weeks[3].counts["negative"] == 1
    assert found.unread == 1
    assert [source for source, _ in found.sources] == ["telegram", "vk"]


async def test_figures_are_for_who_may_see_them(market: MarketCard):
    writer = system(market.id, "crawler", Permission.WRITE_MENTIONS)
    async with tenant_session(market.id) as session:
        for ask in (sounds_of, topics_of):
            with pytest.raises(NotAllowed):
                await ask(session, writer, days_of(market))
