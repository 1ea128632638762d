"""Doing jobs: what each kind does, how far it is, and what happens when it fails.

A slice registers its kind where it is defined:

    @job("letter.send", attempts=6)
    async def send_letter(work: Work) -> None: ...

A job must bear being started twice: a worker that was killed in the middle leaves it to another.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import procrastinate
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job as Queued
from sqlmodel import col, update

from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.jobs.models import Job
from app.jobs.queue import FINISHED, job_of, queue

_log = logging.getLogger(__name__)

STEP_SECONDS = 0.3
"""Progress is written at most this often."""


BEGIN_AGAIN_SECONDS = 1.0
"""How long a worker that fell is left lying."""


class Cancelled(Exception):
    """The job was asked to stop."""


@dataclass
class Work:
    """A job being done."""

    market_id: UUID
    job_id: UUID
    told: dict[str, Any]
    asked_by: UUID | None = None
    asked_by_name: str = ""
    report: dict[str, Any] = field(default_factory=dict[str, Any])
    """What came of it, for the person who asked; kept when the job ends."""
    _written: float = 0.0

    async def progress(self, done: int, total: int) -> None:
        """Say how far it is; raises `Cancelled` when the job shall stop."""
        now = asyncio.get_running_loop().time()
        if now - self._written < STEP_SECONDS and done < total:
            return
        self._written = now
        async with tenant_session(self.market_id) as session:
            await session.exec(
                update(Job).where(col(Job.id) == self.job_id).values(done=done, total=total)
            )
            if (await job_of(session, self.job_id)).cancel_asked:
                raise Cancelled


@dataclass(frozen=True)
class _Kind:
    do: Callable[[Work], Awaitable[None]]
    attempts: int


async def _unknown(_work: Work) -> None:
    raise AppError("This version of the program does not know this kind of work.")


_kinds: dict[str, _Kind] = {}
_UNKNOWN = _Kind(_unknown, attempts=1)


def job(
    kind: str, *, attempts: int = 1
) -> Callable[[Callable[[Work], Awaitable[None]]], Callable[[Work], Awaitable[None]]]:
    """Register what does jobs of this kind, tried `attempts` times with growing pauses."""

    def register(do: Callable[[Work], Awaitable[None]]) -> Callable[[Work], Awaitable[None]]:
        _kinds[kind] = _Kind(do, attempts)
        return do

    return register


class _Later(Exception):
    """The attempt failed and another shall be made."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _WhenAsked(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Queued) -> RetryDecision | None:
        if isinstance(exception, _Later):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        return None


tasks = procrastinate.Blueprint()


@tasks.task(name="work", retry=_WhenAsked(), queue="agora")
async def work(tenant_id: str, job_id: str) -> None:
    """Do the job with this id."""
    market_id = UUID(tenant_id)
    async with tenant_session(market_id) as session:
        found = await session.get(Job, UUID(job_id), with_for_update=True)
        if found is None or found.state in FINISHED:
            return
        if found.cancel_asked:
            _end(found, "cancelled")
            return
        found.state, found.attempts = "running", found.attempts + 1
        found.started_at = found.started_at or datetime.now(UTC)
        asked = Work(
            market_id, found.id, json.loads(found.told), found.asked_by, found.asked_by_name
        )
        kind, attempt = found.kind, found.attempts
    known = _kinds.get(kind, _UNKNOWN)
    try:
        await known.do(asked)
    except Cancelled:
        await _finish(asked, "cancelled")
    except AppError as error:
        # What a person caused does not get better by trying again, unless a part was down.
        if error.status >= 500 and attempt < known.attempts:
            raise await _again(asked, attempt, error) from error
        await _finish(asked, "failed", error.message, {"params": _plain(error.params)})
    except Exception as error:
        if attempt < known.attempts:
            raise await _again(asked, attempt, error) from error
        _log.exception("The job %s (%s) failed.", job_id, kind)
        await _finish(asked, "failed", "Something went wrong. Please try again.")
    else:
        await _finish(asked, "done")


@tasks.periodic(cron="* * * * *")
@tasks.task(name="rescue", queueing_lock="rescue", queue="agora", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died to those that live."""
    manager = context.app.job_manager
    for left in await manager.get_stalled_jobs():
        await manager.retry_job(left)


_Round = Callable[[], Awaitable[None]]
_nightly: dict[str, _Round] = {}
_hourly: dict[str, _Round] = {}


def nightly(name: str) -> Callable[[_Round], _Round]:
    """Register what is done once each night, over all markets."""

    def register(do: _Round) -> _Round:
        _nightly[name] = do
        return do

    return register


def hourly(name: str) -> Callable[[_Round], _Round]:
    """Register what is done once each hour, over all markets."""

    def register(do: _Round) -> _Round:
        _hourly[name] = do
        return do

    return register


@tasks.periodic(cron="17 3 * * *")
@tasks.task(name="night", queueing_lock="night", queue="agora")
async def night(timestamp: int) -> None:
    """Do everything that is done at night; what fails spares the rest."""
    await _do_each(_nightly)


@tasks.periodic(cron="42 * * * *")
@tasks.task(name="hour", queueing_lock="hour", queue="agora")
async def hour(timestamp: int) -> None:
    """Do everything that is done each hour; what fails spares the rest."""
    await _do_each(_hourly)


async def _do_each(rounds: dict[str, _Round]) -> None:
    for name, do in rounds.items():
        try:
            await do()
        except Exception:
            _log.exception("%s failed.", name)


@asynccontextmanager
async def working(*, concurrency: int = 2) -> AsyncGenerator[None]:
    """Do jobs as long as the block lasts; those in hand are finished or left to the next worker."""
    async with _ready() as app:
        worker = asyncio.create_task(_keep_working(app, concurrency), name="jobs")
        try:
            yield
        finally:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker


async def _keep_working(app: procrastinate.App, concurrency: int) -> None:
    """Work until cancelled; a worker that fell, with its database for instance, is begun anew."""
    while True:
        try:
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
            )
        except Exception:
            _log.exception("The worker that does jobs fell. It is begun anew.")
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def work_off() -> None:
    """Do everything that is due now, and return; for tests and for `agora work --once`."""
    async with _ready() as app:
        await app.run_worker_async(
            wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
        )


@asynccontextmanager
async def _ready() -> AsyncGenerator[procrastinate.App]:
    app = _app()
    async with app.open_async():
        yield app


def _app() -> procrastinate.App:
    return _with_tasks(queue())


@cache
def _with_tasks(app: procrastinate.App) -> procrastinate.App:
    app.add_tasks_from(tasks, namespace="agora")
    return app


async def _again(asked: Work, attempt: int, error: Exception) -> _Later:
    _log.warning("A job failed and will be tried again: %s", error)
    async with tenant_session(asked.market_id) as session:
        (await job_of(session, asked.job_id)).state = "waiting"
    return _Later(5 * 3**attempt)


async def _finish(
    asked: Work, state: str, problem: str = "", more: dict[str, Any] | None = None
) -> None:
    async with tenant_session(asked.market_id) as session:
        found = await job_of(session, asked.job_id)
        _end(found, state, problem)
        found.report = _plain(asked.report | (more or {}))
        await _touch(session, found)


def _end(found: Job, state: str, problem: str = "") -> None:
    found.state, found.problem = state, problem
    found.finished_at = datetime.now(UTC)
    # What it was told may open something and is of no more use.
    found.told = "{}"


async def _touch(session: TenantSession, found: Job) -> None:
    session.add(found)
    await session.flush()


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(told, default=str))
