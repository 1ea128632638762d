"""Which documents belong to a course: those below `courses/ID/` of a folder that is followed."""

import re
from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from app.database import TenantSession
from app.knowledge.models import Document

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What can name a course, and a folder: no slash leads out of it, no dot above it."""


async def of_course(
    session: TenantSession, document_ids: Collection[UUID], course_id: str
) -> set[UUID]:
    """Those of these documents that lie in the course's folder; none for what names no course."""
    if not document_ids or not _ID.fullmatch(course_id):
        return set()
    found = await session.exec(
        select(Document.id).where(
            col(Document.id).in_(document_ids),
            Document.source == "folder",
            col(Document.address).startswith(f"courses/{course_id}/", autoescape=True),
        )
    )
    return set(found)
