"""The log of a conversation: numbered entries that are only ever added.

Kinds of entries and what their payload holds:

- `message`: what a person said. `text`, `locale`, `reply_id` (the id that the answer will have)
  and `process` (who answers, see `replies`).
- `retry`: the person asks for another answer to message number `asked`; otherwise as `message`.
- `route`: how the message was understood. `intent`, `confidence`, `agents`.
- `reply`: the answer, once it has ended. `text`, `citations`, `agent`, `model`, `asked` (number
  of the message or retry) and `ending`: `done`, `stopped`, `failed` or `interrupted`. Its id is
  the `reply_id`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, update
from sqlmodel import col, delete, select

from app.conversations.models import Conversation, ConversationEvent
from app.database import TenantSession
from app.errors import AppError, NotFound

LONGEST_TITLE = 80


@dataclass(frozen=True)
class Entry:
    """One numbered entry of a conversation's log."""

    id: UUID
    seq: int
    kind: str
    payload: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Summary:
    """A conversation as a list shows it."""

    id: UUID
    title: str
    updated_at: datetime


async def start(session: TenantSession, locale: str, person_id: UUID | None) -> UUID:
    """Open an empty conversation and return its id; without a person it is anonymous."""
    conversation = Conversation(locale=locale, person_id=person_id)
    session.add(conversation)
    await session.flush()
    return conversation.id


async def check_may_open(
    session: TenantSession,
    conversation_id: UUID,
    person_id: UUID | None,
    *,
    writing: bool = False,
) -> Conversation:
    """The conversation, if this person may read it and write in it; else `NotFound`.

    A person's conversation is theirs alone. An anonymous one is open to whoever holds its id.
    With `writing` nobody else can add to it until the session ends.
    """
    query = select(Conversation).where(Conversation.id == conversation_id)
    found = (await session.exec(query.with_for_update() if writing else query)).one_or_none()
    if found is None or found.person_id not in (None, person_id):
        raise NotFound("There is no such conversation.")
    return found


async def append(
    session: TenantSession,
    conversation_id: UUID,
    kind: str,
    payload: dict[str, Any],
    *,
    id: UUID | None = None,  # noqa: A002  (the entry's own id, chosen before it is written)
) -> Entry:
    """Add an entry; whoever adds at the same time waits, so that numbers have no gaps."""
    seq = await session.scalar(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id)
        .values(last_seq=Conversation.last_seq + 1, updated_at=datetime.now(UTC))
        .returning(col(Conversation.last_seq))
        .execution_options(synchronize_session=False)
    )
    if seq is None:
        raise NotFound("There is no such conversation.")
    written = ConversationEvent(
        id=id or uuid4(), conversation_id=conversation_id, seq=seq, kind=kind, payload=payload
    )
    session.add(written)
    await session.flush()
    return _entry(written)


async def events_after(
    session: TenantSession, conversation_id: UUID, seq: int = 0, limit: int = 500
) -> list[Entry]:
    """The entries with a number above `seq`, in order."""
    found = await session.exec(
        select(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.seq > seq)
        .order_by(col(ConversationEvent.seq))
        .limit(limit)
    )
    return [_entry(event) for event in found]


async def latest_events(
    session: TenantSession, conversation_id: UUID, limit: int = 200
) -> list[Entry]:
    """The newest entries, in order."""
    found = await session.exec(
        select(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id)
        .order_by(col(ConversationEvent.seq).desc())
        .limit(limit)
    )
    return [_entry(event) for event in reversed(found.all())]


async def entry(session: TenantSession, conversation_id: UUID, entry_id: UUID) -> Entry | None:
    """The entry with this id, or None."""
    found = (
        await session.exec(
            select(ConversationEvent).where(
                ConversationEvent.conversation_id == conversation_id,
                ConversationEvent.id == entry_id,
            )
        )
    ).one_or_none()
    return None if found is None else _entry(found)


async def conversations_of(
    session: TenantSession, person_id: UUID, limit: int = 50
) -> list[Summary]:
    """A person's conversations, the one that was last used first."""
    found = await session.exec(
        select(Conversation)
        .where(Conversation.person_id == person_id, Conversation.last_seq > 0)
        .order_by(col(Conversation.updated_at).desc())
        .limit(limit)
    )
    return [
        Summary(id=conversation.id, title=conversation.title, updated_at=conversation.updated_at)
        for conversation in found
    ]


async def rename(session: TenantSession, conversation_id: UUID, title: str) -> None:
    """Give a conversation another title."""
    named = " ".join(title.split())[:LONGEST_TITLE]
    if not named:
        raise AppError("Give the conversation a name.")
    await session.exec(
        update(Conversation).where(col(Conversation.id) == conversation_id).values(title=named)
    )


async def name_after(session: TenantSession, conversation_id: UUID, message: str) -> None:
    """Title a conversation after its first message; later ones change nothing."""
    words = " ".join(message.split())
    title = words if len(words) <= 60 else words[:59].rsplit(" ", 1)[0] + "…"
    await session.exec(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, func.length(Conversation.title) == 0)
        .values(title=title)
    )


async def remove(session: TenantSession, conversation_id: UUID) -> None:
    """Delete a conversation with all that was said in it."""
    await session.exec(delete(Conversation).where(col(Conversation.id) == conversation_id))


def _entry(event: ConversationEvent) -> Entry:
    return Entry(
        id=event.id,
        seq=event.seq,
        kind=event.kind,
        payload=event.payload,
        at=event.created_at,
    )
