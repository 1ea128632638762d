"""Reading attachments: from a file to passages with their vectors, and what is left behind."""

import logging
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import delete
from sqlmodel import col, select

from app.conversations.attachments import storing
from app.conversations.models import Attachment, AttachmentPassage
from app.database import TenantSession, tenant_session
from app.jobs.work import Cancelled, Work, job
from app.knowledge.chunking import Chunk, chunks_of, whole_text
from app.knowledge.extraction.reading import CannotRead, read_file, refused
from app.search.embeddings import Vectors, sentence_embedder

TRIES = 3
MOST_PASSAGES = 2000
"""Of one file; some four hundred printed pages."""
AT_A_TIME = 16
"""Passages embedded in one go, so that questions of others come in between."""

_log = logging.getLogger(__name__)


@job("attachment.read", attempts=TRIES)
async def read(work: Work) -> None:
    """Read an attachment's file; what cannot be read is said of it, and is no failure of ours."""
    attachment_id = UUID(work.told["attachment_id"])
    async with tenant_session(work.market_id) as session:
        held = await _waiting(session, attachment_id)
        if held is None:
            return
        held.tries += 1
        if held.tries > TRIES:
            # It ended the process that read it, each time.
            held.state, held.problem = "failed", "broken"
            return
    try:
        await _read(work, held)
    except CannotRead as error:
        await _give_up(work, attachment_id, error.reason)
    except Cancelled:
        await _give_up(work, attachment_id, "")
        raise
    except Exception:
        if held.tries < TRIES:
            raise
        _log.exception("The attachment %s could not be read.", attachment_id)
        await _give_up(work, attachment_id, "")


@job("attachment.sweep", attempts=4)
async def sweep(work: Work) -> None:
    """Delete files whose attachments are gone."""
    asked = {UUID(told) for told in work.told["ids"]}
    async with tenant_session(work.market_id) as session:
        held = await _held(session, asked)
    await storing.drop(work.market_id, asked - held)


async def sweep_all(session: TenantSession) -> int:
    """Delete the files of the market whose attachments are gone, as after a conversation's end.

    Returns how many there were.
    """
    found = set(await storing.resting(session.tenant_id))
    gone = found - await _held(session, found)
    await storing.drop(session.tenant_id, gone)
    return len(gone)


async def _read(work: Work, held: Attachment) -> None:
    path = storing.file_of(work.market_id, held.id)
    if not path.is_file():
        raise refused("broken")
    kind, extracted = await read_file(path, held.name, held.media)
    await work.progress(0, 0)
    chunks = chunks_of(extracted.blocks)
    if not chunks:
        raise refused("empty")
    if len(chunks) > MOST_PASSAGES:
        raise refused("too_long")
    passages: list[AttachmentPassage] = []
    for start in range(0, len(chunks), AT_A_TIME):
        some = chunks[start : start + AT_A_TIME]
        vectors = await sentence_embedder().embed([_whole(chunk) for chunk in some])
        passages += _kept(held.id, some, vectors)
        await work.progress(len(passages), len(chunks))
    async with tenant_session(work.market_id) as session:
        row = await _waiting(session, held.id)
        if row is None:
            return
        await session.exec(
            delete(AttachmentPassage).where(col(AttachmentPassage.attachment_id) == row.id)
        )
        session.add_all(passages)
        row.state, row.kind, row.pages = "ready", kind, extracted.pages
        row.characters = len(whole_text(extracted.blocks))
    work.report |= {"pages": extracted.pages, "passages": len(passages)}


async def _waiting(session: TenantSession, attachment_id: UUID) -> Attachment | None:
    """The attachment, if it is still there and still to be read; nobody else changes it then."""
    row = await session.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.state == "waiting" else None


async def _give_up(work: Work, attachment_id: UUID, reason: str) -> None:
    async with tenant_session(work.market_id) as session:
        row = await _waiting(session, attachment_id)
        if row is not None:
            row.state, row.problem = "failed", reason
    work.report |= {"refused": reason}


async def _held(session: TenantSession, among: set[UUID]) -> set[UUID]:
    return set(await session.exec(select(Attachment.id).where(col(Attachment.id).in_(among))))


def _whole(chunk: Chunk) -> str:
    """What is embedded: a passage under the heading that it stands under."""
    return f"{chunk.heading[-1]}. {chunk.text}" if chunk.heading else chunk.text


def _kept(attachment_id: UUID, chunks: list[Chunk], vectors: Vectors) -> list[AttachmentPassage]:
    return [
        AttachmentPassage(
            attachment_id=attachment_id,
            position=chunk.position,
            section=chunk.section,
            heading=list(chunk.heading),
            page=chunk.page,
            text=chunk.text,
            meaning=HalfVector(vector.tolist()),
        )
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]
