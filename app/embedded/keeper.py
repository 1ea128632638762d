"""Keeps one embedded Postgres running for as long as any process uses it.

Started as a script by `app.embedded.postgres`, with the standard library alone so that it costs a
few megabytes. Whoever uses the server holds a shared lock on the `users` file. The system gives a
lock back when its holder ends, in whatever way, so the keeper knows that nobody is left when it
gets the lock for itself: then it stops the server and ends.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

POLL_SECONDS = 0.25
RESTARTS_PER_MINUTE = 3
STOP_SECONDS = 30
SET_PARENT_DEATH_SIGNAL = 1


def die_with_parent() -> None:
    """Ask the kernel to stop this process when its parent ends; Linux alone can."""
    if sys.platform == "linux":
        libc: Any = ctypes.CDLL(None)
        libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGINT)


def start(order: dict[str, Any]) -> subprocess.Popen[Any]:
    """Start the server that `order` describes, with its words going to the log."""
    with Path(order["log"]).open("ab") as log:
        return subprocess.Popen(
            order["command"],
            env=order["environment"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C in a terminal goes to the whole group; the users decide, not the terminal.
            start_new_session=True,
            # This process has one thread, so code between fork and exec is safe here.
            preexec_fn=die_with_parent,  # noqa: PLW1509
            **order["identity"],
        )


def nobody_uses(users: int) -> bool:
    """Try to get the users' lock; when that succeeds it is kept until this process ends."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep(order: dict[str, Any], users: int) -> None:
    """Run the server until nobody uses it, and start it again when it fell."""
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told_to_stop.append(number))
    starts = [time.monotonic()]
    server = start(order)
    while not told_to_stop and not nobody_uses(users):
        time.sleep(POLL_SECONDS)
        if server.poll() is None:
            continue
        starts = [moment for moment in starts if moment > time.monotonic() - 60]
        if len(starts) > RESTARTS_PER_MINUTE:
            return
        starts.append(time.monotonic())
        server = start(order)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)


def main() -> None:
    """Detach from whoever started this, then keep the server; the locks are taken before."""
    order = json.loads(sys.stdin.read())
    alone = os.open(order["keeper_lock"], os.O_RDWR | os.O_CREAT, 0o600)
    # Blocks for the instant in which somebody asks whether the lock is held.
    fcntl.flock(alone, fcntl.LOCK_EX)
    users = os.open(order["users_lock"], os.O_RDWR | os.O_CREAT, 0o600)
    if os.fork():
        os._exit(0)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.chdir("/")
    keep(order, users)


if __name__ == "__main__":
    main()
