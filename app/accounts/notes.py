"""Notes that a browser carries from one request to a later one: sealed, short-lived, used once.

Nothing is kept here until a note is used, so that visitors who begin and never end leave nothing.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete

from app.accounts.models import Ticket
from app.database import TenantSession
from app.errors import AppError
from app.sealing import seal, unseal

LONGEST = 4000
"""Characters; browsers keep no longer cookies."""
_PURPOSE = "note"


class NoteRefused(AppError):
    """There is no such note, or it is another market's, too old or used."""

    code = "expired"


@dataclass(frozen=True)
class Note:
    """What the browser was given to bring back."""

    id: str
    until: datetime
    told: dict[str, Any]


def write(kind: str, market_id: UUID, lasts: timedelta, told: dict[str, Any]) -> str:
    """The note as text that only this installation can read."""
    until = datetime.now(UTC) + lasts
    return seal(
        json.dumps([kind, str(market_id), secrets.token_urlsafe(16), until.timestamp(), told])
    )


def read(kind: str, market_id: UUID, text: str) -> Note:
    """The note that `text` is; raises `NoteRefused`."""
    refused = NoteRefused("This took too long, or was begun in another browser. Start again.")
    if not text or len(text) > LONGEST:
        raise refused
    try:
        found = cast("list[Any]", json.loads(unseal(text)))
    except (AppError, ValueError) as error:
        raise refused from error
    until = datetime.fromtimestamp(found[3], UTC)
    if found[:2] != [kind, str(market_id)] or until < datetime.now(UTC):
        raise refused
    return Note(found[2], until, found[4])


async def use_up(session: TenantSession, note: Note) -> None:
    """Take the note; raises `NoteRefused` the second time, also of two at the same moment."""
    now = datetime.now(UTC)
    await session.exec(
        delete(Ticket).where(col(Ticket.purpose) == _PURPOSE, col(Ticket.expires_at) < now)
    )
    used = Ticket(
        purpose=_PURPOSE,
        email="",
        token_hash=hashlib.sha256(note.id.encode()).digest(),
        expires_at=note.until,
        used_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(used)
    except IntegrityError as error:
        raise NoteRefused(
            "This took too long, or was begun in another browser. Start again."
        ) from error
