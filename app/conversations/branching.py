"""A second conversation that begins as another one did, up to one of its replies."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from app.conversations import log, reading
from app.conversations.attachments import storing
from app.conversations.attachments.taking import read_soon
from app.conversations.log import Entry, check_may_open
from app.conversations.models import (
    Attachment,
    Conversation,
    ConversationEvent,
)
from app.database import TenantSession
from app.errors import NotFound
from app.markets.quotas import Quota, leave_room

_OF_THE_FIRST = ("reply_id", "process", "client_id", "edits", "trace")
"""What a copy leaves out: who answered, what a program called it, and what is counted once."""
_MOST = 2000
_PASSAGES = text(
    "insert into attachment_passage"
    " (id, attachment_id, position, section, heading, page, text, meaning, created_at)"
    " select gen_random_uuid(), :new, position, section, heading, page, text, meaning, created_at"
    " from attachment_passage where attachment_id = :old"
)


async def branch(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, reply_seq: int
) -> UUID:
    """Begin a conversation with what stood in another up to reply number `reply_seq`.

    Raises `NotFound` for a conversation that the person may not read, and for no reply of it.
    """
    held = await check_may_open(session, conversation_id, person_id)
    entries = await log.latest_events(session, conversation_id, _MOST, before=reply_seq + 1)
    heard = {one.id for one in reading.spoken(entries)}
    standing = [
        entry
        for entry in reading.standing(entries)
        if str(entry.id) in heard or entry.kind == "slots"
    ]
    if not standing or (standing[-1].seq, standing[-1].kind) != (reply_seq, "reply"):
        raise NotFound("There is no such message.")
    made = Conversation(
        person_id=person_id,
        locale=held.locale,
        title=held.title,
        agent=held.agent,
        course_id=held.course_id,
        last_seq=len(standing),
    )
    session.add(made)
    await session.flush()
    files = await _copied(session, made.id, standing)
    asked = 0
    for number, entry in enumerate(standing, start=1):
        asked = number if entry.kind == "message" else asked
        origin = {"conversation": str(conversation_id), "seq": entry.seq}
        event = _copy(made.id, entry, number, asked, origin)
        event.payload = _renamed(event.payload, files)
        session.add(event)
        await session.flush()
        for told in event.payload.get("attachments", ()):
            if told["id"] in files.values():
                copied = await session.get_one(Attachment, UUID(told["id"]))
                copied.message_id = event.id
    await session.flush()
    return made.id


async def _copied(
    session: TenantSession, conversation_id: UUID, standing: Sequence[Entry]
) -> dict[str, str]:
    """Put the files that were sent into the other conversation too; the new ids by the old ones.

    Each conversation has its own, so that deleting one leaves the other whole.
    """
    named = [one["id"] for entry in standing for one in entry.payload.get("attachments", ())]
    copied: dict[str, str] = {}
    for told in dict.fromkeys(named):
        row = await session.get(Attachment, UUID(told))
        if row is None:
            continue
        await leave_room(session, Quota.STORAGE, row.bytes)
        kept = row.model_dump(exclude={"id", "tenant_id", "message_id", "conversation_id"})
        other = Attachment(**kept, conversation_id=conversation_id)
        session.add(other)
        await session.flush()
        connection = await session.connection()
        await connection.execute(_PASSAGES, {"old": row.id, "new": other.id})
        await storing.copy(session.tenant_id, row.id, other.id)
        if row.state == "waiting":
            await read_soon(session, other.id)
        copied[told] = str(other.id)
    return copied


def _renamed(payload: dict[str, Any], files: dict[str, str]) -> dict[str, Any]:
    """A payload in which files have the ids of their copies, in citations too."""
    if not files:
        return payload
    told = json.dumps(payload)
    for old, new in files.items():
        told = told.replace(old, new)
    return json.loads(told)


def _copy(
    conversation_id: UUID, entry: Entry, number: int, asked: int, origin: dict[str, Any]
) -> ConversationEvent:
    payload: dict[str, Any] = {
        name: value for name, value in entry.payload.items() if name not in _OF_THE_FIRST
    }
    if entry.kind == "reply":
        payload["asked"] = asked
    return ConversationEvent(
        id=uuid4(),
        conversation_id=conversation_id,
        seq=number,
        kind=entry.kind,
        payload=payload | {"branched": origin},
        created_at=entry.at,
    )
