"""What guests thought of an event, as whoever prepared it reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.errors import NotFound
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


async def ratings_on(session: TenantSession, actor: Actor, project_id: UUID) -> dict[int, int]:
    """How many gave each rating from 1 to 5; raises `NotFound`."""
    project = await project_of(session, actor, project_id)
    given = await session.exec(
        select(col(GuestFeedback.rating), func.count())
        .where(col(GuestFeedback.project_id) == project.id)
        .group_by(col(GuestFeedback.rating))
    )
    return dict.fromkeys(range(1, 6), 0) | {rating: int(count) for rating, count in given}


async def drop_opinion(
    session: TenantSession, actor: Actor, project_id: UUID, opinion_id: UUID
) -> None:
    """Delete what somebody thought, which was a mistake; raises `NotFound`."""
    project = await project_of(session, actor, project_id, changing=True)
    found = await session.get(GuestFeedback, opinion_id)
    if found is None or found.project_id != project.id:
        raise NotFound("There is no such opinion.")
    await session.delete(found)
    await session.flush()


async def drop_opinion_of(
    session: TenantSession, actor: Actor, project_id: UUID, registration_id: UUID
) -> None:
    """Delete what a registered guest thought, if they said anything; raises `NotFound`."""
    project = await project_of(session, actor, project_id, changing=True)
    await session.exec(
        delete(GuestFeedback).where(
            col(GuestFeedback.project_id) == project.id,
            col(GuestFeedback.registration_id) == registration_id,
        )
    )
