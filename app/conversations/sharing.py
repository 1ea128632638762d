"""Sharing a conversation by a link: read-only, as far as it went by then, until it is revoked.

The secret in a link is made of the share's id and the installation's key, so that no row holds it:
who reads the table cannot open what was shared, and the owner can be shown the link again.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from app.conversations import log, reading
from app.conversations.keeping import check_own
from app.conversations.models import Conversation, ConversationShare
from app.conversations.reading import Spoken
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.settings import settings

_SIGNED = 16
"""Bytes of the signature in a link."""
_LONGEST = 64


@dataclass(frozen=True)
class Share:
    """A link that opens a conversation."""

    token: str
    upto: int
    at: datetime


@dataclass(frozen=True)
class Shared:
    """What a link shows: nothing of who said it but whether it was a person."""

    title: str
    locale: str
    said: list[Spoken]
    at: datetime


async def share(session: TenantSession, conversation_id: UUID, person_id: UUID | None) -> Share:
    """A link to a person's own conversation as it is now; an earlier link opens nothing any more.

    Raises `NotFound` for what is not theirs, and `AppError` where there is nothing to read.
    """
    held = await check_own(session, conversation_id, person_id)
    if held.last_seq == 0:
        raise AppError("There is nothing to share yet.")
    await unshare(session, conversation_id, person_id)
    made = ConversationShare(conversation_id=conversation_id, upto=held.last_seq)
    session.add(made)
    await session.flush()
    return _told(session, made)


async def unshare(session: TenantSession, conversation_id: UUID, person_id: UUID | None) -> None:
    """Have every link to a person's own conversation open nothing; raises `NotFound`."""
    await check_own(session, conversation_id, person_id)
    await session.exec(
        update(ConversationShare)
        .where(
            col(ConversationShare.conversation_id) == conversation_id,
            col(ConversationShare.revoked_at).is_(None),
        )
        .values(revoked_at=datetime.now(UTC))
    )


async def share_of(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None
) -> Share | None:
    """The link that opens a person's own conversation now, or None; raises `NotFound`."""
    await check_own(session, conversation_id, person_id)
    query = select(ConversationShare).where(
        ConversationShare.conversation_id == conversation_id,
        col(ConversationShare.revoked_at).is_(None),
    )
    found = (await session.exec(query)).first()
    return None if found is None else _told(session, found)


async def shared(session: TenantSession, token: str) -> Shared:
    """What a link shows; raises `NotFound` for one that was revoked or never was."""
    share_id = _id_in(session, token)
    found = None if share_id is None else await session.get(ConversationShare, share_id)
    if found is None or found.revoked_at is not None:
        raise NotFound("This conversation is not shared, or no longer.")
    held = await session.get_one(Conversation, found.conversation_id)
    entries = await log.latest_events(session, held.id, limit=500, before=found.upto + 1)
    said = [reading.without_files(one) for one in reading.spoken(entries)]
    return Shared(held.title, held.locale, said, found.created_at)


def _told(session: TenantSession, row: ConversationShare) -> Share:
    token = base64.urlsafe_b64encode(row.id.bytes + _signature(session, row.id))
    return Share(token.decode().rstrip("="), row.upto, row.created_at)


def _signature(session: TenantSession, share_id: UUID) -> bytes:
    told = b"share:" + session.tenant_id.bytes + share_id.bytes
    return hmac.new(settings().secret_key.encode(), told, hashlib.sha256).digest()[:_SIGNED]


def _id_in(session: TenantSession, token: str) -> UUID | None:
    """The id of the share whose link this is; None for what we never wrote."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        told = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(told) != 16 + _SIGNED:
        return None
    share_id = UUID(bytes=told[:16])
    return share_id if hmac.compare_digest(told[16:], _signature(session, share_id)) else None
