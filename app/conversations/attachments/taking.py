"""Taking files into a conversation, and what a person sees of them there."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import SignInNeeded, system
from app.conversations.attachments import storing
from app.conversations.log import check_may_open
from app.conversations.models import Attachment, Conversation
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.i18n import N_
from app.jobs.queue import enqueue
from app.knowledge.documents import File, FileTooLarge
from app.knowledge.extraction.kinds import kind_of
from app.knowledge.extraction.reading import REASONS, refused
from app.markets.quotas import Quota, leave_room
from app.trust.wrapping import as_data, visible

LARGEST = 16 * 1024 * 1024
"""Bytes of one file."""
MOST_AT_ONCE = 5
"""Files of one message."""
MOST_IN_ONE = 50
"""Files of one conversation."""
MOST_OF_ONE = 500 * 1024 * 1024
"""Bytes of all files of one person, so that nobody takes up the market's room alone."""
LONGEST_NAME = 120
_UNNAMED = dict.fromkeys(map(ord, '<>|"'))
"""Signs that stand in no file's name on most systems, and in markup."""
UNKNOWN = N_("Something went wrong. Please try again.")


@dataclass(frozen=True)
class Attached:
    """A file as its person sees it; `problem` is a message id, empty where nothing is wrong."""

    id: UUID
    conversation_id: UUID
    name: str
    kind: str
    bytes: int
    state: str
    problem: str
    pages: int
    sent: bool


async def take_in(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, file: File
) -> Attached:
    """Put a file into a person's own conversation and have its text read.

    Raises `NotFound`, `SignInNeeded`, `FileTooLarge`, `CannotRead`, `QuotaUsedUp` or `AppError`.
    """
    if person_id is None:
        raise SignInNeeded("Sign in to do this.")
    # Locked until the session ends, so that nobody adds one more beside it.
    await check_may_open(session, conversation_id, person_id, writing=True)
    if len(file.data) > LARGEST:
        raise FileTooLarge("A file may have at most %(most)s MB.", most=LARGEST // 1024 // 1024)
    if not file.data:
        raise AppError("The file is empty.")
    await _leave_room(session, conversation_id, person_id, len(file.data))
    attachment_id = uuid4()
    path = await storing.store(session.tenant_id, attachment_id, file.data)
    try:
        name = shown_name(file.name)
        kind = await asyncio.to_thread(kind_of, path, name, file.media)
        if kind is None:
            raise refused("unknown")
        made = Attachment(
            id=attachment_id,
            conversation_id=conversation_id,
            name=name,
            media=visible(file.media)[:100],
            kind=kind,
            bytes=len(file.data),
        )
        session.add(made)
        await session.flush()
        await read_soon(session, attachment_id)
    except BaseException:
        await storing.drop(session.tenant_id, [attachment_id])
        raise
    return told(made)


async def attached(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, *, sent: bool | None
) -> list[Attached]:
    """The files of a conversation that the person may open, in the order in which they came.

    With `sent` those that were sent with a message, or those that wait to be.
    """
    held = await check_may_open(session, conversation_id, person_id)
    if held.person_id is None:
        return []
    query = select(Attachment).where(Attachment.conversation_id == conversation_id)
    if sent is not None:
        message = col(Attachment.message_id)
        query = query.where(message.is_not(None) if sent else message.is_(None))
    rows = await session.exec(query.order_by(col(Attachment.created_at), col(Attachment.id)))
    return [told(row) for row in rows]


async def remove(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, attachment_id: UUID
) -> None:
    """Take a file back that was not sent yet; raises `NotFound`, or `Conflict` for one that was."""
    row = await own(session, person_id, attachment_id)
    if row.conversation_id != conversation_id:
        raise NotFound("There is no such file.")
    if row.message_id is not None:
        raise Conflict("The file was sent already. It is deleted with the conversation.")
    await session.delete(row)
    await session.flush()
    await sweep_soon(session, [attachment_id])


async def own(session: TenantSession, person_id: UUID | None, attachment_id: UUID) -> Attachment:
    """An attachment of a conversation that is this person's; raises `NotFound`."""
    query = (
        select(Attachment)
        .join(Conversation, col(Conversation.id) == col(Attachment.conversation_id))
        .where(Attachment.id == attachment_id, Conversation.person_id == person_id)
    )
    row = None if person_id is None else (await session.exec(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such file.")
    return row


async def read_soon(session: TenantSession, attachment_id: UUID) -> None:
    """Have a file read once its row is committed."""
    actor = system(session.tenant_id, "attachments")
    await enqueue(session, actor, "attachment.read", {"attachment_id": str(attachment_id)})


async def sweep_soon(session: TenantSession, attachment_ids: Collection[UUID]) -> None:
    """Have files deleted once their rows are; what is rolled back must find them."""
    if attachment_ids:
        actor = system(session.tenant_id, "attachments")
        await enqueue(session, actor, "attachment.sweep", {"ids": sorted(map(str, attachment_ids))})


async def ids_in(session: TenantSession, conversation_id: UUID) -> list[UUID]:
    """The ids of the files of a conversation, to be swept after it."""
    query = select(Attachment.id).where(Attachment.conversation_id == conversation_id)
    return list(await session.exec(query))


async def files_of(session: TenantSession, person_id: UUID) -> list[UUID]:
    """The ids of the files in all conversations of a person, to be swept after them."""
    query = (
        select(Attachment.id)
        .join(Conversation, col(Conversation.id) == col(Attachment.conversation_id))
        .where(Conversation.person_id == person_id)
    )
    return list(await session.exec(query))


def shown_name(told: str) -> str:
    """What a file is called, without folders and without signs that hide its ending."""
    # Words that open a turn for a model go before their brackets do.
    name = as_data(as_data(told).replace("\\", "/").rpartition("/")[2]).translate(_UNNAMED)
    name = " ".join(name.split())
    if len(name) <= LONGEST_NAME:
        return name or "file"
    start, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME]
    return f"{start[: LONGEST_NAME - len(ending) - 2]}…{dot}{ending}"


def told(row: Attachment) -> Attached:
    """A row as its person sees it."""
    failed = row.state == "failed"
    return Attached(
        id=row.id,
        conversation_id=row.conversation_id,
        name=row.name,
        kind=row.kind,
        bytes=row.bytes,
        state=row.state,
        problem=REASONS.get(row.problem, UNKNOWN) if failed else "",
        pages=row.pages,
        sent=row.message_id is not None,
    )


async def _leave_room(
    session: TenantSession, conversation_id: UUID, person_id: UUID, adding: int
) -> None:
    """Raise `AppError` unless the conversation, the person and the market may have one more."""
    here = select(Attachment.message_id).where(Attachment.conversation_id == conversation_id)
    found = list(await session.exec(here))
    if len(found) >= MOST_IN_ONE:
        raise AppError("A conversation may have at most %(count)s files.", count=MOST_IN_ONE)
    if sum(message_id is None for message_id in found) >= MOST_AT_ONCE:
        raise AppError("A message may have at most %(count)s files.", count=MOST_AT_ONCE)
    query = (
        select(func.coalesce(func.sum(Attachment.bytes), 0))
        .join(Conversation, col(Conversation.id) == col(Attachment.conversation_id))
        .where(Conversation.person_id == person_id)
    )
    if (await session.exec(query)).one() + adding > MOST_OF_ONE:
        raise AppError(
            "Your conversations have used up the space for files. Delete those that you no longer"
            " need."
        )
    await leave_room(session, Quota.STORAGE, adding)
