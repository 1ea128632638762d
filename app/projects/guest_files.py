"""Files of guests: who was invited, who came, and what they thought, a row for each guest.

Reading a file through loads it too, and takes everything back: so its report says exactly what
loading would do.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlmodel import select

from app.accounts.actors import Actor
from app.accounts.signing import EmailRefused, normal_email
from app.database import TenantSession
from app.projects.guests import LARGEST_PARTY, MOST_REGISTRATIONS, TooManyGuests
from app.projects.keeping import project_of
from app.projects.models import Attendance, GuestFeedback, Registration
from app.rows import Problem, Row, RowInput, Short, read_rows

Form = Literal["csv", "jsonl"]
LARGEST = 2 * 1024 * 1024
"""Bytes of a file."""
SHOWN = 50
"""Problems that a report names; the others are counted."""


def _no_nul(told: str) -> str:
    if "\x00" in told:
        raise ValueError("a NUL character")
    return told


def _address(told: str) -> str:
    try:
        return normal_email(told) if told else ""
    except EmailRefused:
        raise ValueError("not an e-mail address") from None


class GuestInput(RowInput):
    """One guest, who is known by the address, and without one by the name."""

    name: Short
    email: Annotated[str, AfterValidator(_address)] = ""
    party: Annotated[int, Field(ge=1, le=LARGEST_PARTY)] = 1
    state: Literal["invited", "coming", "declined"] = "invited"
    note: Annotated[str, Field(max_length=500), AfterValidator(_no_nul)] = ""
    came: Annotated[int, Field(ge=0, le=LARGEST_PARTY)] | None = None
    """How many of the party came; without it, what is known stays."""
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    feedback: Annotated[str, Field(max_length=5000), AfterValidator(_no_nul)] = ""
    """What they say beside their rating."""

    def key(self) -> str:
        return self.email or self.name.casefold()


@dataclass
class Report:
    """What loading a file does or did; `problems` are the first bad rows as `{line, reason}`."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@dataclass
class _Known:
    """What is kept of the guests of an event, by what each is known by."""

    guests: dict[str, Registration]
    came: dict[UUID, Attendance]
    said: dict[UUID, GuestFeedback]
    later: list[Attendance | GuestFeedback] = field(
        default_factory=list[Attendance | GuestFeedback]
    )
    """What refers to guests, and is written when all of those are."""


async def load_guests(
    session: TenantSession,
    actor: Actor,
    project_id: UUID,
    form: Form,
    content: str,
    *,
    dry: bool,
) -> Report:
    """Load the good rows of a file into an event of the actor's; with `dry` nothing of it is kept.

    Raises `NotFound`, `TooManyGuests`, and `UnreadableFile` where no row can be told from another.
    """
    project = await project_of(session, actor, project_id, changing=True)
    report, good = _read(form, content)
    async with session.begin_nested() as point:
        known = await _known(session, project.id)
        for row in good:
            await _load(session, project.id, known, row, report)
        if len(known.guests) > MOST_REGISTRATIONS:
            raise TooManyGuests(
                "An event may have at most %(count)s guests.", count=MOST_REGISTRATIONS
            )
        await session.flush()
        session.add_all(known.later)
        await session.flush()
        if dry:
            await point.rollback()
    return report


def _read(form: Form, content: str) -> tuple[Report, Sequence[GuestInput]]:
    report = Report()
    good: list[GuestInput] = []
    with tempfile.NamedTemporaryFile(suffix=f".{form}") as file:
        file.write(content.encode("utf-8", "surrogatepass"))
        file.flush()
        for found in read_rows(Path(file.name), GuestInput):
            if isinstance(found, Row):
                good.append(found.value)
            else:
                _note(report, found)
    return report, good


def _note(report: Report, problem: Problem) -> None:
    report.bad += 1
    if len(report.problems) < SHOWN:
        report.problems.append({"line": problem.line, "reason": problem.reason})


async def _known(session: TenantSession, project_id: UUID) -> _Known:
    guests = await session.exec(select(Registration).where(Registration.project_id == project_id))
    came = await session.exec(select(Attendance).where(Attendance.project_id == project_id))
    said = await session.exec(select(GuestFeedback).where(GuestFeedback.project_id == project_id))
    return _Known(
        {one.email or one.name.casefold(): one for one in guests},
        {one.registration_id: one for one in came if one.registration_id},
        {one.registration_id: one for one in said if one.registration_id},
    )


async def _load(
    session: TenantSession, project_id: UUID, known: _Known, row: GuestInput, report: Report
) -> None:
    guest = known.guests.get(row.key())
    is_new = guest is None
    guest = guest or Registration(project_id=project_id)
    told: dict[str, Any] = {
        "name": row.name,
        "email": row.email,
        "party": row.party,
        "state": row.state,
        "note": row.note,
    }
    changed = _set(guest, told)
    if changed:
        guest.updated_at = datetime.now(UTC)
        session.add(guest)
        known.guests[row.key()] = guest
    if row.came is not None:
        changed |= await _came(session, known, guest, row.came)
    if row.rating is not None:
        said = known.said.get(guest.id) or GuestFeedback(
            project_id=project_id, registration_id=guest.id, rating=0
        )
        if _set(said, {"rating": row.rating, "text": row.feedback}):
            known.later.append(said)
            known.said[guest.id], changed = said, True
    if is_new:
        report.created += 1
    elif changed:
        report.updated += 1
    else:
        report.unchanged += 1


async def _came(session: TenantSession, known: _Known, guest: Registration, count: int) -> bool:
    """Note how many of a party came; returns whether that is news."""
    stands = known.came.get(guest.id)
    if count == 0:
        if stands is None:
            return False
        await session.delete(known.came.pop(guest.id))
        return True
    stands = stands or Attendance(project_id=guest.project_id, registration_id=guest.id, party=0)
    if not _set(stands, {"party": count}):
        return False
    known.later.append(stands)
    known.came[guest.id] = stands
    return True


def _set(row: Any, told: dict[str, Any]) -> bool:
    """Put these values into a row; returns whether one of them is another than before."""
    changed = {name: value for name, value in told.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
