"""Keeping the texts that were written for a person: theirs alone, with their versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.markets.shaping import NotAccepted, line_of
from app.projects.keeping import project_of
from app.writings.models import Writing, WritingVersion

PAGE = 20
MOST = 500
"""Texts of one person."""
MOST_VERSIONS = 30
"""Versions of one text; older ones are forgotten."""
LONGEST_TITLE = 300
LONGEST_TEXT = 20_000


class TooManyWritings(AppError):
    """A person has as many texts as can be kept."""

    code = "many"


@dataclass(frozen=True)
class Written:
    """What an agent wrote, and what it rests on."""

    title: str
    text: str
    model: str
    sources: Sequence[dict[str, Any]] = ()
    missing: Sequence[str] = ()
    asked: dict[str, Any] = field(default_factory=dict[str, Any])


async def keep(
    session: TenantSession,
    actor: Actor,
    kind: str,
    locale: str,
    written: Written,
    project_id: UUID | None = None,
) -> UUID:
    """Keep a new text; raises `NotAllowed`, `NotFound` and `TooManyWritings`."""
    person_id = _person(actor)
    if project_id is not None:
        await project_of(session, actor, project_id)
    await check_room(session, actor)
    made = Writing(
        person_id=person_id,
        project_id=project_id,
        kind=kind,
        locale=locale,
        title=written.title,
        text=written.text,
        model=written.model,
        sources=list(written.sources),
        missing=list(written.missing),
        asked=written.asked,
    )
    session.add(made)
    await session.flush()
    session.add(
        WritingVersion(
            writing_id=made.id, number=1, title=made.title, text=made.text, model=made.model
        )
    )
    await session.flush()
    return made.id


async def check_room(session: TenantSession, actor: Actor) -> None:
    """Raise `TooManyWritings` where no further text can be kept, before one is written."""
    own = any_select(func.count()).select_from(Writing)
    count = await session.scalar(own.where(col(Writing.person_id) == _person(actor)))
    if (count or 0) >= MOST:
        raise TooManyWritings("You can keep at most %(most)s texts. Delete some first.", most=MOST)


async def write_again(
    session: TenantSession, actor: Actor, writing_id: UUID, written: Written
) -> None:
    """Put what an agent wrote anew over a text; raises `NotFound`."""
    found = await writing_of(session, actor, writing_id, changing=True)
    found.model, found.sources = written.model, list(written.sources)
    found.missing, found.edited = list(written.missing), False
    await _put(session, found, written.title, written.text, written.model)


async def edit(
    session: TenantSession, actor: Actor, writing_id: UUID, title: str, text: str, seen: int
) -> None:
    """Let a text say this; raises `NotFound`, `NotAccepted`, and `Conflict` unless `seen` stands.

    Nothing happens where it says so already.
    """
    found = await writing_of(session, actor, writing_id, changing=True)
    if found.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    wanted_title, wanted = line_of("title", title, LONGEST_TITLE), _text(text)
    if not wanted_title or not wanted:
        raise NotAccepted("Write something here.", field="text" if wanted_title else "title")
    if (wanted_title, wanted) != (found.title, found.text):
        found.edited = True
        await _put(session, found, wanted_title, wanted, "")


async def go_back_to(session: TenantSession, actor: Actor, writing_id: UUID, number: int) -> None:
    """Let a text stand as it once stood, as a new version; raises `NotFound`."""
    found = await writing_of(session, actor, writing_id, changing=True)
    query = select(WritingVersion).where(
        WritingVersion.writing_id == found.id, WritingVersion.number == number
    )
    former = (await session.exec(query)).one_or_none()
    if former is None:
        raise NotFound("There is no such version.")
    found.edited = former.model == ""
    found.model = former.model or found.model
    await _put(session, found, former.title, former.text, former.model)


async def remove(session: TenantSession, actor: Actor, writing_id: UUID) -> None:
    """Delete a text with its versions; raises `NotFound`."""
    await session.delete(await writing_of(session, actor, writing_id, changing=True))
    await session.flush()


async def writings_of(
    session: TenantSession, actor: Actor, project_id: UUID | None = None, page: int = 1
) -> tuple[list[Writing], int]:
    """A page of the person's texts (of an event), the newest first, and how many there are."""
    wanted = [col(Writing.person_id) == _person(actor)]
    if project_id is not None:
        wanted.append(col(Writing.project_id) == project_id)
    count = await session.scalar(any_select(func.count()).select_from(Writing).where(*wanted))
    found = await session.exec(
        select(Writing)
        .where(*wanted)
        .order_by(col(Writing.updated_at).desc(), col(Writing.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return list(found), count or 0


async def writing_of(
    session: TenantSession, actor: Actor, writing_id: UUID, *, changing: bool = False
) -> Writing:
    """A text of the person's own; else `NotFound`.

    With `changing` nobody else can change it until the session ends.
    """
    query = select(Writing).where(
        Writing.id == writing_id, col(Writing.person_id) == _person(actor)
    )
    if changing:
        query = query.with_for_update()
    found = await session.exec(query.execution_options(populate_existing=True))
    writing = found.one_or_none()
    if writing is None:
        raise NotFound("There is no such text.")
    return writing


async def versions_of(
    session: TenantSession, actor: Actor, writing_id: UUID
) -> list[WritingVersion]:
    """How a text stood, the newest first; raises `NotFound`."""
    writing = await writing_of(session, actor, writing_id)
    found = await session.exec(
        select(WritingVersion)
        .where(WritingVersion.writing_id == writing.id)
        .order_by(col(WritingVersion.number).desc())
        .limit(MOST_VERSIONS)
    )
    return list(found)


async def _put(session: TenantSession, found: Writing, title: str, text: str, model: str) -> None:
    found.title, found.text = title, text
    found.version += 1
    found.updated_at = datetime.now(UTC)
    session.add(found)
    session.add(
        WritingVersion(
            writing_id=found.id, number=found.version, title=title, text=text, model=model
        )
    )
    await session.flush()
    await session.exec(
        delete(WritingVersion).where(
            col(WritingVersion.writing_id) == found.id,
            col(WritingVersion.number) <= found.version - MOST_VERSIONS,
        )
    )


def _person(actor: Actor) -> UUID:
    actor.must(Permission.KEEP_ACCOUNT)
    if actor.person_id is None:
        raise NotAllowed("You are not allowed to do this.")
    return actor.person_id


def _text(told: str) -> str:
    text = told.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise NotAccepted("At most %(count)s characters, please.", field="text", count=LONGEST_TEXT)
    return text
