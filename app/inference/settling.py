"""Settling what answers used: to the end, also when nobody waits for it any more."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)
_settling: set[asyncio.Future[None]] = set()


async def surely(settling: Coroutine[Any, Any, None]) -> None:
    """Settle to the end, even where whoever waits is cancelled, and cancelled again."""
    await asyncio.shield(begin(settling))


def begin(settling: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
    """Begin to settle; `settled` waits for it."""
    task = asyncio.ensure_future(settling)
    _settling.add(task)
    task.add_done_callback(_settled)
    return task


def _settled(task: asyncio.Future[None]) -> None:
    _settling.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        # What was reserved stays counted until the day ends.
        _log.error("An answer could not be settled: %s", type(error).__name__)


async def settled() -> None:
    """Wait until what has ended is settled, as a process does before it ends."""
    await asyncio.gather(*_settling, return_exceptions=True)
