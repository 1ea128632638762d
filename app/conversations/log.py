"""The log of a conversation: numbered entries that are only ever added.

Kinds of entries and what their payload holds:

- `message`: what a person said. `text`, `locale`, `reply_id` (the id that the answer will have)
  and `process` (who answers, see `replies`); `client_id` is what the sender called it, by which a
  message that is sent twice is known, and `attachments` the files that came with it.
- `retry`: the person asks for another answer to message number `asked`; otherwise as `message`.
- `route`: how the message was understood. `intent`, `confidence`, `agents`.
- `reply`: the answer, once it has ended. `text`, `citations`, `agent`, `model`, `asked` (number
  of the message or retry) and `ending`: `done`, `stopped`, `failed` or `interrupted`. Its id is
  the `reply_id`. `credit` says which models were asked in vain and why (`tried`), and what the
  answer took; `voided` how many characters were said before it began anew. `blocks` are parts that
  are more than text, `trace` how it was made (see `traces`), and `slots` what the conversation says
  by then of dates, money and guests (those asked for without a value).
- `slots`: the person corrected `slots`, namely those of the kinds in `corrected`.

A message with `edits` stands in the place of message number `edits` and of all that followed it;
see `reading.standing`. What was copied into a branch has `branched`: from which conversation, and
its number there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import func, update
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.conversations.hearing import tell
from app.conversations.models import Conversation, ConversationEvent
from app.database import TenantSession
from app.errors import NotFound
from app.outbox.emitting import emit
from app.outbox.kinds import MessageCreated

_TOLD: dict[str, Literal["person", "agent"]] = {"message": "person", "reply": "agent"}
"""Entries of which others are told that something was said, and who says them."""


@dataclass(frozen=True)
class Entry:
    """One numbered entry of a conversation's log."""

    id: UUID
    seq: int
    kind: str
    payload: dict[str, Any]
    at: datetime


async def start(
    session: TenantSession,
    locale: str,
    person_id: UUID | None,
    *,
    agent: str = "",
    course_id: str = "",
) -> UUID:
    """Open an empty conversation and return its id; without a person it is anonymous."""
    conversation = Conversation(
        locale=locale, person_id=person_id, agent=agent, course_id=course_id
    )
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

    A person's conversation is theirs alone. An anonymous one is open to whoever holds its id,
    and becomes the first person's who writes in it: they began it before they signed in.
    With `writing` nobody else can add to it until the session ends.
    """
    query = select(Conversation).where(Conversation.id == conversation_id)
    found = (await session.exec(query.with_for_update() if writing else query)).one_or_none()
    if found is None or found.person_id not in (None, person_id):
        raise NotFound("There is no such conversation.")
    if writing and found.person_id is None and person_id is not None:
        found.person_id = person_id
        session.add(found)
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
    await tell(session, conversation_id, "entry", seq=seq)
    if kind in _TOLD:
        said = MessageCreated(
            conversation_id=conversation_id,
            message_id=written.id,
            number=seq,
            author=_TOLD[kind],
            agent=str(payload.get("agent", "")),
        )
        await emit(session, said)
    return _entry(written)


async def last_number(session: TenantSession, conversation_id: UUID) -> int:
    """The number of the newest entry; 0 where there is none, or no such conversation."""
    query = select(Conversation.last_seq).where(Conversation.id == conversation_id)
    return (await session.exec(query)).one_or_none() or 0


async def events_after(
    session: TenantSession,
    conversation_id: UUID,
    seq: int = 0,
    limit: int = 500,
    *,
    kinds: Sequence[str] = (),
) -> list[Entry]:
    """The entries with a number above `seq`, in order; with `kinds` those of these kinds."""
    query = _events().where(
        ConversationEvent.conversation_id == conversation_id, ConversationEvent.seq > seq
    )
    if kinds:
        query = query.where(col(ConversationEvent.kind).in_(kinds))
    found = await session.exec(query.order_by(col(ConversationEvent.seq)).limit(limit))
    return [_entry(event) for event in found]


async def latest_events(
    session: TenantSession, conversation_id: UUID, limit: int = 200, *, before: int | None = None
) -> list[Entry]:
    """The newest entries, in order; with `before` those with a number below it."""
    found = await session.exec(
        _events()
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.seq < (2**31 - 1 if before is None else before),
        )
        .order_by(col(ConversationEvent.seq).desc())
        .limit(limit)
    )
    return [_entry(event) for event in reversed(found.all())]


async def entry(session: TenantSession, conversation_id: UUID, entry_id: UUID) -> Entry | None:
    """The entry with this id, or None."""
    found = (
        await session.exec(
            _events().where(
                ConversationEvent.conversation_id == conversation_id,
                ConversationEvent.id == entry_id,
            )
        )
    ).one_or_none()
    return None if found is None else _entry(found)


async def name_after(session: TenantSession, conversation_id: UUID, message: str) -> None:
    """Title a conversation after its first message; later ones change nothing."""
    words = " ".join(message.split())
    title = words if len(words) <= 60 else words[:59].rsplit(" ", 1)[0] + "…"
    await session.exec(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, func.length(Conversation.title) == 0)
        .values(title=title)
    )


def _events() -> SelectOfScalar[ConversationEvent]:
    return select(ConversationEvent).options(defer(ConversationEvent.words))


def _entry(event: ConversationEvent) -> Entry:
    return Entry(
        id=event.id,
        seq=event.seq,
        kind=event.kind,
        payload=event.payload,
        at=event.created_at,
    )
