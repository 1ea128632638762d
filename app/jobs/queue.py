"""Asking for work, in the transaction that needs it: no commit, no job.

    await enqueue(session, actor, "letter.send", {"to": ...})

Procrastinate's own table holds two ids and nothing else; what the job is to do stands in `job`,
under row-level security. `app.jobs.work` does the jobs.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import procrastinate
from sqlmodel import col, select, update

from app.accounts.actors import Actor
from app.database import TenantSession
from app.errors import NotFound
from app.jobs.models import Job
from app.settings import settings

FINISHED = frozenset({"done", "failed", "cancelled"})


def queue() -> procrastinate.App:
    """The Procrastinate application, whose connections are opened by whoever works."""
    return _queue(settings().database_url or "")


@cache
def _queue(url: str) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=4)
    return procrastinate.App(connector=connector)


async def enqueue(
    session: TenantSession,
    actor: Actor,
    kind: str,
    told: Mapping[str, Any] | None = None,
    *,
    lock: str | None = None,
    at: datetime | None = None,
) -> UUID:
    """Queue a job and return its id; it starts once `session` is committed, or `at` a later time.

    Of jobs with the same `lock` in one market, one runs at a time, in order.
    """
    job = Job(
        kind=kind,
        told=json.dumps(dict(told or {})),
        asked_by=actor.person_id,
        asked_by_name=actor.name,
    )
    session.add(job)
    await session.flush()
    connection = await (await session.connection()).get_raw_connection()
    deferrer = queue().configure_task(
        "agora:work",
        lock=f"{session.tenant_id}:{lock}" if lock else None,
        schedule_at=at,
        connection=connection.driver_connection,
    )
    await deferrer.defer_async(tenant_id=str(session.tenant_id), job_id=str(job.id))
    return job.id


async def job_of(session: TenantSession, job_id: UUID) -> Job:
    """The job; raises `NotFound`."""
    found = await session.get(Job, job_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such job.")
    return found


async def latest_jobs(session: TenantSession, kind: str, limit: int = 20) -> list[Job]:
    """The newest jobs of a kind, the newest first."""
    query = select(Job).where(Job.kind == kind).order_by(col(Job.created_at).desc()).limit(limit)
    return list((await session.exec(query)).all())


async def cancel(session: TenantSession, job_id: UUID) -> None:
    """Ask a job to stop: at once if it waits, else at the next point where it looks."""
    await session.exec(
        update(Job)
        .where(col(Job.id) == job_id, col(Job.state).not_in(FINISHED))
        .values(cancel_asked=True)
    )
