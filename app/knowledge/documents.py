"""Documents: taken in, replaced, changed, rolled back and deleted by those who keep knowledge."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.jobs.models import Job
from app.jobs.queue import FINISHED, cancel, enqueue
from app.knowledge.access import checked_access
from app.knowledge.models import Document, DocumentChunk, DocumentVersion
from app.knowledge.storing import store
from app.markets.changes import announce
from app.markets.quotas import Quota, leave_room
from app.search.index import Access
from app.search.serving import search_index

LARGEST = 32 * 1024 * 1024
"""Bytes of one file."""
LONGEST_TITLE = 200
LONGEST_ADDRESS = 2000

Source = Literal["upload", "url", "folder"]


class FileTooLarge(AppError):
    """More bytes than a document may have."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BeingRead(Conflict):
    """The document is being read, and has to be left alone until that ends."""


@dataclass(frozen=True)
class File:
    """What somebody hands over: the bytes, what they call it, and its media type if they know."""

    data: bytes
    name: str
    media: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of a file; `known` when a document with the same content was there before."""

    document_id: UUID
    job_id: UUID | None
    known: bool = False


async def take_in(
    session: TenantSession,
    actor: Actor,
    file: File,
    *,
    access: Access,
    source: Source = "upload",
    address: str = "",
    title: str = "",
    apart: bool = False,
) -> Taken:
    """Take a file in as a document and have it read.

    The same content again is the same document, left as it is, unless it is to stand `apart` from
    one that will say something else. Raises `FileTooLarge`, `QuotaUsedUp` or `AppError`.
    """
    actor.must(Permission.EDIT_KNOWLEDGE)
    access = checked_access(access)
    digest = await _kept(session, file)
    if not apart and (known := await _shown_with(session, digest)):
        return Taken(known, None, known=True)
    document = await _new(session, actor, source, address or file.name, title or file.name, access)
    return await _read_anew(session, actor, document, file, digest)


async def take_from_web(
    session: TenantSession, actor: Actor, url: str, *, access: Access, title: str = ""
) -> Taken:
    """Have the page or file at `url` fetched and read; a URL that is known is fetched anew."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    access = checked_access(access)
    query = select(Document).where(Document.source == "url", Document.address == url)
    document = (await session.exec(query)).first()
    known = document is not None
    if document is None:
        document = await _new(session, actor, "url", url, title or url, access)
    await _must_rest(session, document)
    told = {"document_id": str(document.id)}
    document.job_id = await enqueue(session, actor, "document.fetch", told, lock=_lock(document))
    await session.flush()
    return Taken(document.id, document.job_id, known=known)


async def replace(
    session: TenantSession, actor: Actor, document_id: UUID, file: File, seen: int | None = None
) -> Taken:
    """Read a file as the document's next version; the same content changes nothing."""
    document = await document_to_edit(session, actor, document_id, seen)
    digest = await _kept(session, file)
    version = await version_of(session, document.id, document.current)
    if version is not None and version.digest == digest:
        return Taken(document.id, None, known=True)
    await _must_rest(session, document)
    document.version += 1
    return await _read_anew(session, actor, document, file, digest)


async def change(
    session: TenantSession,
    actor: Actor,
    document_id: UUID,
    seen: int,
    *,
    title: str,
    access: Access,
) -> None:
    """Name a document anew and say who may see it, which holds at once."""
    document = await document_to_edit(session, actor, document_id, seen)
    access = checked_access(access)
    title = title.replace("\0", "").strip()[:LONGEST_TITLE]
    if not title:
        raise AppError("A document needs a title.")
    await _must_rest(session, document)
    before = {"title": document.title, "access": document.access}
    document.title, document.access = title, access
    document.version += 1
    document.updated_at = datetime.now(UTC)
    await session.flush()
    await _follow(session, actor, document, before["title"] != title)
    after = {"title": title, "access": access}
    await record(
        session, actor, "document.changed", "document", document.id, before=before, after=after
    )


async def roll_back(
    session: TenantSession, actor: Actor, document_id: UUID, number: int, seen: int | None = None
) -> UUID:
    """Show an earlier version again, once its passages are indexed; returns the job's id."""
    document = await document_to_edit(session, actor, document_id, seen)
    if await version_of(session, document.id, number) is None:
        raise NotFound("There is no such version.")
    await _must_rest(session, document)
    document.version += 1
    job_id = await _enqueue_reading(session, actor, document, number)
    before, after = {"version": document.current}, {"version": number}
    await record(
        session, actor, "document.rolled_back", "document", document.id, before=before, after=after
    )
    return job_id


async def read_again(session: TenantSession, actor: Actor, document_id: UUID) -> UUID:
    """Try again to fetch or read what failed or was cancelled; returns the job's id."""
    document = await document_to_edit(session, actor, document_id)
    await _must_rest(session, document)
    newest = await _newest(session, document.id)
    if document.source == "url" and (newest is None or newest.number == document.current):
        taken = await take_from_web(session, actor, document.address, access="public")
        assert taken.job_id is not None
        return taken.job_id
    if newest is None:
        raise NotFound("There is no such version.")
    return await _enqueue_reading(session, actor, document, newest.number)


async def stop_reading(session: TenantSession, actor: Actor, document_id: UUID) -> None:
    """Stop fetching or reading; the version that was shown stays."""
    document = await document_to_edit(session, actor, document_id)
    if document.job_id is not None:
        await cancel(session, document.job_id)


