"""A worker in a process of its own, to be killed."""

import asyncio
import os
from pathlib import Path

import app.tasks  # noqa: F401  (its jobs must be known)
from app.approvals.tools import known
from app.jobs.work import working
from app.settings import settings
from tests.database.approvals.proposing import WRITING, appending


def run(environment: dict[str, str], lines: str, ready: str) -> None:
    """Work until killed; makes the file `ready` when it begins."""
    os.environ.update(environment)
    settings.cache_clear()
    known(WRITING)
    known(appending(Path(lines)))
    asyncio.run(_work(Path(ready)))


async def _work(ready: Path) -> None:
    async with working(concurrency=2):
        await asyncio.to_thread(ready.touch)
        await asyncio.Event().wait()
