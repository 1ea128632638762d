"""Doing a job while somebody watches a terminal."""

import asyncio
from uuid import UUID

from app.commands.steps import progress_bar
from app.database import tenant_session
from app.errors import AppError
from app.markets.directory import MarketCard

TELL_EVERY = 0.5


async def followed(card: MarketCard, job_id: UUID, name: str) -> None:
    """Do a job, or let another process do it, and show how far it is; raises where it failed."""
    import app.tasks  # noqa: F401  # pyright: ignore[reportUnusedImport]  (registers the jobs)
    from app.jobs.models import Job
    from app.jobs.queue import FINISHED
    from app.jobs.work import working

    with progress_bar() as bar:
        shown = bar.add_task(name)
        async with working(concurrency=1):
            while True:
                async with tenant_session(card.id) as session:
                    job = await session.get_one(Job, job_id)
                bar.update(shown, completed=job.done, total=job.total or None)
                if job.state in FINISHED:
                    break
                await asyncio.sleep(TELL_EVERY)
    if job.state != "done":
        raise AppError(job.problem or "It was cancelled.")
