"""The guests of an event page by page: found by words, or by how they stand."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.i18n import N_, translate
from app.projects.guests import Guest, guest_as_told
from app.projects.keeping import project_of
from app.projects.models import Attendance, GuestFeedback, Registration
from app.spreadsheets import MARK, harmless

PAGE = 50

Standing = Literal["", "invited", "coming", "declined", "came", "awaited"]
"""A guest's answer, or whether they came; `awaited` is who may still come: not declined, not here.
"""

STANDINGS: dict[str, str] = {
    "invited": N_("Invited"),
    "coming": N_("Coming"),
    "declined": N_("Declined"),
    "came": N_("Came"),
    "awaited": N_("Not here yet"),
}


@dataclass(frozen=True)
class GuestPage:
    """A page of guests by name, and how many registrations there are on all pages."""

    guests: list[Guest]
    count: int


async def list_guests(
    session: TenantSession,
    actor: Actor,
    project_id: UUID,
    words: str = "",
    standing: Standing = "",
    page: int = 1,
) -> GuestPage:
    """The guests in whose name, address or note all of `words` stand; raises `NotFound`."""
    project = await project_of(session, actor, project_id)
    wanted = [col(Registration.project_id) == project.id, *_held(words), *_standing(standing)]
    joined = col(Attendance.registration_id) == col(Registration.id)
    count = await session.scalar(
        any_select(func.count())
        .select_from(Registration)
        .outerjoin(Attendance, joined)
        .where(*wanted)
    )
    rows = await session.exec(
        select(Registration, Attendance.party, GuestFeedback.rating, GuestFeedback.text)
        .outerjoin(Attendance, joined)
        .outerjoin(GuestFeedback, col(GuestFeedback.registration_id) == col(Registration.id))
        .where(*wanted)
        .order_by(
            func.lower(col(Registration.name)), col(Registration.created_at), col(Registration.id)
        )
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    found = [guest_as_told(row, came, rating, text) for row, came, rating, text in rows]
    return GuestPage(found, count or 0)


async def others_came(session: TenantSession, actor: Actor, project_id: UUID) -> int:
    """How many persons came without a registration; raises `NotFound`."""
    project = await project_of(session, actor, project_id)
    came = await session.scalar(
        any_select(func.sum(col(Attendance.party))).where(
            col(Attendance.project_id) == project.id, col(Attendance.registration_id).is_(None)
        )
    )
    return int(came or 0)


def guests_as_csv(guests: Iterable[Guest]) -> str:
    """The guests for a spreadsheet, in which no cell becomes a formula.

    Its columns and answers are named as `app.projects.guest_files` reads them, so that the file
    can be changed and loaded again.
    """
    written = io.StringIO()
    written.write(MARK)
    rows = csv.writer(written)
    rows.writerow(["name", "email", "party", "state", "note", "came", "rating", "feedback"])
    for one in guests:
        rows.writerow(
            [
                harmless(one.name),
                harmless(one.email),
                one.party,
                one.state,
                harmless(one.note),
                one.came,
                one.rating or "",
                harmless(one.said),
            ]
        )
    return written.getvalue()


def standing_name(standing: str, locale: str) -> str:
    """What it is called that a guest stands so."""
    return translate(locale, STANDINGS[standing]) if standing in STANDINGS else standing


def _held(words: str) -> list[ColumnElement[bool]]:
    """Conditions: each of the words stands somewhere."""
    places = (Registration.name, Registration.email, Registration.note)
    return [
        or_(*(col(place).icontains(word, autoescape=True) for place in places))
        for word in words.split()[:8]
    ]


def _standing(standing: Standing) -> list[ColumnElement[bool]]:
    here = col(Attendance.id).is_not(None)
    match standing:
        case "":
            return []
        case "came":
            return [here]
        case "awaited":
            return [~here, col(Registration.state) != "declined"]
        case _:
            return [col(Registration.state) == standing]
