"""The commands of `agora`, one module per noun; thin, they call the slices."""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

from app.database import close_engines
from app.embedded import parts
from app.inference.reaching import let_go
from app.migrations import migrate
from app.search.serving import close_index

Result = TypeVar("Result")


@contextmanager
def ready_database() -> Generator[None]:
    """Make sure of a database with every table for the block.

    The embedded one is migrated as it is started; a configured one is its operator's to migrate.
    """
    with parts.database() as embedded:
        if embedded is not None:
            migrate()
        yield


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` in an event loop of its own and close the connections that it opened."""

    async def closing() -> Result:
        try:
            return await work
        finally:
            await let_go()
            await close_index()
            await close_engines()

    return asyncio.run(closing())
