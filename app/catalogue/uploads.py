"""Files of rows that staff loads in the console: read through, then loaded.

The file lies in the database, beside what it will become, so that no address leads to it and
whoever does the job has it. Reading it through loads it too, and takes everything back: so the
report says exactly what loading would do.

Listings and articles are known here. Another slice adds its kind of row with `add_kind`.
"""

import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import col, delete, select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.imports import load_listings, read_listings
from app.catalogue.models import Upload
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.jobs.queue import FINISHED, cancel, enqueue, job_of
from app.jobs.work import Work, job
from app.knowledge.imports import load_articles, read_articles
from app.markets.changes import announce
from app.markets.directory import MarketCard, market_by_id
from app.markets.quotas import Quota, leave_room
from app.rows import Problem, Row
from app.search.following import AT_A_TIME, LOCK
from app.search.index import Kind as Indexed
from app.search.serving import search_index

LARGEST = 16 * 1024 * 1024
"""Bytes of a file; larger ones are loaded with `agora import`."""
KEPT = timedelta(days=7)
SHOWN = 50
"""Problems that a report names; the others are counted."""
STEP = 200
"""Rows loaded between two looks at whether the job shall stop."""


class Loaded(Protocol):
    """What loading some rows did."""

    created: int
    updated: int
    unchanged: int
    changed: set[UUID]


async def _nothing_more(_session: TenantSession, _actor: Actor) -> None:
    """Loading was all that there is to do."""


@dataclass(frozen=True)
class FileKind:
    """A kind of row that files can hold."""

    needs: Permission
    read: Callable[[Path], Iterator[Row[Any] | Problem]]
    load: Callable[[TenantSession, MarketCard, Sequence[Any]], Awaitable[Loaded]]
    indexed: Indexed | None = None
    """As what the search index knows the rows."""
    then: Callable[[TenantSession, Actor], Awaitable[None]] = _nothing_more
    """What follows in the same transaction."""


async def _load_listings(session: TenantSession, market: MarketCard, rows: Sequence[Any]) -> Loaded:
    return await load_listings(session, market, rows)


async def _load_articles(
    session: TenantSession, _market: MarketCard, rows: Sequence[Any]
) -> Loaded:
    return await load_articles(session, rows)


_kinds: dict[str, FileKind] = {
    "listing": FileKind(Permission.EDIT_CATALOGUE, read_listings, _load_listings, "listing"),
    "article": FileKind(Permission.EDIT_KNOWLEDGE, read_articles, _load_articles, "article"),
}


def add_kind(name: str, kind: FileKind) -> None:
    """Let files hold rows of another kind."""
    _kinds[name] = kind


def kind_of(name: str) -> FileKind:
    """The kind of this name; raises `FileRefused`."""
    found = _kinds.get(name)
    if found is None:
        raise FileRefused("Files of this kind are not known.")
    return found


class FileRefused(AppError):
    """The file cannot be one of rows."""


class _TakenBack(Exception):
    """What a reading did is not kept."""


