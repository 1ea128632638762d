"""`/api/v1/social`: what others say of the market, brought in by programs and read by staff."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from app.accounts.permissions import Permission
from app.analytics.shares import shares_of
from app.api.callers import Marketplace, Signed
from app.api.guarding import ROOMY
from app.api.mentioning import (
    MentionsFound,
    MentionsReceived,
    MentionsTold,
    SentimentShown,
    TopicsShown,
    found_told,
    received_told,
    sentiment_told,
    topics_told,
)
from app.database import tenant_session
from app.social.figures import mondays, sounds_of, topics_of
from app.social.models import Sentiment
from app.social.reading import LONGEST_WORDS, Sought, forget_mention, mentions_of
from app.social.receiving import receive_mentions
from app.social.spans import days_of

router = APIRouter(prefix="/api/v1/social", tags=["Social"])
ROOMY["/api/v1/social/mentions"] = 1024 * 1024

First = Annotated[date | None, Query(alias="from", description="Without it, 180 days.")]
Last = Annotated[date | None, Query(alias="to", description="Without it, today.")]
Word = Annotated[str, Query(max_length=40)]


@router.post(
    "/mentions",
    response_model=MentionsReceived,
    summary="Bring mentions in",
    operation_id="receiveMentions",
)
async def receive(market: Marketplace, caller: Signed, told: MentionsTold) -> Any:
    """Take up to 200 in; a known `source` and `external_id` changes what is there.

    For keys and people with `mentions.write`. Bad ones are told by their place and reason; the
    others are taken in.
    """
    caller.actor.must(Permission.WRITE_MENTIONS)
    async with tenant_session(market.id) as session:
        rows = [one.model_dump() for one in told.mentions]
        received = await receive_mentions(session, caller.actor, market, rows)
    return received_told(received)


@router.get(
    "/mentions",
    response_model=MentionsFound,
    summary="Look mentions up",
    operation_id="listMentions",
)
async def listed(
    market: Marketplace,
    caller: Signed,
    q: Annotated[str, Query(max_length=LONGEST_WORDS)] = "",
    source: Word = "",
    sentiment: Sentiment | None = None,
    language: Word = "",
    topic: UUID | None = None,
    first: First = None,
    last: Last = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Any:
    """The newest first; for who may see figures."""
    caller.actor.must(Permission.SEE_FIGURES)
    sought = Sought(q, source, sentiment or "", language, topic, days_of(market, first, last))
    async with tenant_session(market.id) as session:
        found = await mentions_of(session, caller.actor, sought, limit=limit, offset=offset)
    return found_told(found)


@router.delete(
    "/mentions/{mention_id}",
    status_code=204,
    summary="Delete a mention",
    operation_id="forgetMention",
)
async def forget(market: Marketplace, caller: Signed, mention_id: UUID) -> None:
    """Delete what somebody wants to be gone; for `mentions.write`."""
    caller.actor.must(Permission.WRITE_MENTIONS)
    async with tenant_session(market.id) as session:
        await forget_mention(session, caller.actor, mention_id)


@router.get(
    "/sentiment",
    response_model=SentimentShown,
    summary="How do mentions sound?",
    operation_id="readSentiment",
)
async def sentiment(
    market: Marketplace, caller: Signed, first: First = None, last: Last = None
) -> Any:
    """In all, week by week and by where they were written; for who may see figures."""
    caller.actor.must(Permission.SEE_FIGURES)
    span = days_of(market, first, last)
    async with tenant_session(market.id) as session:
        found = await sounds_of(session, caller.actor, span)
    pairs = [(found.counts[name], found.read) for name in ("positive", "negative")]
    return sentiment_told(found, await shares_of(pairs), span)


@router.get(
    "/topics",
    response_model=TopicsShown,
    summary="What are mentions about?",
    operation_id="listTopics",
)
async def topics(
    market: Marketplace,
    caller: Signed,
    first: First = None,
    last: Last = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> Any:
    """Groups of mentions that mean much the same, most first; for who may see figures."""
    caller.actor.must(Permission.SEE_FIGURES)
    span = days_of(market, first, last)
    async with tenant_session(market.id) as session:
        found = await topics_of(session, caller.actor, span, limit=limit)
        return topics_told(found, mondays(span), span)
