"""Asking the process that does statistics, which is there while it is asked and gone after.

scikit-learn and SciPy take some 140 MB, more than a serving process should hold for what is looked
at now and then. The first question starts the process, and a minute without one ends it.
"""

import asyncio
import json
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from app.errors import Unavailable

SECONDS = 60
"""The longest that an answer may take."""
IDLE_SECONDS = 60
"""After so long without a question the process ends."""
ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """One process, asked one thing at a time; started anew when it has gone."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Remember for how long it shall wait for questions; nothing is started."""
        self._idle = idle_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    async def ask(self, what: str, **told: Any) -> Any:
        """What `app.analytics.statistics.child` answers; raises `Unavailable` where it cannot.

        An `ArithmeticError` says that from these numbers nothing can be reckoned.
        """
        line = json.dumps({"ask": what, "with": told}).encode() + b"\n"
        # Who stops waiting leaves the thread to it: its answer is no answer to the next question.
        answer = await asyncio.to_thread(self._told, line)
        if not answer:
            raise Unavailable("The figures cannot be reckoned at the moment.")
        found = json.loads(answer)
        if "problem" in found:
            raise ArithmeticError(found["problem"])
        return found["answer"]

    async def close(self) -> None:
        """End the process."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._turn:
            self._end()

    def _told(self, line: bytes) -> bytes:
        with self._turn:
            # It may have ended just now, because nobody had asked for so long.
            return self._asked(line) or self._asked(line)

    def _asked(self, line: bytes) -> bytes:
        """The line that it answers; empty where it ended, or was ended for taking too long."""
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        answer = b""
        try:
            child.stdin.write(line)
            child.stdin.flush()
            if select.select([child.stdout], [], [], SECONDS)[0]:
                answer = child.stdout.readline()
        except OSError:
            pass
        if not answer:
            self._end()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "app.analytics.statistics.child", str(self._idle)],
                cwd=ROOT,
                # It needs no secret of ours.
                env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()


_worker = Worker()


async def ask(what: str, **told: Any) -> Any:
    """Ask the worker of this process; see `Worker.ask`."""
    return await _worker.ask(what, **told)


async def close() -> None:
    """End the worker of this process, as tests do."""
    await _worker.close()
