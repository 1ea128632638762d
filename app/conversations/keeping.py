"""What a person does with conversations of their own: naming, pinning, archiving, deleting."""

from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, delete

from app.conversations.attachments.taking import ids_in, sweep_soon
from app.conversations.hearing import tell
from app.conversations.log import check_may_open
from app.conversations.models import Conversation
from app.database import TenantSession
from app.errors import AppError, NotFound

LONGEST_TITLE = 80


class Deed(Protocol):
    """`pin` or `archive`."""

    async def __call__(
        self,
        session: TenantSession,
        conversation_id: UUID,
        person_id: UUID | None,
        *,
        on: bool,
    ) -> None:
        """Do it, or undo it."""
        ...


async def rename(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, title: str
) -> str:
    """Give a person's own conversation another title; returns it as it is kept.

    Raises `NotFound` for a conversation that is not theirs, also for one without a person.
    """
    named = " ".join(title.replace("\0", " ").split())[:LONGEST_TITLE].rstrip()
    if not named:
        raise AppError("Give the conversation a name.")
    await check_own(session, conversation_id, person_id)
    await session.exec(
        update(Conversation).where(col(Conversation.id) == conversation_id).values(title=named)
    )
    await tell(session, conversation_id, "changed")
    return named


async def pin(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, *, on: bool
) -> None:
    """Keep a person's own conversation on top of their list, or no longer; raises `NotFound`."""
    await check_own(session, conversation_id, person_id)
    await session.exec(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id)
        .values(pinned_at=datetime.now(UTC) if on else None)
    )
    await tell(session, conversation_id, "changed")


async def archive(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, *, on: bool
) -> None:
    """Put a person's own conversation out of their list, or back into it; raises `NotFound`.

    One that is put away is no longer pinned. It is read and searched as before.
    """
    await check_own(session, conversation_id, person_id)
    values = {"archived_at": datetime.now(UTC), "pinned_at": None} if on else {"archived_at": None}
    await session.exec(
        update(Conversation).where(col(Conversation.id) == conversation_id).values(**values)
    )
    await tell(session, conversation_id, "changed")


async def remove(session: TenantSession, conversation_id: UUID, person_id: UUID | None) -> None:
    """Delete a person's own conversation with all that was said in it.

    Raises `NotFound` for a conversation that is not theirs, also for one without a person.
    """
    await check_own(session, conversation_id, person_id)
    files = await ids_in(session, conversation_id)
    await session.exec(delete(Conversation).where(col(Conversation.id) == conversation_id))
    await sweep_soon(session, files)
    await tell(session, conversation_id, "gone")


async def check_own(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None
) -> Conversation:
    """The conversation, if it is this person's; raises `NotFound`."""
    # To hold the id of an anonymous conversation is enough to read it, not to take it from others.
    found = await check_may_open(session, conversation_id, person_id)
    if person_id is None or found.person_id != person_id:
        raise NotFound("There is no such conversation.")
    return found
