"""Reading documents: from a file to passages that can be found, as jobs that can be stopped."""

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from app.database import TenantSession, tenant_session
from app.errors import NotFound
from app.jobs.work import Work, job
from app.knowledge.chunking import Chunk, chunks_of, whole_text
from app.knowledge.documents import LONGEST_TITLE, File, add_version, passage_ids, version_of
from app.knowledge.extraction.blocks import Extracted
from app.knowledge.extraction.reading import read_file, refused
from app.knowledge.fetching import fetch
from app.knowledge.languages import language_of
from app.knowledge.models import Document, DocumentChunk, DocumentVersion
from app.knowledge.storing import file_of, store
from app.markets.changes import announce
from app.markets.models import Market
from app.markets.quotas import Quota, leave_room
from app.search.serving import search_index

AT_A_TIME = 16
"""Passages embedded between two looks at whether to stop."""


@job("document.read", attempts=3)
async def read(work: Work) -> None:
    """Read a version's file, unless that was done before, and show that version."""
    document_id, number = UUID(work.told["document_id"]), int(work.told["number"])
    await _read(work, document_id, number)


@job("document.fetch", attempts=3)
async def fetch_and_read(work: Work) -> None:
    """Fetch a document's URL and, if its content is new, read it."""
    document_id = UUID(work.told["document_id"])
    async with tenant_session(work.market_id) as session:
        document = await _document(session, document_id)
        url = document.address
    fetched = await fetch(url)
    await work.progress(0, 0)
    async with tenant_session(work.market_id) as session:
        document = await _document(session, document_id)
        await leave_room(session, Quota.STORAGE, len(fetched.data))
        digest = await store(work.market_id, fetched.data)
        shown = await version_of(session, document_id, document.current)
        if shown is not None and shown.digest == digest:
            work.report |= {"unchanged": True}
            return
        file = File(fetched.data, fetched.name, fetched.media)
        number = await add_version(session, document, file, digest)
    await _read(work, document_id, number)


@job("document.sweep", attempts=4)
async def sweep(work: Work) -> None:
    """Delete files that no version of any document holds any more."""
    async with tenant_session(work.market_id) as session:
        asked = list(work.told["digests"])
        held = set(
            await session.exec(
                select(DocumentVersion.digest).where(col(DocumentVersion.digest).in_(asked))
            )
        )
    for digest in set(asked) - held:
        file_of(work.market_id, digest).unlink(missing_ok=True)


async def _read(work: Work, document_id: UUID, number: int) -> None:
    async with tenant_session(work.market_id) as session:
        await _document(session, document_id)
        version = await version_of(session, document_id, number)
        if version is None:
            raise NotFound("There is no such version.")
        cut = bool(await passage_ids(session, document_id, number))
    if not cut:
        await _cut(work, version)
    await _show(work, document_id, number)


async def _cut(work: Work, version: DocumentVersion) -> None:
    """Extract the text and keep its passages; nothing of them can be found yet."""
    path = file_of(work.market_id, version.digest)
    if not path.is_file():
        raise NotFound("The file is gone.")
    kind, extracted = await read_file(path, version.name, version.media)
    await work.progress(0, 0)
    chunks = chunks_of(extracted.blocks)
    if not chunks:
        raise refused("empty")
    text = whole_text(extracted.blocks)
    async with tenant_session(work.market_id) as session:
        own = (await session.exec(select(Market.default_locale))).one()
        held = await session.get(DocumentVersion, version.id, with_for_update=True)
        if held is None:
            raise NotFound("There is no such version.")
        held.kind, held.pages, held.characters = kind, extracted.pages, len(text)
        held.language = language_of(text, own)
        # A worker that was killed may have left some.
        await session.exec(delete(DocumentChunk).where(col(DocumentChunk.version_id) == version.id))
        session.add_all(_kept(chunk, version.id, held.language) for chunk in chunks)
        document = await session.get(Document, version.document_id, with_for_update=True)
        title = _title(extracted)
        if document is not None and title and document.title == document.address[:LONGEST_TITLE]:
            # Nobody named it, so it is called what it calls itself.
            document.title = title[:LONGEST_TITLE]
    work.report |= {"pages": extracted.pages, "passages": len(chunks), "language": held.language}


def _title(extracted: Extracted) -> str:
    """What the file calls itself, or else its first heading; empty if it has neither."""
    headings = (block.text for block in extracted.blocks[:3] if block.kind == "heading")
    return extracted.title.strip() or next(headings, "")


def _kept(chunk: Chunk, version_id: UUID, language: str) -> DocumentChunk:
    return DocumentChunk(
        version_id=version_id,
        position=chunk.position,
        section=chunk.section,
        heading=list(chunk.heading),
        page=chunk.page,
        begins=chunk.start,
        ends=chunk.end,
        language=language_of(chunk.text, language),
        text=chunk.text,
    )


async def _show(work: Work, document_id: UUID, number: int) -> None:
    """Index a version's passages and drop those of the one before, both or neither."""
    index = search_index()
    async with tenant_session(work.market_id) as session:
        document = await session.get(Document, document_id, with_for_update=True)
        if document is None:
            raise NotFound("There is no such document.")
        former, document.current = document.current, number
        await session.flush()
        ids = await passage_ids(session, document_id, number)
        for start in range(0, len(ids), AT_A_TIME):
            await index.refresh(session, "passage", ids[start : start + AT_A_TIME])
            await work.progress(min(start + AT_A_TIME, len(ids)), len(ids))
        if former and former != number:
            await index.refresh(session, "passage", await passage_ids(session, document_id, former))
        await announce(session)


async def _document(session: TenantSession, document_id: UUID) -> Document:
    found = await session.get(Document, document_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such document.")
    return found