@dataclass
class Report:
    """What loading a file does or did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """The first bad rows as `{line, reason}`."""


async def receive(
    session: TenantSession, actor: Actor, kind: str, name: str, content: bytes
) -> UUID:
    """Keep a file and have it read through; raises `NotAllowed`, `FileRefused` or `QuotaUsedUp`."""
    actor.must(kind_of(kind).needs)
    if not content.strip():
        raise FileRefused("The file is empty.")
    if len(content) > LARGEST:
        raise FileRefused("The file is too large.")
    plain = Path(name.replace("\\", "/").replace("\x00", "")).name[:200] or "file"
    upload = Upload(
        kind=kind,
        name=plain,
        content=content,
        made_by=actor.id,
        made_by_name=actor.name,
    )
    old = delete(Upload).where(col(Upload.created_at) < datetime.now(UTC) - KEPT)
    await session.exec(old)
    await leave_room(session, Quota.STORAGE, len(content))
    session.add(upload)
    await session.flush()
    told = {"upload": str(upload.id), "dry": True}
    upload.checked_by = await enqueue(session, actor, "upload.work", told, lock=LOCK)
    await record(
        session, actor, "upload.received", "upload", upload.id, after={"name": plain, "kind": kind}
    )
    return upload.id


async def uploads(session: TenantSession, actor: Actor, limit: int = 10) -> list[Upload]:
    """The newest files, without their content, the newest first; raises `NotAllowed`."""
    allowed = [name for name, kind in _kinds.items() if actor.may(kind.needs)]
    if not allowed:
        actor.must(Permission.EDIT_CATALOGUE)
    query = (
        select(Upload)
        .options(defer(Upload.content))  # pyright: ignore[reportArgumentType]
        .where(col(Upload.kind).in_(allowed))
        .order_by(col(Upload.created_at).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def begin_loading(session: TenantSession, actor: Actor, upload_id: UUID) -> None:
    """Have the good rows of a file loaded, once; raises `NotAllowed`, `NotFound` or `AppError`."""
    upload = await _upload(session, actor, upload_id)
    if upload.checked_by is None or (await job_of(session, upload.checked_by)).state != "done":
        raise AppError("The file has not been read through yet.")
    if upload.loaded_by is not None:
        earlier = await job_of(session, upload.loaded_by)
        if earlier.state not in FINISHED or earlier.state == "done":
            raise AppError("This file is loaded already.")
    told = {"upload": str(upload_id), "dry": False}
    upload.loaded_by = await enqueue(session, actor, "upload.work", told, lock=LOCK)
    session.add(upload)
    await session.flush()


async def stop(session: TenantSession, actor: Actor, upload_id: UUID) -> None:
    """Have the work on a file stop; nothing of it is kept then. Raises as `begin_loading`."""
    upload = await _upload(session, actor, upload_id)
    under_way = upload.loaded_by or upload.checked_by
    if under_way is not None:
        await cancel(session, under_way)


async def forget_upload(session: TenantSession, actor: Actor, upload_id: UUID) -> None:
    """Delete a file; what was loaded from it stays."""
    await stop(session, actor, upload_id)
    await session.delete(await _upload(session, actor, upload_id))
    await session.flush()
    await record(session, actor, "upload.forgotten", "upload", upload_id)


@job("upload.work")
async def work_on(work: Work) -> None:
    """Read a file through, or load it: all of its good rows or, when stopped, none."""
    market = await market_by_id(work.market_id)
    async with tenant_session(work.market_id) as session:
        upload = await session.get(Upload, UUID(work.told["upload"]))
    if upload is None or market is None:
        raise NotFound("There is no such file.")
    suffix = ".csv" if upload.name.lower().endswith(".csv") else ".jsonl"
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(upload.content)
        file.flush()
        await _go_through(work, market, upload, Path(file.name))


async def _go_through(work: Work, market: MarketCard, upload: Upload, path: Path) -> None:
    report = Report()
    kind = kind_of(upload.kind)
    good: list[Any] = []
    for found in kind.read(path):
        if isinstance(found, Row):
            good.append(found.value)
        else:
            report.bad += 1
            if len(report.problems) < SHOWN:
                report.problems.append({"line": found.line, "reason": found.reason})
    try:
        async with tenant_session(work.market_id) as session:
            changed = await _load(work, session, market, kind, good, report)
            if work.told["dry"]:
                raise _TakenBack
            if kind.indexed is not None:
                await _index(work, session, kind.indexed, sorted(changed), len(good))
            actor = Actor(work.market_id, "person", work.asked_by, work.asked_by_name)
            if work.asked_by is None:
                actor = actors.system(work.market_id, work.asked_by_name)
            done = {"created": report.created, "updated": report.updated, "bad": report.bad}
            deed = f"{upload.kind}s.imported"
            await record(session, actor, deed, "upload", upload.id, after=done)
            await kind.then(session, actor)
            await announce(session)
    except _TakenBack:
        pass
    work.report |= {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "bad": report.bad,
        "problems": report.problems,
    }
    await work.progress(1, 1)


async def _load(
    work: Work,
    session: TenantSession,
    market: MarketCard,
    kind: FileKind,
    good: Sequence[Any],
    report: Report,
) -> set[UUID]:
    changed: set[UUID] = set()
    done = 0
    for part in _parts(good):
        loaded = await kind.load(session, market, part)
        report.created += loaded.created
        report.updated += loaded.updated
        report.unchanged += loaded.unchanged
        changed |= loaded.changed
        done += len(part)
        await work.progress(done, len(good) + (0 if work.told["dry"] else len(changed)) + 1)
    return changed


async def _index(
    work: Work, session: TenantSession, kind: Indexed, ids: list[UUID], before: int
) -> None:
    for start in range(0, len(ids), AT_A_TIME):
        await search_index().refresh(session, kind, ids[start : start + AT_A_TIME])
        await work.progress(before + min(start + AT_A_TIME, len(ids)), before + len(ids) + 1)


def _parts(rows: Sequence[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, STEP)):
        yield part


async def _upload(session: TenantSession, actor: Actor, upload_id: UUID) -> Upload:
    found = await session.get(Upload, upload_id, with_for_update=True)
    if found is None:
        actor.must(Permission.EDIT_CATALOGUE)
        raise NotFound("There is no such file.")
    actor.must(kind_of(found.kind).needs)
    return found
