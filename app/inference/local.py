"""Models on this machine, by llama.cpp in a process of its own that is reached over loopback.

A model begins to load when it is first wanted and answers once it has loaded; until then the
chain goes on without it, for nobody shall wait for gigabytes to be read.
"""

import asyncio
import dataclasses
import json
import logging
import os
import secrets
import socket
import sys
from collections.abc import AsyncGenerator
from importlib.util import find_spec
from pathlib import Path

from app.errors import AppError
from app.inference.calling import Call, CallFailed, ChatEvent
from app.inference.presets import KINDS
from app.inference.targets import Target
from app.inference.weights import weights_of

THREADS = max(1, (os.cpu_count() or 2) - 1)
LOAD_SECONDS = 300.0
END_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclasses.dataclass
class _Child:
    """A process that serves one file."""

    port: int
    key: str
    process: asyncio.subprocess.Process | None = None
    loading: asyncio.Task[bool] | None = None

    @property
    def is_ready(self) -> bool:
        return (
            self.loading is not None
            and self.loading.done()
            and not self.loading.cancelled()
            and self.loading.exception() is None
            and self.loading.result()
            and self.process is not None
            and self.process.returncode is None
        )


_children: dict[tuple[str, int], _Child] = {}


class LocalChat:
    """A model whose weights are on this machine."""

    def __init__(self, target: Target) -> None:
        self._target = target

    async def stream(self, call: Call) -> AsyncGenerator[ChatEvent]:
        """See `Chat.stream`."""
        child = _child(self._target)
        if not child.is_ready:
            raise CallFailed("unavailable")
        from app.inference import served  # noqa: PLC0415

        here = f"http://127.0.0.1:{child.port}/v1"
        target = dataclasses.replace(
            self._target, kind=KINDS["openai"], inside=True, secret=child.key, urls=(here,)
        )
        async for event in served.chat_at(target, here).stream(call):
            yield event


def can_be_local() -> bool:
    """Whether llama.cpp is installed (the extra `local`)."""
    return find_spec("xllamacpp") is not None


async def loaded(target: Target) -> bool:
    """Wait until a model has loaded; False when it could not be."""
    child = _child(target)
    return child.loading is not None and await asyncio.shield(child.loading)


async def stop_all() -> None:
    """End every process."""
    children = list(_children.values())
    _children.clear()
    for child in children:
        if child.loading is not None and not child.loading.done():
            child.loading.cancel()
            await asyncio.gather(child.loading, return_exceptions=True)
        if child.process is not None and child.process.returncode is None:
            await _end(child.process)


def _child(target: Target) -> _Child:
    """The process of a model, started if there is none; raises `CallFailed`."""
    if not can_be_local():
        raise CallFailed("unavailable")
    try:
        path = str(weights_of(target.model))
    except AppError as error:
        raise CallFailed("unavailable") from error
    key = (path, target.context)
    child = _children.get(key)
    gone = child is not None and child.process is not None and child.process.returncode is not None
    if child is None or gone:
        child = _children[key] = _Child(_free_port(), secrets.token_urlsafe(24))
        child.loading = asyncio.create_task(_load(child, path, target.context))
    return child


async def _load(child: _Child, path: str, context: int) -> bool:
    child.process = process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.inference.llama"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = {
        "path": path,
        "context": context,
        "port": child.port,
        "key": child.key,
        "threads": THREADS,
    }
    process.stdin.write(json.dumps(told).encode() + b"\n")
    try:
        await process.stdin.drain()
        async with asyncio.timeout(LOAD_SECONDS):
            async for line in process.stdout:
                if line.strip() == b"ready":
                    return True
    except (TimeoutError, ConnectionError):
        pass
    _log.warning("llama.cpp could not load a model.")
    await _end(process)
    return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
