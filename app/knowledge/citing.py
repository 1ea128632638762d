"""What may be quoted and shown of documents, looked up at the moment it is quoted or shown."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.errors import NotFound
from app.knowledge.access import access_of
from app.knowledge.models import Document, DocumentChunk, DocumentVersion
from app.search.index import Access

LONGEST_CONTEXT = 1500
"""Characters around a passage that are given along with it."""

_SHOWN = and_(
    col(Document.id) == col(DocumentVersion.document_id),
    col(Document.current) == col(DocumentVersion.number),
)


@dataclasses.dataclass(frozen=True)
class Quotable:
    """A passage that the reader may see now; `context` is the text around it, itself included."""

    passage_id: UUID
    document_id: UUID
    title: str
    heading: tuple[str, ...]
    page: int | None
    url: str
    text: str
    context: str
    access: str


def passage_path(locale: str, document_id: UUID, position: int) -> str:
    """The path of a document's page with one passage marked."""
    return f"/{locale}/documents/{document_id}#p{position}"


async def quotable(
    session: TenantSession, passage_ids: Sequence[UUID], access: Sequence[Access], locale: str
) -> dict[UUID, Quotable]:
    """Those of these passages that a document shows and the reader may see, as of now."""
    if not passage_ids or not access:
        return {}
    found = await session.exec(
        select(DocumentChunk, Document)
        .join(DocumentVersion, col(DocumentVersion.id) == col(DocumentChunk.version_id))
        .join(Document, _SHOWN)
        .where(col(DocumentChunk.id).in_(passage_ids), col(Document.access).in_(access))
    )
    return {
        chunk.id: Quotable(
            passage_id=chunk.id,
            document_id=document.id,
            title=document.title,
            heading=tuple(chunk.heading),
            page=chunk.page,
            url=passage_path(locale, document.id, chunk.position),
            text=chunk.text,
            context=await _context(session, chunk),
            access=document.access,
        )
        for chunk, document in found.all()
    }


async def _context(session: TenantSession, chunk: DocumentChunk) -> str:
    """The section around a passage, as much of it as is short enough, the passage in the middle."""
    rows = await session.exec(
        select(DocumentChunk.position, DocumentChunk.text)
        .where(DocumentChunk.version_id == chunk.version_id, DocumentChunk.section == chunk.section)
        .order_by(col(DocumentChunk.position))
    )
    texts = dict(rows.all())
    first = last = chunk.position
    length = len(chunk.text)
    while True:
        # What follows explains a passage more often than what stands before it.
        for place in (last + 1, first - 1):
            if place in texts and length + len(texts[place]) <= LONGEST_CONTEXT:
                length += len(texts[place])
                first, last = min(first, place), max(last, place)
                break
        else:
            return "\n".join(texts[place] for place in range(first, last + 1))


@dataclasses.dataclass(frozen=True)
class Passage:
    """A passage on a document's page; `headings` are those that begin before it."""

    position: int
    headings: list[str]
    page: int | None
    language: str
    text: str


@dataclasses.dataclass(frozen=True)
class DocumentPage:
    """A document as its page shows it."""

    id: UUID
    title: str
    access: str
    source: str
    address: str
    language: str
    changed: datetime
    passages: list[Passage]


async def document_page(session: TenantSession, actor: Actor, document_id: UUID) -> DocumentPage:
    """The document for a reader who may see it; raises `NotFound` for everybody else."""
    document, version = await shown_document(session, actor, document_id)
    chunks = await session.exec(
        select(DocumentChunk)
        .where(DocumentChunk.version_id == version.id)
        .order_by(col(DocumentChunk.position))
    )
    passages: list[Passage] = []
    before: list[str] = []
    for chunk in chunks:
        same = 0
        while same < min(len(before), len(chunk.heading)) and before[same] == chunk.heading[same]:
            same += 1
        before = list(chunk.heading)
        passages.append(
            Passage(chunk.position, before[same:], chunk.page, chunk.language, chunk.text)
        )
    return DocumentPage(
        id=document.id,
        title=document.title,
        access=document.access,
        source=document.source,
        address=document.address,
        language=version.language,
        changed=version.created_at,
        passages=passages,
    )


async def shown_document(
    session: TenantSession, actor: Actor, document_id: UUID
) -> tuple[Document, DocumentVersion]:
    """A document and the version it shows, if the actor may see it; raises `NotFound`."""
    found = await session.exec(
        select(Document, DocumentVersion)
        .join(DocumentVersion, _SHOWN)
        .where(Document.id == document_id, col(Document.access).in_(access_of(actor)))
    )
    row = found.first()
    if row is None:
        raise NotFound("There is no such document.")
    return row[0], row[1]


CITED = 2
"""How many sources an answer rests on."""
KEEPS = 0.85
"""Of the best one's score, what another source must have to be quoted beside it."""


def worth_citing(scored: Sequence[tuple[str, float]]) -> list[int]:
    """Which of these to quote, as positions: pairs of (source, score), best first.

    Each source is quoted once, by what of it fits best.
    """
    best = max((score for _, score in scored), default=0.0)
    chosen: dict[str, int] = {}
    for position, (source, score) in enumerate(scored):
        if score >= KEEPS * best:
            chosen.setdefault(source, position)
    return list(chosen.values())[:CITED]
