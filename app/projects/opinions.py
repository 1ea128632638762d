"""What guests thought of an event, as whoever prepared it reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.projects.keeping import project_of
from app.projects.models import GuestFeedback, Registration

PAGE = 100


@dataclass(frozen=True)
class Opinion:
    """A rating from 1 to 5 with what was said beside it; `name` is empty for who gave none."""

    id: UUID
    registration_id: UUID | None
    name: str
    rating: int
    text: str
    at: datetime


async def opinions_on(
    session: TenantSession, actor: Actor, project_id: UUID, page: int = 1
) -> tuple[list[Opinion], int]:
    """A page of what guests thought, the newest first, and how many did; raises `NotFound`."""
    project = await project_of(session, actor, project_id)
    count = await session.scalar(
        any_select(func.count())
        .select_from(GuestFeedback)
        .where(col(GuestFeedback.project_id) == project.id)
    )
    found = await session.exec(
        select(GuestFeedback, Registration.name)
        .outerjoin(Registration, col(Registration.id) == col(GuestFeedback.registration_id))
        .where(col(GuestFeedback.project_id) == project.id)
        .order_by(col(GuestFeedback.created_at).desc(), col(GuestFeedback.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return [
        Opinion(one.id, one.registration_id, name or "", one.rating, one.text, one.created_at)
        for one, name in found
    ], count or 0
