"""Who was invited to an event, who came, and what they thought of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.signing import normal_email
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.markets.shaping import NotAccepted, line_of
from app.projects.keeping import project_of
from app.projects.models import Attendance, GuestFeedback, Registration

ANSWERS = ("invited", "coming", "declined")
MOST_REGISTRATIONS = 10_000
"""Registrations of one event."""
LARGEST_PARTY = 100


class TooManyGuests(AppError):
    """An event has as many registrations as can be kept."""

    code = "many"


@dataclass(frozen=True)
class Guest:
    """A registration, and whether they came."""

    id: UUID
    name: str
    email: str
    party: int
    state: str
    note: str
    came: int
    """How many of the party came; 0 where nobody did."""
    rating: int | None = None
    """What they thought, from 1 to 5; None where they did not say."""
    said: str = ""


@dataclass(frozen=True)
class Figures:
    """How an event's guests stand, in persons."""

    invited: int
    coming: int
    declined: int
    came: int
    ratings: int
    """How many said what they thought."""
    rating: float | None
    """The mean of what they said, from 1 to 5; None where nobody did."""


async def register(
    session: TenantSession,
    actor: Actor,
    project_id: UUID,
    name: str,
    email: str = "",
    party: int = 1,
    state: str = "invited",
    note: str = "",
) -> UUID:
    """Write down somebody who is invited; the same address again changes what stands of it.

    Raises `NotFound`, `NotAccepted` and `TooManyGuests`.
    """
    project = await project_of(session, actor, project_id, changing=True)
    told = _told(name, email, party, state, note)
    known = None
    if told["email"]:
        query = select(Registration).where(
            Registration.project_id == project.id, Registration.email == told["email"]
        )
        known = (await session.exec(query)).first()
    if known is None:
        count = await session.scalar(
            any_select(func.count())
            .select_from(Registration)
            .where(col(Registration.project_id) == project.id)
        )
        if (count or 0) >= MOST_REGISTRATIONS:
            raise TooManyGuests("An event may have at most %(count)s guests.", count=count)
        known = Registration(project_id=project.id)
    for field, value in told.items():
        setattr(known, field, value)
    known.updated_at = datetime.now(UTC)
    session.add(known)
    await session.flush()
    return known.id


async def change(
    session: TenantSession,
    actor: Actor,
    registration_id: UUID,
    name: str,
    email: str = "",
    party: int = 1,
    state: str = "invited",
    note: str = "",
) -> None:
    """Let a registration say exactly this; raises `NotFound` and `NotAccepted`."""
    found = await _registration(session, actor, registration_id)
    told = _told(name, email, party, state, note)
    if told["email"] and told["email"] != found.email:
        query = select(Registration.id).where(
            Registration.project_id == found.project_id, Registration.email == told["email"]
        )
        if (await session.exec(query)).first():
            raise NotAccepted("Another guest has this address.", field="email")
    for field, value in told.items():
        setattr(found, field, value)
    found.updated_at = datetime.now(UTC)
    session.add(found)
    await session.flush()


async def answer(session: TenantSession, actor: Actor, registration_id: UUID, state: str) -> None:
    """Note whether somebody comes; raises `NotFound` and `NotAccepted`."""
    found = await _registration(session, actor, registration_id)
    found.state, found.updated_at = _answer(state), datetime.now(UTC)
    session.add(found)
    await session.flush()


async def strike_out(session: TenantSession, actor: Actor, registration_id: UUID) -> None:
    """Delete a registration with what is known of whether they came."""
    await session.delete(await _registration(session, actor, registration_id))
    await session.flush()


async def arrived(
    session: TenantSession,
    actor: Actor,
    project_id: UUID,
    registration_id: UUID | None = None,
    party: int | None = None,
) -> None:
    """Note that somebody came, registered or not; a registration's number is set, not added to."""
    project = await project_of(session, actor, project_id, changing=True)
    if registration_id is None:
        session.add(Attendance(project_id=project.id, party=_party(party or 1)))
        await session.flush()
        return
    guest = await _registration(session, actor, registration_id)
    if guest.project_id != project.id:
        raise NotFound("There is no such guest.")
    query = select(Attendance).where(Attendance.registration_id == guest.id)
    came = (await session.exec(query)).first()
    came = came or Attendance(project_id=project.id, registration_id=guest.id)
    came.party = _party(party or guest.party)
    session.add(came)
    await session.flush()


async def give_feedback(
    session: TenantSession,
    actor: Actor,
    project_id: UUID,
    rating: int,
    text: str = "",
    registration_id: UUID | None = None,
) -> UUID:
    """Write down what a guest thought, from 1 to 5; a registered guest's again replaces it."""
    project = await project_of(session, actor, project_id, changing=True)
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise NotAccepted("A whole number from 1 to %(most)s, please.", field="rating", most=5)
    said = " ".join(text.replace("\x00", "").split())[:5000]
    found = None
    if registration_id is not None:
        guest = await _registration(session, actor, registration_id)
        if guest.project_id != project.id:
            raise NotFound("There is no such guest.")
        query = select(GuestFeedback).where(GuestFeedback.registration_id == guest.id)
        found = (await session.exec(query)).first()
    found = found or GuestFeedback(
        project_id=project.id, registration_id=registration_id, rating=rating
    )
    found.rating, found.text = rating, said
    session.add(found)
    await session.flush()
    return found.id


