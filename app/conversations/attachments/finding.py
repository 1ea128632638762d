"""Which passages of a conversation's files bear on a question.

By the sentence encoder's vectors, and by the words that they share: numbers and names mean little
to the encoder.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from app.conversations.models import Attachment, AttachmentPassage
from app.database import TenantSession
from app.search.embeddings import Vectors

LOOKED_AT = 24
"""Passages that are looked at by their meaning, and as many by their words."""
SHARED = 0.25
"""What sharing all words of a question adds to the nearness of a passage."""
LONGEST_CONTEXT = 1500
"""Characters around a passage that are given along with it."""
MOST_WORDS = 12

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Quotable:
    """A passage of a file; `near` is 1 for the same meaning and about 0 for another matter."""

    attachment_id: UUID
    name: str
    kind: str
    heading: tuple[str, ...]
    position: int
    page: int | None
    text: str
    context: str
    near: float


@dataclass(frozen=True)
class Standing:
    """How far a file is."""

    id: UUID
    name: str
    state: str
    problem: str


async def standing_of(session: TenantSession, ids: Sequence[UUID]) -> list[Standing]:
    """How far these files are; those that are gone are left out."""
    rows = await session.exec(
        select(Attachment.id, Attachment.name, Attachment.state, Attachment.problem).where(
            col(Attachment.id).in_(ids)
        )
    )
    return [Standing(*row) for row in rows]


async def passages_for(
    session: TenantSession, ids: Sequence[UUID], question: str, meaning: Vectors, most: int
) -> list[Quotable]:
    """The passages of these files that bear most on a question, best first, one of a place."""
    words = _words(question)
    by_words = [col(AttachmentPassage.text).icontains(word, autoescape=True) for word in words]
    found = await _ranked(session, ids, meaning)
    if by_words:
        found |= await _ranked(session, ids, meaning, or_(*by_words))
    weighed = sorted(
        ((near + SHARED * _shared(words, row.text), row) for near, row in found.values()),
        key=lambda pair: (-pair[0], pair[1].position),
    )
    kept: dict[tuple[UUID, int], tuple[float, AttachmentPassage]] = {}
    for near, row in weighed:
        # Sections end with pages only sometimes, and what is cited is a page.
        kept.setdefault((row.attachment_id, row.page or -row.section), (near, row))
    return [await _quotable(session, near, row) for near, row in list(kept.values())[:most]]


async def beginnings(session: TenantSession, ids: Sequence[UUID]) -> list[Quotable]:
    """How each of these files begins, for a question about the whole of it."""
    rows = await session.exec(
        select(AttachmentPassage)
        .where(col(AttachmentPassage.attachment_id).in_(ids), AttachmentPassage.position == 0)
        .order_by(col(AttachmentPassage.created_at), col(AttachmentPassage.id))
    )
    return [await _quotable(session, 0.0, row) for row in rows]


async def _ranked(
    session: TenantSession,
    ids: Sequence[UUID],
    meaning: Vectors,
    *conditions: ColumnElement[bool],
) -> dict[UUID, tuple[float, AttachmentPassage]]:
    column: Any = col(AttachmentPassage.meaning)
    apart: ColumnElement[float] = column.max_inner_product(HalfVector(meaning.tolist()))
    query = (
        select(AttachmentPassage, apart)
        .where(col(AttachmentPassage.attachment_id).in_(ids), *conditions)
        .order_by(apart)
        .limit(LOOKED_AT)
    )
    return {row.id: (-float(far), row) for row, far in await session.exec(query)}


async def _quotable(session: TenantSession, near: float, row: AttachmentPassage) -> Quotable:
    file = await session.get_one(Attachment, row.attachment_id)
    return Quotable(
        attachment_id=file.id,
        name=file.name,
        kind=file.kind,
        heading=tuple(row.heading),
        position=row.position,
        page=row.page,
        text=row.text,
        context=await _context(session, row),
        near=near,
    )


async def _context(session: TenantSession, row: AttachmentPassage) -> str:
    """The passages around one, of its page and section, as many as are short enough."""
    rows = await session.exec(
        select(AttachmentPassage.position, AttachmentPassage.text).where(
            AttachmentPassage.attachment_id == row.attachment_id,
            AttachmentPassage.section == row.section,
            col(AttachmentPassage.page).is_not_distinct_from(row.page),
        )
    )
    texts = dict(rows.all())
    first = last = row.position
    length = len(row.text)
    while True:
        # What follows explains a passage more often than what stands before it.
        for place in (last + 1, first - 1):
            if place in texts and length + len(texts[place]) <= LONGEST_CONTEXT:
                length += len(texts[place])
                first, last = min(first, place), max(last, place)
                break
        else:
            return "\n".join(texts[place] for place in range(first, last + 1))


def _words(question: str) -> list[str]:
    """The words of a question that say what it is about: the long ones, and those with figures."""
    said = dict.fromkeys(word.lower() for word in _WORD.findall(question.replace("\0", " ")))
    telling = [word for word in said if len(word) > 3 or any(sign.isdecimal() for sign in word)]
    return sorted(telling, key=len, reverse=True)[:MOST_WORDS]


def _shared(words: Sequence[str], text: str) -> float:
    lower = text.lower()
    return sum(word in lower for word in words) / len(words) if words else 0.0
