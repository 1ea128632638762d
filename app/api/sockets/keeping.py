"""All open sockets of this process: how many somebody has, and whether they are still alive."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol

from app.accounts.actors import Actor
from app.api.sockets.connection import Connection
from app.api.sockets.events import Asked
from app.api.sockets.frames import CloseCode
from app.errors import TooMany

MOST: dict[str, int] = {"visitor": 50, "person": 20, "key": 500, "system": 0}
"""Sockets that one visitor's address, one person or one key may have in a process at a time."""
PING_AFTER = 30.0
SILENT_AFTER = 90.0
"""Seconds without a word from the client, after which it is asked, and after which it is gone."""
CHECK_EVERY = 60.0
"""Seconds after which a socket's credential is looked up again where nothing was asked."""
_TICK = 1.0
_TENDING = "tending sockets"
_GOODBYE = 3.0


class Open(Protocol):
    """A socket that is being served."""

    connection: Connection
    checked_at: float
    task: asyncio.Task[Any]
    """The one that serves it to its end."""

    async def check(self) -> None:
        """End the connection when its credential has come to nothing."""
        ...


_held: Counter[tuple[str, ...]] = Counter()
_open: set[Open] = set()
_tasks: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def counted(actor: Actor) -> AsyncGenerator[None]:
    """Count a socket of somebody for the block; raises `TooMany`."""
    who = (str(actor.market_id), actor.kind, str(actor.id or actor.address))
    if _held[who] >= MOST[actor.kind]:
        raise TooMany("You have too many connections open. Close one first.", retry_after=5)
    _held[who] += 1
    try:
        yield
    finally:
        _held[who] -= 1
        if not _held[who]:
            del _held[who]


@asynccontextmanager
async def tended(socket: Open) -> AsyncGenerator[None]:
    """See for the block that the socket's other end is there, reads, and may be there."""
    _open.add(socket)
    if not any(task.get_name() == _TENDING and not task.done() for task in _tasks):
        _aside(_tend(), _TENDING)
    try:
        yield
    finally:
        _open.discard(socket)


def how_many() -> int:
    """The sockets that this process tends."""
    return len(_open)


async def end_all() -> None:
    """Tell every client that the server goes, and wait until each socket was let go."""
    sockets = list(_open)
    for socket in sockets:
        socket.connection.end(CloseCode.GOING_AWAY)
    tasks = [socket.task for socket in sockets]
    if tasks:
        await asyncio.wait(tasks, timeout=_GOODBYE)


async def _tend() -> None:
    while _open:
        now = time.monotonic()
        for socket in list(_open):
            _look_after(socket, now)
        await asyncio.sleep(_TICK)


def _look_after(socket: Open, now: float) -> None:
    connection = socket.connection
    if connection.overdue:
        connection.end(CloseCode.TOO_SLOW)
    elif now - connection.heard_at > SILENT_AFTER:
        connection.end(CloseCode.SILENT)
    else:
        quiet = now - max(connection.heard_at, connection.pinged_at)
        if quiet > PING_AFTER:
            connection.pinged_at = now
            _aside(connection.send(Asked()))
        if now - socket.checked_at > CHECK_EVERY:
            socket.checked_at = now
            _aside(socket.check())


def _aside(work: Coroutine[None, None, None], name: str | None = None) -> None:
    task = asyncio.create_task(work, name=name)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
