"""Replies being written: tasks that outlive the connection that asked for them.

A reply is a list of steps that grows until the reply ends. Whoever follows it gets the steps so
far and then each new one, so a reader who comes back misses nothing and sees nothing twice.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Generic, TypeVar
from uuid import UUID

from app.conversations.log import Entry
from app.errors import AppError

Step = TypeVar("Step")

LONGEST_REPLY = timedelta(minutes=3)
"""A reply that takes longer is stopped; one that is older was left by a process that died."""

AT_ONCE = 2
"""Messages that are understood in the same moment. It is work for a processor and hardly waiting,
so more at once would be answered no sooner, and what others say meanwhile would arrive later."""
LONGEST_TURN = 1.0
"""Seconds. Who takes longer waits for something else than a processor, and holds nobody up."""

_turns = asyncio.Semaphore(AT_ONCE)

PROCESS = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
"""This process, as it stands in the messages that it answers."""


class ReplyRunning(AppError):
    """The conversation's last message is still being answered."""


class Reply(Generic[Step]):
    """A reply being written; `steps` is all that it has said so far."""

    def __init__(self, reply_id: UUID) -> None:
        """Begin with nothing said."""
        self.id = reply_id
        self.steps: list[Step] = []
        self.ended = False
        self.stopped_by_person = False
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def say(self, step: Step) -> None:
        """Add a step and wake everyone who follows."""
        self.steps.append(step)
        self._wake()

    async def follow(self, after: int = 0) -> AsyncIterator[Step]:
        """The steps from number `after` on, as they come, until the reply has ended."""
        place = after
        while True:
            news = self._news
            while place < len(self.steps):
                yield self.steps[place]
                place += 1
            if self.ended:
                return
            await news.wait()

    def run(
        self, write: Callable[["Reply[Step]"], Awaitable[None]], ended: Callable[[], None]
    ) -> None:
        """Let `write` say the reply in a task of its own; `ended` is called when it is over."""

        async def running() -> None:
            try:
                await write(self)
            finally:
                ended()
                self.ended = True
                self._wake()

        self._task = asyncio.create_task(running(), name=f"reply {self.id}")

    def stop(self, *, by_person: bool) -> None:
        """Ask the reply to end; it still writes down what it said."""
        self.stopped_by_person = by_person
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        """Return when the reply has ended."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


_running: dict[UUID, Reply[object]] = {}


@asynccontextmanager
async def turn() -> AsyncGenerator[None]:
    """Wait for one's turn to work on an answer; give it back before a model is waited for."""
    await _turns.acquire()
    back = asyncio.get_running_loop().call_later(LONGEST_TURN, _turns.release)
    try:
        yield
    finally:
        if back.when() > asyncio.get_running_loop().time():
            back.cancel()
            _turns.release()


def claim(conversation_id: UUID, reply: Reply[Step]) -> None:
    """Make `reply` the conversation's running reply; raises `ReplyRunning` if there is one."""
    if conversation_id in _running:
        raise ReplyRunning("The last message is still being answered.", status=HTTPStatus.CONFLICT)
    _running[conversation_id] = reply  # pyright: ignore[reportArgumentType]


def release(conversation_id: UUID) -> None:
    """Give a claim back, when the reply has ended or did not come to begin."""
    _running.pop(conversation_id, None)


def begin(
    conversation_id: UUID,
    reply: Reply[Step],
    write: Callable[[Reply[Step]], Awaitable[None]],
) -> None:
    """Run `write(reply)` as a task, after the reply was claimed for the conversation.

    When the reply is stopped or the program ends, `write` is cancelled and must put down what
    was said until then.
    """
    reply.run(write, ended=lambda: release(conversation_id))


def running(conversation_id: UUID) -> Reply[object] | None:
    """The reply being written in this conversation by this process, or None."""
    return _running.get(conversation_id)


def how_many() -> int:
    """The replies being written by this process."""
    return len(_running)


async def stop_all() -> None:
    """Stop every reply and wait until each has put down what it said, as at the end."""
    replies = list(_running.values())
    for reply in replies:
        reply.stop(by_person=False)
    for reply in replies:
        await reply.wait()


def left_behind(message: Entry) -> bool:
    """Whether the process that was answering `message` is gone.

    Call it only for a message without a reply that is not running here.
    """
    if message.at < datetime.now(UTC) - LONGEST_REPLY:
        return True
    host, _, rest = str(message.payload.get("process", "")).partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        # The same number, yet nothing runs here: either it has just ended, or it was another
        # process that had this number before.
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
