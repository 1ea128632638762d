"""Looking mentions up: what was written where, when, by whom, and how it sounds."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy import select as any_select
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.spans import Span
from app.audit.log import record
from app.catalogue.models import Provider
from app.database import TenantSession
from app.errors import NotFound
from app.social.models import Mention

LONGEST_WORDS = 200


@dataclass(frozen=True)
class Sought:
    """Which mentions; what is empty does not matter."""

    words: str = ""
    source: str = ""
    sentiment: str = ""
    language: str = ""
    topic_id: UUID | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Found:
    """Some of the mentions, the newest first, of how many, and whom each is about."""

    mentions: tuple[Mention, ...]
    total: int
    providers: dict[UUID, str]
    """The names of the providers that they are about."""


async def mentions_of(
    session: TenantSession, actor: Actor, sought: Sought, *, limit: int = 25, offset: int = 0
) -> Found:
    """The mentions that are sought, for who may see figures."""
    actor.must(Permission.SEE_FIGURES)
    conditions = conditions_of(sought)
    total = await session.scalar(any_select(func.count(col(Mention.id))).where(*conditions))
    query = (
        select(Mention)
        .where(*conditions)
        .order_by(col(Mention.published_at).desc(), col(Mention.id))
        .limit(limit)
        .offset(offset)
    )
    mentions = tuple(await session.exec(query))
    about = {one.provider_id for one in mentions if one.provider_id}
    named = select(Provider.id, Provider.name).where(col(Provider.id).in_(about))
    providers = dict(list(await session.exec(named))) if about else {}
    return Found(mentions, total or 0, providers)


async def sources_of(session: TenantSession, actor: Actor) -> list[str]:
    """Where mentions were written, in the order of the alphabet."""
    actor.must(Permission.SEE_FIGURES)
    return list(await session.exec(select(Mention.source).distinct().order_by(Mention.source)))


async def forget_mention(session: TenantSession, actor: Actor, mention_id: UUID) -> None:
    """Delete a mention; raises `NotFound`."""
    actor.must(Permission.WRITE_MENTIONS)
    found = await session.get(Mention, mention_id)
    if found is None:
        raise NotFound("There is no such mention.")
    await session.delete(found)
    await session.flush()
    await record(session, actor, "mention.forgotten", "mention", mention_id)


async def forget_author(session: TenantSession, actor: Actor, mention_id: UUID) -> int:
    """Delete all that the author of a mention wrote in the same place; returns how many.

    For somebody who asks for it. Of a mention without an author it is that one alone.
    """
    actor.must(Permission.WRITE_MENTIONS)
    found = await session.get(Mention, mention_id)
    if found is None:
        raise NotFound("There is no such mention.")
    if not found.author:
        await forget_mention(session, actor, mention_id)
        return 1
    theirs = delete(Mention).where(
        col(Mention.source) == found.source, col(Mention.author) == found.author
    )
    gone = (await session.exec(theirs)).rowcount
    # Not their name: the log is kept for longer than what they asked to be gone.
    await record(session, actor, "mentions.forgotten", "mention", mention_id, after={"rows": gone})
    return gone


def conditions_of(sought: Sought) -> list[Any]:
    """What a query asks of mentions to find those that are sought."""
    sought = replace(
        sought,
        **{
            name: getattr(sought, name).replace("\x00", "").strip()
            for name in ("words", "source", "sentiment", "language")
        },
    )
    found: list[Any] = [
        or_(
            col(Mention.text).icontains(word, autoescape=True),
            col(Mention.author).icontains(word, autoescape=True),
        )
        for word in sought.words[:LONGEST_WORDS].split()
    ]
    if sought.source:
        found.append(col(Mention.source) == sought.source.lower())
    if sought.sentiment:
        found.append(col(Mention.sentiment) == sought.sentiment)
    if sought.language:
        found.append(col(Mention.language) == sought.language)
    if sought.topic_id is not None:
        found.append(col(Mention.topic_id) == sought.topic_id)
    if sought.span is not None:
        found += within(sought.span)
    return found


def within(span: Span) -> list[Any]:
    """What a query asks of mentions to find those published in these days."""
    bounds = span.bounds()
    return [
        col(Mention.published_at) >= bounds["since"],
        col(Mention.published_at) < bounds["until"],
    ]
