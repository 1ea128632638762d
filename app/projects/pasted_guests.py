"""Guests pasted as lines out of a letter, a chat or a spreadsheet.

A line is a name, and what else can be told from it by its look: an address, and how many come.

    Ada Lovelace
    Grace Hopper <grace@example.com>
    Zoe, zoe@example.com, 4
    Familie Weber +3
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.markets.shaping import NotAccepted, line_of
from app.projects.guest_files import GuestInput
from app.projects.guests import MOST_REGISTRATIONS, TooManyGuests
from app.projects.keeping import project_of
from app.projects.models import Registration

LONGEST = 200_000
"""Characters of a paste."""
_ADDRESS = re.compile(r"[^\s<>,;\"']{1,200}@[^\s<>,;\"']{1,200}")
_BETWEEN = re.compile(r"[\t;,|]")
_COUNT = re.compile(r"\d{1,3}")
_MORE = re.compile(r"\+\s?(\d{1,2})$")
_BULLET = re.compile(r"^(?:[-*•–]|\d{1,4}[.)])\s+")


@dataclass(frozen=True)
class Pasted:
    """What came of a paste: `bad` are the numbers of the lines that nothing was made of."""

    added: tuple[UUID, ...]
    known: int
    """Lines of guests who were there already, of whom nothing was changed."""
    bad: tuple[int, ...]


def read_lines(text: str) -> list[tuple[int, GuestInput | None]]:
    """The guests of a paste by their lines, counted from 1; None for a line that names nobody."""
    read: list[tuple[int, GuestInput | None]] = []
    for number, line in enumerate(text[:LONGEST].splitlines(), start=1):
        if line.strip():
            read.append((number, _guest(line)))
    return read


async def add_lines(
    session: TenantSession, actor: Actor, project_id: UUID, text: str, state: str = "invited"
) -> Pasted:
    """Register those who are not there yet, known by their address or else by their name.

    Raises `NotFound` and `TooManyGuests`.
    """
    project = await project_of(session, actor, project_id, changing=True)
    rows = await session.exec(
        select(Registration.email, Registration.name).where(Registration.project_id == project.id)
    )
    known = {told for email, name in rows for told in (email, name.casefold()) if told}
    made: list[Registration] = []
    bad: list[int] = []
    doubled = 0
    for number, guest in read_lines(text):
        if guest is None:
            bad.append(number)
        elif guest.key() in known:
            doubled += 1
        else:
            known.add(guest.key())
            made.append(
                Registration(
                    project_id=project.id,
                    name=guest.name,
                    email=guest.email,
                    party=guest.party,
                    state="coming" if state == "coming" else "invited",
                )
            )
    count = await session.scalar(
        any_select(func.count())
        .select_from(Registration)
        .where(col(Registration.project_id) == project.id)
    )
    if (count or 0) + len(made) > MOST_REGISTRATIONS:
        raise TooManyGuests("An event may have at most %(count)s guests.", count=MOST_REGISTRATIONS)
    session.add_all(made)
    await session.flush()
    return Pasted(tuple(one.id for one in made), doubled, tuple(bad))


async def take_lines_back(
    session: TenantSession, actor: Actor, project_id: UUID, added: Sequence[UUID]
) -> None:
    """Delete what a paste added."""
    project = await project_of(session, actor, project_id, changing=True)
    for registration_id in added:
        found = await session.get(Registration, registration_id)
        if found is not None and found.project_id == project.id:
            await session.delete(found)
    await session.flush()


def _guest(line: str) -> GuestInput | None:
    told = _BULLET.sub("", " ".join(line.replace("\x00", "").replace("\t", ";").split()))
    address = _ADDRESS.search(told)
    email = address[0] if address else ""
    rest = told.replace(email, ";", 1) if email else told
    party, names = 1, list[str]()
    for part in _BETWEEN.split(re.sub(r"[<>\"()]", ";", rest)):
        piece = part.strip(" :'-")
        if _COUNT.fullmatch(piece):
            party = int(piece)
        elif more := _MORE.search(piece):
            party = 1 + int(more[1])
            names.append(piece[: more.start()].strip())
        elif piece:
            names.append(piece)
    # "Lovelace, Ada" is one name; so is what is left of an address where there is no other.
    name = ", ".join(filter(None, names)) or email.partition("@")[0]
    try:
        return GuestInput(name=line_of("name", name, 200), email=email, party=party)
    except (ValidationError, NotAccepted):
        return None
