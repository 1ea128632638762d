"""Everything that a market holds, as one archive: rows as JSON lines, files as they are.

Made by the job `market.export`, kept for a day in `home/files/MARKET/exports`. Secrets and what
only the program can use are left out; the manifest names them, and counts and digests the rest.
"""

import asyncio
import hashlib
import json
import re
import time
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Column, LargeBinary, Table, func
from sqlalchemy import select as any_select
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel, col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TENANT_TABLES, TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.jobs.models import Job
from app.jobs.queue import FINISHED, enqueue, job_of, latest_jobs
from app.jobs.work import Work, job
from app.markets.models import Market
from app.sealing import Sealed
from app.settings import settings

KIND = "market.export"
LASTS = timedelta(hours=24)
"""How long an archive can be fetched."""

LEFT_OUT: dict[str, str] = {
    "attachment_passage": "made from the files of conversations, which are here",
    "authenticator": "secrets of second factors",
    "document_folder": "folders of this server",
    "event_consumption": "how far deliveries inside this installation are",
    "folder_file": "files in folders of this server, which are documents too",
    "outbox_event": "told of rows that are here, and kept for a month",
    "recovery_code": "secrets of second factors",
    "refresh_token": "open sign-ins",
    "search_entry": "made from listings and articles, and made again from them",
    "search_place": "made from listings and articles, and made again from them",
    "sign_in": "open sign-ins",
    "signing_key": "keys of this installation",
    "ticket": "links that open something",
}
"""Tables that stay, and why."""

_SECRET = re.compile(r"secret|password|token|hash|private")
_BATCH = 500

Progress = Callable[[int, int], Awaitable[None]]


class ExportRunning(AppError):
    """An archive of the market is being made."""


@dataclass(frozen=True)
class Archive:
    """An archive that can be fetched."""

    file: Path
    name: str


async def request_export(session: TenantSession, actor: Actor) -> UUID:
    """Ask for an archive and return the job's id; raises `ExportRunning`."""
    actor.must(Permission.EXPORT)
    running = select(Job.id).where(Job.kind == KIND, col(Job.state).not_in(FINISHED)).limit(1)
    if (await session.exec(running)).first() is not None:
        raise ExportRunning("An archive is being made already.")
    job_id = await enqueue(session, actor, KIND, lock="export")
    await record(session, actor, "market.export_asked", "job", job_id)
    return job_id


async def exports_of(session: TenantSession, actor: Actor) -> list[Job]:
    """The newest archives and attempts, the newest first."""
    actor.must(Permission.EXPORT)
    return await latest_jobs(session, KIND, 10)


async def archive_of(session: TenantSession, actor: Actor, job_id: UUID) -> Archive:
    """The archive that a job made, for the actor to take; raises `NotFound` when it is over."""
    actor.must(Permission.EXPORT)
    made = await job_of(session, job_id)
    file = _file(session.tenant_id, job_id)
    if made.kind != KIND or made.state != "done" or not can_be_fetched(made) or not file.is_file():
        raise NotFound("There is no such file.")
    market = (await session.exec(select(Market))).one()
    await record(session, actor, "market.exported", "job", job_id)
    return Archive(file, f"{market.key}-{made.created_at:%Y-%m-%d}.zip")


def can_be_fetched(made: Job) -> bool:
    """Whether the archive of a finished job has not expired."""
    return made.state == "done" and (made.finished_at or made.created_at) + LASTS > datetime.now(
        UTC
    )


@job(KIND)
async def export(work: Work) -> None:
    """Make the archive; what an earlier try left is made anew."""
    folder = _file(work.market_id, work.job_id).parent
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _forget_old(folder)
    draft = folder / f"{work.job_id}.draft"
    try:
        work.report = await pack(work.market_id, draft, work.progress)
        draft.replace(_file(work.market_id, work.job_id))
    finally:
        draft.unlink(missing_ok=True)


async def pack(market_id: UUID, target: Path, progress: Progress) -> dict[str, Any]:
    """Write everything into `target`; returns how many rows, files and bytes it holds."""
    tables: dict[str, Any] = {}
    async with tenant_session(market_id) as session:
        # All tables as they were at one moment.
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        kept = _tables()
        total = 0
        for table in kept:
            total += await session.scalar(any_select(func.count()).select_from(table)) or 0
        done = 0
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in kept:
                digest, rows = hashlib.sha256(), 0
                with archive.open(f"rows/{table.name}.jsonl", "w") as lines:
                    async for batch in _batches(session, table):
                        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in batch)
                        await asyncio.to_thread(lines.write, text.encode())
                        digest.update(text.encode())
                        rows += len(batch)
                        done += len(batch)
                        await progress(done, max(total, done))
                tables[table.name] = {
                    "rows": rows,
                    "sha256": digest.hexdigest(),
                    "columns_left_out": sorted(
                        column.name for column in table.columns if not is_exported(column)
                    ),
                }
            files = await asyncio.to_thread(_add_files, archive, market_id)
            manifest = {
                "market": str(market_id),
                "made_at": datetime.now(UTC).isoformat(),
                "tables": tables,
                "files": files,
                "tables_left_out": LEFT_OUT,
            }
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return {
        "rows": done,
        "files": len(files),
        **await asyncio.to_thread(_told, target),
    }


def is_exported(column: Column[Any]) -> bool:
    """Whether a column leaves the house: no secrets, no keys, nothing only a machine reads."""
    unreadable = (Sealed, LargeBinary, HALFVEC, postgresql.TSVECTOR)
    return not isinstance(column.type, unreadable) and not _SECRET.search(column.name)


def _tables() -> list[Table]:
    known = SQLModel.metadata.tables
    return [known[name] for name in sorted(TENANT_TABLES) if name not in LEFT_OUT]


async def _batches(session: TenantSession, table: Table) -> AsyncGenerator[list[dict[str, Any]]]:
    columns = [column for column in table.columns if is_exported(column)]
    query = any_select(*columns).order_by(*table.primary_key.columns)
    result = await (await session.connection()).stream(query)
    async for rows in result.mappings().partitions(_BATCH):
        # What JSON cannot hold (times, ids, amounts) is written as text.
        yield [json.loads(json.dumps(dict(row), default=str)) for row in rows]


def _add_files(archive: zipfile.ZipFile, market_id: UUID) -> list[dict[str, Any]]:
    root = settings().home / "files" / str(market_id)
    added: list[dict[str, Any]] = []
    for file in _files(root):
        name = f"files/{file.relative_to(root).as_posix()}"
        archive.write(file, name)
        added.append({"path": name, "bytes": file.stat().st_size, "sha256": _digest(file)})
    return added


def _files(root: Path) -> Iterator[Path]:
    for file in sorted(root.rglob("*")):
        inside = file.relative_to(root).parts[0]
        if inside not in {"exports", "training"} and file.is_file() and not file.is_symlink():
            yield file


def _told(file: Path) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "sha256": _digest(file)}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _file(market_id: UUID, job_id: UUID) -> Path:
    return settings().home / "files" / str(market_id) / "exports" / f"{job_id}.zip"


def _forget_old(folder: Path) -> None:
    over = time.time() - LASTS.total_seconds()
    for file in folder.iterdir():
        if file.stat().st_mtime < over:
            file.unlink(missing_ok=True)