async def delete(session: TenantSession, actor: Actor, document_id: UUID) -> None:
    """Delete a document with its versions, passages, vectors and, a moment later, its files."""
    document = await document_to_edit(session, actor, document_id)
    if document.job_id is not None:
        await cancel(session, document.job_id)
    passages = await passage_ids(session, document.id)
    digests = await session.exec(
        select(DocumentVersion.digest).where(DocumentVersion.document_id == document.id)
    )
    told = {"digests": sorted(set(digests))}
    title, access = document.title, document.access
    await session.delete(document)
    await session.flush()
    await search_index().refresh(session, "passage", passages)
    # Files go after the commit: what is rolled back must find them.
    await enqueue(session, actor, "document.sweep", told)
    await announce(session)
    before = {"title": title, "access": access}
    await record(session, actor, "document.deleted", "document", document_id, before=before)


async def document_to_edit(
    session: TenantSession, actor: Actor, document_id: UUID, seen: int | None = None
) -> Document:
    """The document, for those who keep knowledge; raises `NotFound`, or `Conflict`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.get(Document, document_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such document.")
    if seen is not None and seen != found.version:
        raise Conflict("Somebody else changed this while you were editing.")
    return found


async def version_of(
    session: TenantSession, document_id: UUID, number: int
) -> DocumentVersion | None:
    """One version of a document, or None."""
    query = select(DocumentVersion).where(
        DocumentVersion.document_id == document_id, DocumentVersion.number == number
    )
    return (await session.exec(query)).one_or_none()


async def passage_ids(
    session: TenantSession, document_id: UUID, number: int | None = None
) -> list[UUID]:
    """Ids of the passages of a version (of all for None), in the order of reading."""
    query = (
        select(DocumentChunk.id)
        .join(DocumentVersion, col(DocumentVersion.id) == col(DocumentChunk.version_id))
        .where(DocumentVersion.document_id == document_id)
        .order_by(col(DocumentVersion.number), col(DocumentChunk.position))
    )
    if number is not None:
        query = query.where(DocumentVersion.number == number)
    return list(await session.exec(query))


async def add_version(session: TenantSession, document: Document, file: File, digest: str) -> int:
    """Note a file as the document's newest version, to be read; returns its number."""
    newest = await _newest(session, document.id)
    number = newest.number + 1 if newest else 1
    version = DocumentVersion(
        document_id=document.id,
        number=number,
        digest=digest,
        name=file.name[-LONGEST_TITLE:],
        media=file.media[:100],
        bytes=len(file.data),
    )
    session.add(version)
    await session.flush()
    return number


async def _newest(session: TenantSession, document_id: UUID) -> DocumentVersion | None:
    query = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    return (await session.exec(query.order_by(col(DocumentVersion.number).desc()).limit(1))).first()


async def _kept(session: TenantSession, file: File) -> str:
    """The file's digest, after it was put where files stand."""
    if len(file.data) > LARGEST:
        raise FileTooLarge("A file may have at most %(most)s MB.", most=LARGEST // 1024 // 1024)
    if not file.data:
        raise AppError("The file is empty.")
    await leave_room(session, Quota.STORAGE, len(file.data))
    return await store(session.tenant_id, file.data)


async def _shown_with(session: TenantSession, digest: str) -> UUID | None:
    """The document that shows this content, or has it still to be read."""
    later = aliased(DocumentVersion)
    newest = select(func.max(later.number)).where(later.document_id == Document.id)
    query = (
        select(Document.id)
        .join(DocumentVersion, col(DocumentVersion.document_id) == col(Document.id))
        .where(
            DocumentVersion.digest == digest,
            (col(DocumentVersion.number) == col(Document.current))
            | (col(DocumentVersion.number) == newest.scalar_subquery()),
        )
    )
    return (await session.exec(query.limit(1))).first()


async def _new(
    session: TenantSession, actor: Actor, source: Source, address: str, title: str, access: Access
) -> Document:
    document = Document(
        title=(title.replace("\0", "").strip() or address)[:LONGEST_TITLE],
        access=access,
        source=source,
        address=address.replace("\0", "")[:LONGEST_ADDRESS],
    )
    session.add(document)
    await session.flush()
    after = {"title": document.title, "access": access, "source": source}
    await record(session, actor, "document.added", "document", document.id, after=after)
    return document


async def _read_anew(
    session: TenantSession, actor: Actor, document: Document, file: File, digest: str
) -> Taken:
    number = await add_version(session, document, file, digest)
    return Taken(document.id, await _enqueue_reading(session, actor, document, number))


async def _enqueue_reading(
    session: TenantSession, actor: Actor, document: Document, number: int
) -> UUID:
    told = {"document_id": str(document.id), "number": number}
    document.job_id = await enqueue(session, actor, "document.read", told, lock=_lock(document))
    document.updated_at = datetime.now(UTC)
    await session.flush()
    return document.job_id


def _lock(document: Document) -> str:
    return f"document:{document.id}"


async def _must_rest(session: TenantSession, document: Document) -> None:
    if document.job_id is None:
        return
    job = await session.get(Job, document.job_id)
    if job is not None and job.state not in FINISHED and not job.cancel_asked:
        raise BeingRead("The document is being read. Wait until that is done, or stop it.")


async def _follow(session: TenantSession, actor: Actor, document: Document, renamed: bool) -> None:
    """Have search show the document as it is; a new title changes what passages mean."""
    if not document.current:
        return
    ids = await passage_ids(session, document.id, document.current)
    if renamed:
        told = {"document_id": str(document.id), "number": document.current}
        document.job_id = await enqueue(session, actor, "document.read", told, lock=_lock(document))
        # Who may find it changes now, whatever the job has still to embed.
    await search_index().let_see(session, "passage", ids)
    await announce(session)
    await session.flush()
