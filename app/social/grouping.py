"""What mentions are about: groups of those that mean much the same, found anew as more arrive."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select as any_select
from sqlalchemy import text
from sqlmodel import col, delete, select, update

from app.analytics import worker
from app.database import TenantSession, tenant_session
from app.social.models import Mention, MentionTopic

MOST = 2_000
"""Mentions that are grouped, the newest: the time it takes grows with their square."""
BACK = timedelta(days=365)
FEWEST = 6
"""Below so many mentions there are no topics to speak of."""
LEAST = 3
"""Mentions that make a topic."""
MOST_TOPICS = 20
DISTANCE = 0.78
"""How far apart (1 - cosine) groups may be on average to be one; see docs/social.md."""
WORDS = 5
MEANINGLESS = {
    "en": "english_stem",
    "ru": "russian_stem",
    "de": "german_stem",
    "es": "spanish_stem",
    "fr": "french_stem",
}
"""PostgreSQL's dictionaries, which know the words that say nothing alone."""
MEANINGLESS_ARABIC = frozenset(
    re.findall(
        r"\w+",
        "على هذا هذه ذلك تلك التي الذي الذين كان كانت لقد لكن ليس إلى عند عندما كل جدا كما ثم حتى"
        " بعد قبل منذ مع عن أنا نحن هو هي هم أنت لم لن ما لا قد أو إن أن كنت كنا لنا لهم بهم منهم"
        " فيه فيها غير بين حين أي هناك هنا أيضا فقط بلا دون أبدا عليه عليها",
    )
)
"""PostgreSQL's Arabic dictionary knows none."""


@dataclass(frozen=True)
class _Read:
    """What grouping needs of a mention."""

    id: UUID
    text: str
    language: str
    vector: bytes | None
    topic_id: UUID | None


async def regroup(market_id: UUID) -> int:
    """Find the topics of a market's mentions anew, and return how many there are.

    A topic that has mostly the same mentions as before stays the one that it was.
    """
    async with tenant_session(market_id) as session:
        mentions = await _newest(session)
    told: list[dict[str, list[int] | list[str]]] = []
    if len(mentions) >= FEWEST:
        # Nothing is locked meanwhile.
        told = await worker.ask(
            "topics",
            vectors=base64.b64encode(b"".join(one.vector or b"" for one in mentions)).decode(),
            texts=[one.text for one in mentions],
            languages=[one.language for one in mentions],
            distance=DISTANCE,
            least=LEAST,
            most=MOST_TOPICS,
            words=WORDS * 6,
        )
    groups = [([mentions[int(place)] for place in one["places"]], one["words"]) for one in told]
    async with tenant_session(market_id) as session:
        await _keep(session, [(those, [str(word) for word in words]) for those, words in groups])
    return len(groups)


async def is_due(session: TenantSession, read: int) -> bool:
    """Whether topics shall be found anew now that `read` more mentions were read."""
    latest = (
        await session.exec(
            select(MentionTopic.created_at).order_by(col(MentionTopic.created_at).desc()).limit(1)
        )
    ).first()
    known = await session.scalar(text("select count(*) from mention")) or 0
    return latest is None or read * 20 >= known or latest < datetime.now(UTC) - timedelta(minutes=5)


async def _newest(session: TenantSession) -> list[_Read]:
    query = (
        any_select(
            col(Mention.id),
            col(Mention.text),
            col(Mention.language),
            col(Mention.vector),
            col(Mention.topic_id),
        )
        .where(col(Mention.vector).is_not(None))
        .where(col(Mention.published_at) > datetime.now(UTC) - BACK)
        .order_by(col(Mention.published_at).desc(), col(Mention.id))
        .limit(MOST)
    )
    found = await (await session.connection()).execute(query)
    return [_Read(*told) for told in found]


async def _keep(session: TenantSession, groups: Sequence[tuple[list[_Read], list[str]]]) -> None:
    meaningless = await _meaningless(session, {word for _, words in groups for word in words})
    known = {one.id: one for one in await session.exec(select(MentionTopic))}
    kept: set[UUID] = set()
    await session.exec(
        update(Mention).where(col(Mention.topic_id).is_not(None)).values(topic_id=None)
    )
    for mentions, words in groups:
        topic = known.get(_former(mentions, kept) or uuid4()) or MentionTopic(
            id=uuid4(), keywords=[]
        )
        topic.keywords = [word for word in words if word not in meaningless][:WORDS]
        topic.created_at = datetime.now(UTC)
        kept.add(topic.id)
        session.add(topic)
        await session.flush()
        ids = [one.id for one in mentions]
        await session.exec(
            update(Mention).where(col(Mention.id).in_(ids)).values(topic_id=topic.id)
        )
    await session.exec(delete(MentionTopic).where(col(MentionTopic.id).not_in(kept)))


def _former(mentions: Sequence[_Read], taken: set[UUID]) -> UUID | None:
    """The topic that most of these mentions were in before, unless another group has it."""
    counted: dict[UUID, int] = {}
    for one in mentions:
        if one.topic_id is not None and one.topic_id not in taken:
            counted[one.topic_id] = counted.get(one.topic_id, 0) + 1
    best = max(counted, key=lambda topic: counted[topic], default=None)
    return best if best is not None and counted[best] * 2 > len(mentions) else None


async def _meaningless(session: TenantSession, words: set[str]) -> set[str]:
    """Those that say nothing alone, in any of the languages whose such words are known."""
    found = words & MEANINGLESS_ARABIC
    connection = await session.connection()
    for dictionary in MEANINGLESS.values():
        asked = text(
            "select word from unnest(cast(:words as text[])) as word"
            " where cardinality(ts_lexize(cast(:dictionary as regdictionary), word)) = 0"
        )
        told = {"words": sorted(words), "dictionary": f"pg_catalog.{dictionary}"}
        found |= set((await connection.execute(asked, told)).scalars())
    return found
