"""Sending files with a message: which they are, and which a conversation has by then."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.conversations import reading
from app.conversations.attachments.taking import MOST_AT_ONCE
from app.conversations.log import Entry
from app.conversations.models import Attachment, ConversationEvent
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound


async def to_send(
    session: TenantSession, conversation_id: UUID, ids: Sequence[UUID]
) -> list[Attachment]:
    """The files with these ids, which nobody else sends until the session ends.

    Raises `NotFound` for those of another conversation, and `Conflict` for those that were sent.
    """
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_AT_ONCE:
        raise AppError("A message may have at most %(count)s files.", count=MOST_AT_ONCE)
    if not wanted:
        return []
    found = await session.exec(
        select(Attachment)
        .where(Attachment.conversation_id == conversation_id, col(Attachment.id).in_(wanted))
        .with_for_update()
    )
    known = {row.id: row for row in found}
    if len(known) < len(wanted):
        raise NotFound("There is no such file.")
    if any(row.message_id is not None for row in known.values()):
        raise Conflict("The file was sent already. It is deleted with the conversation.")
    return [known[one] for one in wanted]


def listed(rows: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Files as the message that they are sent with names them in the log."""
    return [{"id": str(row.id), "name": row.name, "bytes": row.bytes} for row in rows]


async def standing_in(session: TenantSession, conversation_id: UUID, before: int) -> list[UUID]:
    """The files that were sent before entry `before`, with messages that stand, newest first."""
    payload = col(ConversationEvent.payload)
    rows = await session.exec(
        select(ConversationEvent)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.seq < before,
            ConversationEvent.kind == "message",
            payload.bool_op("?")("attachments") | payload.bool_op("?")("edits"),
        )
        .order_by(col(ConversationEvent.seq))
    )
    entries = [Entry(row.id, row.seq, row.kind, row.payload, row.created_at) for row in rows]
    found = [one for entry in reading.standing(entries) for one in sent_with(entry)]
    return list(dict.fromkeys(reversed(found)))


def sent_with(entry: Entry) -> list[UUID]:
    """The ids of the files that a message was sent with."""
    return [UUID(one["id"]) for one in entry.payload.get("attachments", ())]
