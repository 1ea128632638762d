"""What people think of replies, and what is learned of it: questions to test a Maestro with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.conversations.log import check_may_open
from app.conversations.models import ConversationEvent, ReplyFeedback
from app.database import TenantSession
from app.errors import AppError, NotFound

REASONS = ("wrong", "missed", "outdated", "tone", "other")
"""Why a reply was not good: false, beside the question, out of date, in a bad tone, or else."""
LONGEST_NOTE = 1000
PAGE = 25

_FROM = (
    " from reply_feedback f"
    " join conversation_event r on r.tenant_id = f.tenant_id and r.id = f.reply_id"
)
_WHERE = (
    " where (cast(:good as boolean) is null or f.good = :good)"
    " and (cast(:handled as boolean) is null or (f.handled_at is not null) = :handled)"
    " and (cast(:agent as text) = '' or r.payload->>'agent' = :agent)"
    " and (cast(:since as timestamptz) is null or f.created_at >= :since)"
    " and (cast(:reply as uuid) is null or f.reply_id = :reply)"
)
_ROWS = text(
    "select f.good, f.reason, f.note, f.created_at, f.handled_at, r.id as reply_id,"  # noqa: S608
    "  r.conversation_id, r.payload->>'text' as answer, r.payload->>'agent' as agent,"
    "  r.payload->>'model' as model, r.payload->'citations' as citations,"
    "  r.payload ? 'trace' as traced,"
    "  m.payload->>'text' as question, m.payload->>'locale' as locale,"
    "  route.payload->>'intent' as intent, route.payload->'agents' as agents"
    f"{_FROM}"
    " left join conversation_event m on m.tenant_id = r.tenant_id"
    "   and m.conversation_id = r.conversation_id and m.seq = (r.payload->>'asked')::int"
    " left join lateral (select e.payload from conversation_event e"
    "   where e.tenant_id = r.tenant_id and e.conversation_id = r.conversation_id"
    "     and e.kind = 'route' and e.seq < r.seq order by e.seq desc limit 1) route on true"
    f"{_WHERE}"
    " order by f.created_at desc, f.id offset :skipped limit :most"
)
_COUNT = text(f"select count(*){_FROM}{_WHERE}")
_AGENTS = text(f"select distinct r.payload->>'agent' as agent{_FROM} order by agent")


@dataclass(frozen=True)
class Sought:
    """Which judgements are looked for; what is None or empty does not matter."""

    good: bool | None = None
    agent: str = ""
    handled: bool | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Judged:
    """A reply with what a person thought of it, and the question that it answered."""

    reply_id: UUID
    conversation_id: UUID
    good: bool
    reason: str
    note: str
    at: datetime
    question: str
    answer: str
    locale: str
    agent: str
    model: str
    intent: str
    agents: tuple[str, ...]
    handled: bool
    """Whether staff saw to it."""
    traced: bool
    """Whether it is known how the reply was made; see `app.conversations.traces`."""
    documents: tuple[UUID, ...]
    """The documents that the reply cites."""


async def judge(
    session: TenantSession,
    conversation_id: UUID,
    person_id: UUID | None,
    reply_id: UUID,
    *,
    good: bool | None,
    reason: str = "",
    note: str = "",
) -> None:
    """Keep what a person thinks of a reply in their conversation; None takes it back.

    Raises `NotFound` for what they may not read and `AppError` for a reason that is none.
    """
    await check_may_open(session, conversation_id, person_id)
    query = select(col(ConversationEvent.id)).where(
        ConversationEvent.id == reply_id,
        ConversationEvent.conversation_id == conversation_id,
        ConversationEvent.kind == "reply",
    )
    if (await session.exec(query)).one_or_none() is None:
        raise NotFound("There is no such message.")
    if good is None:
        await session.exec(delete(ReplyFeedback).where(col(ReplyFeedback.reply_id) == reply_id))
        return
    if reason and (good or reason not in REASONS):
        raise AppError("There is no such reason.")
    said = " ".join(note.replace("\0", " ").split())
    if len(said) > LONGEST_NOTE:
        raise AppError("A note may have at most %(count)s characters.", count=LONGEST_NOTE)
    told = {
        "good": good,
        "reason": reason,
        "note": said,
        "created_at": datetime.now(UTC),
        "handled_at": None,
    }
    made = insert(ReplyFeedback).values(reply_id=reply_id, **told)
    await session.exec(made.on_conflict_do_update(constraint="reply_feedback_once", set_=told))


async def judgements_in(
    session: TenantSession, reply_ids: Sequence[UUID]
) -> dict[UUID, tuple[bool, str]]:
    """Which of these replies were judged, and how; who may read them was checked before."""
    found = await session.exec(
        select(ReplyFeedback).where(col(ReplyFeedback.reply_id).in_(reply_ids))
    )
    return {one.reply_id: (one.good, one.reason) for one in found}


async def judged(
    session: TenantSession, actor: Actor, sought: Sought | None = None, page: int = 1
) -> tuple[list[Judged], int]:
    """A page of what people thought, the newest first, and how many there are on all pages."""
    actor.must(Permission.SEE_CONVERSATIONS)
    wanted = {**vars(sought or Sought()), "reply": None}
    connection = await session.connection()
    count = (await connection.execute(_COUNT, wanted)).scalar_one()
    skipped = (min(max(page, 1), 10_000) - 1) * PAGE
    rows = await connection.execute(_ROWS, wanted | {"skipped": skipped, "most": PAGE})
    return [_judged(row) for row in rows], count


async def judged_reply(session: TenantSession, actor: Actor, reply_id: UUID) -> Judged:
    """What somebody thought of one reply; raises `NotFound`."""
    actor.must(Permission.SEE_CONVERSATIONS)
    wanted = {**vars(Sought()), "reply": reply_id, "skipped": 0, "most": 1}
    rows = await (await session.connection()).execute(_ROWS, wanted)
    found = rows.first()
    if found is None:
        raise NotFound("There is no such message.")
    return _judged(found)


async def agents_judged(session: TenantSession, actor: Actor) -> list[str]:
    """The agents of whose replies somebody thought something, by name."""
    actor.must(Permission.SEE_CONVERSATIONS)
    rows = await (await session.connection()).execute(_AGENTS)
    return [row.agent for row in rows if row.agent]


async def mark_handled(session: TenantSession, actor: Actor, reply_id: UUID, *, on: bool) -> None:
    """Note that staff saw to what somebody thought, or take that back; raises `NotFound`."""
    actor.must(Permission.SEE_CONVERSATIONS)
    query = select(ReplyFeedback).where(ReplyFeedback.reply_id == reply_id).with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such message.")
    if (found.handled_at is not None) == on:
        return
    found.handled_at = datetime.now(UTC) if on else None
    session.add(found)
    await session.flush()
    deed = "feedback.handled" if on else "feedback.reopened"
    await record(session, actor, deed, "reply_feedback", found.id)


def _judged(row: Any) -> Judged:
    cited = [one for one in row.citations or () if one.get("kind") == "passage"]
    return Judged(
        row.reply_id,
        row.conversation_id,
        row.good,
        row.reason,
        row.note,
        row.created_at,
        row.question or "",
        row.answer or "",
        row.locale or "",
        row.agent or "",
        row.model or "",
        row.intent or "",
        tuple(row.agents or ()),
        row.handled_at is not None,
        row.traced,
        tuple(dict.fromkeys(UUID(one["external_id"]) for one in cited)),
    )
