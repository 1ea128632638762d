"""Probes of jobs: theirs asked for by ours, and every kind told of theirs."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from shutil import rmtree
from uuid import UUID, uuid4

from sqlalchemy import text

import app.tasks
from app.accounts.actors import system
from app.database import tenant_session
from app.errors import NotFound
from app.jobs import work as doing
from app.jobs.queue import cancel, enqueue, job_of, latest_jobs
from app.jobs.work import Cancelled, Work
from app.markets.quotas import folder_of
from tests.isolation.asking import Answer
from tests.isolation.forging import names_in
from tests.isolation.ledger import Ledger
from tests.isolation.world import World

KIND = "job"
NAMED = ("attachment", "upload", "listing", "article", "document", "question_set", "project")
"""Tables whose ids jobs are told of."""
__all__ = ["KIND", "app", "probe"]


async def probe(world: World, ledger: Ledger) -> None:
    """Read, cancel and do their jobs as ours, then do every kind of job with their ids."""
    for row in world.rows["job"]:
        async with tenant_session(world.ours.id) as session:
            try:
                found = await job_of(session, UUID(row["id"])) is not None
            except NotFound:
                found = False
            ledger.probe(KIND, found, f"ours read their job {row['kind']}")
            await cancel(session, UUID(row["id"]))
            kinds = await latest_jobs(session, row["kind"])
            seen = any(str(job.id) == row["id"] for job in kinds)
            ledger.probe(KIND, seen, f"ours listed their job {row['kind']}")
        # A forged entry of the queue: our market, their job.
        await doing.work(str(world.ours.id), row["id"])
        state = await _state(world, row["id"])
        ledger.probe(KIND, state != row["state"], f"ours did their job {row['kind']}")
        ledger.control(KIND, state == row["state"], "theirs read a job")
    for kind in sorted(doing._kinds):
        for value in (*world.forged(), *(world.rows[table][0]["id"] for table in NAMED)):
            await _told(world, ledger, kind, value)


def asked_of(world: World, module: str = "") -> Iterator[Callable[[], Awaitable[None]]]:
    """The kinds of jobs of a module, or of all, done by ours and told of theirs."""
    for kind, known in sorted(doing._kinds.items()):
        if module in ("", known.do.__module__):
            for value in (world.their_person, *(world.rows[table][0]["id"] for table in NAMED)):
                yield partial(_told, world, Ledger(), kind, value)


async def _state(world: World, job_id: str) -> str:
    async with tenant_session(world.theirs.id) as session:
        query = text("select state || cancel_asked::text from job where id::text = :id")
        told = str(await session.scalar(query, {"id": job_id}))
    return told.removesuffix("false")


async def _told(world: World, ledger: Ledger, kind: str, value: str) -> None:
    """Let our market do a job of this kind that names what is theirs everywhere."""
    known = doing._kinds[kind]
    told = dict.fromkeys(names_in(known.do.__module__), value)
    async with tenant_session(world.ours.id) as session:
        job_id = await enqueue(session, system(world.ours.id, "tests"), kind, told)
        await session.execute(
            text("delete from procrastinate_jobs where args->>'job_id' = :id"), {"id": str(job_id)}
        )
    work = Work(world.ours.id, job_id, told, uuid4(), "tests")
    with suppress(Exception, Cancelled):
        await known.do(work)
    got = world.leaks_into(str(work.report)) or _in_files(world)
    rmtree(folder_of(world.ours.id), ignore_errors=True)
    ledger.probe(KIND, got, f"ours had {kind} done with {value}")


def _in_files(world: World) -> bool:
    """Whether a file of ours, or a file within an archive of ours, holds their canary."""
    for path in folder_of(world.ours.id).rglob("*"):
        if not path.is_file():
            continue
        if world.leaks_into(Answer(body=path.read_bytes()).text):
            return True
    return False
