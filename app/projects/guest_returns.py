"""Taking back what was noted of guests, be it an answer, an arrival, or that one was struck out."""

from uuid import UUID

from sqlmodel import col, delete

from app.accounts.actors import Actor
from app.database import TenantSession
from app.errors import NotFound
from app.projects.guests import Guest, answer, arrived, change, give_feedback, guest_of, register
from app.projects.keeping import project_of
from app.projects.models import Attendance
from app.projects.opinions import drop_opinion_of


async def not_here(
    session: TenantSession, actor: Actor, project_id: UUID, registration_id: UUID
) -> None:
    """Take back that a registered guest came; raises `NotFound`."""
    project = await project_of(session, actor, project_id, changing=True)
    guest = await guest_of(session, actor, project.id, registration_id)
    await session.exec(delete(Attendance).where(col(Attendance.registration_id) == guest.id))


async def others_not_here(session: TenantSession, actor: Actor, project_id: UUID) -> None:
    """Take back all who came without a registration; raises `NotFound`."""
    project = await project_of(session, actor, project_id, changing=True)
    await session.exec(
        delete(Attendance).where(
            col(Attendance.project_id) == project.id, col(Attendance.registration_id).is_(None)
        )
    )


async def put_back(session: TenantSession, actor: Actor, project_id: UUID, former: Guest) -> None:
    """Let a guest stand as they stood; who was struck out is registered again.

    Raises `NotFound`, and as `register`.
    """
    told = (former.name, former.email, former.party, former.state, former.note)
    try:
        stands = await guest_of(session, actor, project_id, former.id)
    except NotFound:
        made = await register(session, actor, project_id, *told)
    else:
        made = stands.id
        if stands.name:
            await change(session, actor, made, *told)
        else:
            # Of who erased their account there is nothing else to put back.
            await answer(session, actor, made, former.state)
    if former.rating:
        await give_feedback(session, actor, project_id, former.rating, former.said, made)
    else:
        await drop_opinion_of(session, actor, project_id, made)
    if former.came:
        await arrived(session, actor, project_id, made, former.came)
    else:
        await not_here(session, actor, project_id, made)
