"""How answers were made: who was sent for what, what was found, what it took.

A trace stands in the log beside the reply that it is of (`trace` of its payload). So it is seen in
its own market alone, is exported and erased with its conversation, and is never changed. Staff who
may read conversations read it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.conversations.models import ConversationEvent
from app.database import TenantSession
from app.errors import NotFound

PAGE = 25


@dataclass(frozen=True)
class TracedWant:
    """One thing that the message was taken to want."""

    intent: str
    message: str
    confidence: float


@dataclass(frozen=True)
class TracedSource:
    """Something that a step found: a listing, an article or a passage."""

    kind: str
    external_id: str
    title: str
    url: str
    score: float


@dataclass(frozen=True)
class TracedStep:
    """One agent's work; times are in seconds, `began` since the message was read.

    `state` is `done`, `failed`, `late` or `skipped`; `problems` are what was found wrong with what
    it gave back, and left out of the answer.
    """

    key: str
    agent: str
    intent: str
    state: str
    needs: tuple[str, ...] = ()
    began: float = 0.0
    took: float = 0.0
    error: str = ""
    sources: tuple[TracedSource, ...] = ()
    blocks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """How one answer was made."""

    message: str
    locale: str
    wants: tuple[TracedWant, ...]
    agents: tuple[str, ...]
    confidence: dict[str, float] = field(default_factory=dict[str, float], hash=False)
    slots: tuple[str, ...] = ()
    steps: tuple[TracedStep, ...] = ()
    model: str = ""
    tried: tuple[dict[str, str], ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    money: Decimal = Decimal(0)
    currency: str = ""
    first_token: float = 0.0
    took: float = 0.0
    """Seconds until the answer was complete."""
    ending: str = "done"

    @property
    def intents(self) -> tuple[str, ...]:
        """What was wanted, each once."""
        return tuple(dict.fromkeys(want.intent for want in self.wants))


@dataclass(frozen=True)
class Kept:
    """A trace in the record; its id is that of the reply."""

    id: UUID
    conversation_id: UUID
    asked: int
    at: datetime
    trace: Trace


_TRACE = TypeAdapter(Trace)
_TRACED = (
    ConversationEvent.kind == "reply",
    col(ConversationEvent.payload).op("?")("trace"),
)


def dumped(trace: Trace) -> dict[str, Any]:
    """A trace as the log holds it."""
    return _TRACE.dump_python(trace, mode="json")


async def traces(session: TenantSession, actor: Actor, page: int = 1) -> tuple[list[Kept], int]:
    """A page of the record, the newest first, and how many there are on all pages."""
    actor.must(Permission.SEE_CONVERSATIONS)
    count = await session.scalar(
        select(func.count()).select_from(ConversationEvent).where(*_TRACED)
    )
    rows = await session.exec(
        select(ConversationEvent)
        .where(*_TRACED)
        .order_by(col(ConversationEvent.created_at).desc(), col(ConversationEvent.id))
        .offset((max(page, 1) - 1) * PAGE)
        .limit(PAGE)
    )
    return [_kept(row) for row in rows], count or 0


async def trace_of_reply(session: TenantSession, actor: Actor, reply_id: UUID) -> Kept:
    """How one reply was made; raises `NotFound`."""
    actor.must(Permission.SEE_CONVERSATIONS)
    query = select(ConversationEvent).where(ConversationEvent.id == reply_id, *_TRACED)
    found = (await session.exec(query)).one_or_none()
    if found is None:
        raise NotFound("There is no such trace.")
    return _kept(found)


def _kept(row: ConversationEvent) -> Kept:
    trace = _TRACE.validate_python(row.payload["trace"])
    return Kept(row.id, row.conversation_id, int(row.payload["asked"]), row.created_at, trace)
