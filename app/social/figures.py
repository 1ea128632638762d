"""How a market's mentions sound over the weeks, and what they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.spans import Span
from app.database import TenantSession
from app.social.models import SENTIMENTS, Mention, MentionTopic, Sentiment
from app.social.reading import within

QUOTES = 3
"""Mentions that are told of a topic."""

Counts = Mapping[Sentiment, int]


@dataclass(frozen=True)
class Week:
    """How many mentions of a week sound how; `first` is its Monday."""

    first: date
    counts: Counts

    @property
    def total(self) -> int:
        """All that were read."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Sounds:
    """How all mentions of some days sound, week by week; `unread` wait to be read."""

    counts: Counts
    unread: int
    weeks: tuple[Week, ...]
    sources: tuple[tuple[str, Counts], ...]
    """The same by where they were written, most first."""

    @property
    def read(self) -> int:
        """How many were read."""
        return sum(self.counts.values())


@dataclass
class Topic:
    """What several mentions are about; `weeks` are counts in the order of the weeks."""

    id: UUID
    words: Sequence[str]
    counts: dict[Sentiment, int] = field(default_factory=lambda: dict.fromkeys(SENTIMENTS, 0))
    weeks: list[int] = field(default_factory=list[int])
    quotes: Sequence[Mention] = ()
    """Those nearest to the topic's middle."""

    @property
    def total(self) -> int:
        """How many mentions."""
        return sum(self.counts.values())


async def sounds_of(session: TenantSession, actor: Actor, span: Span) -> Sounds:
    """How the mentions of these days sound, for who may see figures."""
    actor.must(Permission.SEE_FIGURES)
    query = text(
        "select date_trunc('week', published_at at time zone :zone)::date as week, source,"
        " sentiment, count(*) as number from mention"
        " where published_at >= :since and published_at < :until group by 1, 2, 3"
    )
    rows = (await (await session.connection()).execute(query, span.bounds())).all()
    whole = dict.fromkeys(SENTIMENTS, 0)
    by_week = {first: dict.fromkeys(SENTIMENTS, 0) for first in mondays(span)}
    by_source: dict[str, dict[Sentiment, int]] = {}
    unread = 0
    for row in rows:
        if row.sentiment is None:
            unread += row.number
            continue
        of_source = by_source.setdefault(row.source, dict.fromkeys(SENTIMENTS, 0))
        for counts in (whole, by_week[row.week], of_source):
            counts[row.sentiment] += row.number
    sources = sorted(by_source.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    weeks = tuple(Week(first, counts) for first, counts in by_week.items())
    return Sounds(whole, unread, weeks, tuple(sources))


async def topics_of(
    session: TenantSession, actor: Actor, span: Span, *, limit: int = 20
) -> list[Topic]:
    """What the mentions of these days are about, most first, for who may see figures."""
    actor.must(Permission.SEE_FIGURES)
    query = text(
        "select topic_id, date_trunc('week', published_at at time zone :zone)::date as week,"
        " sentiment, count(*) as number from mention"
        " where published_at >= :since and published_at < :until"
        " and topic_id is not null and sentiment is not null group by 1, 2, 3"
    )
    places = {first: place for place, first in enumerate(mondays(span))}
    known = {one.id: one for one in await session.exec(select(MentionTopic))}
    found: dict[UUID, Topic] = {}
    for row in await (await session.connection()).execute(query, span.bounds()):
        topic = found.setdefault(
            row.topic_id, Topic(row.topic_id, known[row.topic_id].keywords, weeks=[0] * len(places))
        )
        topic.counts[row.sentiment] += row.number
        topic.weeks[places[row.week]] += row.number
    told = sorted(found.values(), key=lambda one: (-one.total, str(one.id)))[:limit]
    for topic in told:
        topic.quotes = await _quotes(session, span, topic.id)
    return told


def mondays(span: Span) -> list[date]:
    """The Mondays of the weeks in which these days lie."""
    first = span.first - timedelta(days=span.first.weekday())
    return [
        first + timedelta(days=7 * number) for number in range((span.last - first).days // 7 + 1)
    ]


async def _quotes(session: TenantSession, span: Span, topic_id: UUID) -> list[Mention]:
    """Those whose meaning is nearest to what the topic's mentions have in common."""
    query = (
        select(Mention.id, Mention.vector)
        .where(Mention.topic_id == topic_id, *within(span))
        .order_by(col(Mention.published_at).desc(), col(Mention.id))
    )
    rows = list(await session.exec(query))
    known = [(one, np.frombuffer(vector, np.float16)) for one, vector in rows if vector]
    best = [one for one, _ in rows]
    if known:
        vectors = np.stack([vector for _, vector in known]).astype(np.float32)
        nearness = vectors @ vectors.mean(axis=0)
        best = [known[int(place)][0] for place in np.argsort(-nearness, kind="stable")]
    best = best[:QUOTES]
    mentions = {
        one.id: one for one in await session.exec(select(Mention).where(col(Mention.id).in_(best)))
    }
    return [mentions[one] for one in best]