async def guests_of(session: TenantSession, actor: Actor, project_id: UUID) -> list[Guest]:
    """The registrations of an event by name, with who came."""
    project = await project_of(session, actor, project_id)
    rows = await session.exec(
        select(Registration, Attendance.party, GuestFeedback.rating, GuestFeedback.text)
        .outerjoin(Attendance, col(Attendance.registration_id) == col(Registration.id))
        .outerjoin(GuestFeedback, col(GuestFeedback.registration_id) == col(Registration.id))
        .where(col(Registration.project_id) == project.id)
        .order_by(func.lower(col(Registration.name)), col(Registration.created_at))
    )
    return [guest_as_told(row, came, rating, said) for row, came, rating, said in rows]


async def guest_of(
    session: TenantSession, actor: Actor, project_id: UUID, registration_id: UUID
) -> Guest:
    """One guest of this event; raises `NotFound`."""
    found = await _registration(session, actor, registration_id)
    if found.project_id != project_id:
        raise NotFound("There is no such guest.")
    came = select(Attendance.party).where(Attendance.registration_id == found.id)
    thought = select(GuestFeedback.rating, GuestFeedback.text).where(
        GuestFeedback.registration_id == found.id
    )
    rating, said = (await session.exec(thought)).first() or (None, None)
    return guest_as_told(found, (await session.exec(came)).first(), rating, said)


def guest_as_told(
    row: Registration, came: int | None, rating: int | None, said: str | None
) -> Guest:
    """A registration with what is known beside it."""
    return Guest(
        id=row.id,
        name=row.name,
        email=row.email,
        party=row.party,
        state=row.state,
        note=row.note,
        came=came or 0,
        rating=rating,
        said=said or "",
    )


async def figures_of(session: TenantSession, actor: Actor, project_id: UUID) -> Figures:
    """How the guests of an event stand; raises `NotFound`."""
    project = await project_of(session, actor, project_id)
    answered = await session.exec(
        select(col(Registration.state), func.sum(col(Registration.party)))
        .where(col(Registration.project_id) == project.id)
        .group_by(col(Registration.state))
    )
    by_answer: dict[str, int] = {state: int(count) for state, count in answered}
    came = await session.scalar(
        any_select(func.sum(col(Attendance.party))).where(col(Attendance.project_id) == project.id)
    )
    said = (
        await session.exec(
            select(func.count(), func.avg(col(GuestFeedback.rating))).where(
                col(GuestFeedback.project_id) == project.id
            )
        )
    ).one()
    return Figures(
        invited=sum(by_answer.values()),
        coming=by_answer.get("coming", 0),
        declined=by_answer.get("declined", 0),
        came=int(came or 0),
        ratings=int(said[0]),
        rating=round(float(said[1]), 2) if said[1] is not None else None,
    )


async def came_of_coming(session: TenantSession, actor: Actor, project_id: UUID) -> int:
    """How many persons came of those who had said so; not more of a party than were announced."""
    project = await project_of(session, actor, project_id)
    came = await session.scalar(
        any_select(func.sum(func.least(col(Attendance.party), col(Registration.party))))
        .join(Registration, col(Registration.id) == col(Attendance.registration_id))
        .where(col(Attendance.project_id) == project.id, col(Registration.state) == "coming")
    )
    return int(came or 0)


async def _registration(
    session: TenantSession, actor: Actor, registration_id: UUID
) -> Registration:
    found = await session.get(Registration, registration_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such guest.")
    # Whoever may not prepare the event learns nothing of who comes to it.
    await project_of(session, actor, found.project_id, changing=True)
    return found


def _told(name: str, email: str, party: int, state: str, note: str) -> dict[str, Any]:
    told = {
        "name": line_of("name", name, 200),
        "email": _email(email),
        "party": _party(party),
        "state": _answer(state),
        "note": line_of("note", note, 500),
    }
    if not told["name"]:
        raise NotAccepted("Write who comes.", field="name")
    return told


def _email(told: str) -> str:
    return normal_email(told) if told.strip() else ""


def _party(told: int) -> int:
    if isinstance(told, bool) or not 1 <= told <= LARGEST_PARTY:
        raise NotAccepted(
            "A whole number from 1 to %(most)s, please.", field="party", most=LARGEST_PARTY
        )
    return told


def _answer(told: str) -> str:
    if told not in list(ANSWERS):
        raise NotAccepted("A guest is invited, coming, or has declined.", field="state")
    return told
