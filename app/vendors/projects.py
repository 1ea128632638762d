"""Whose project something is kept or asked for."""

from uuid import UUID

from sqlmodel import select

from app.database import TenantSession
from app.errors import NotFound
from app.projects.models import Project


async def check_own(session: TenantSession, person_id: UUID, project_id: UUID | None) -> None:
    """Raise `NotFound` unless the project is this person's, or none is named."""
    if project_id is None:
        return
    own = select(Project.id).where(Project.id == project_id, Project.person_id == person_id)
    if (await session.exec(own)).one_or_none() is None:
        raise NotFound("There is no such project.")
