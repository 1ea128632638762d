"""Starts the PostgreSQL that a wheel carries, for an installation that has no other.

`start(home)` may be called by any number of processes at once: the first one starts the server,
the others join, and the last to leave, or to be killed, stops it (see `keeper`). Data stands in
`home/postgres`, passwords in `home/postgres.json`, the server's words in `home/postgres.log`.
"""

import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg

from app.embedded import PartFailed, keeper
from app.embedded.data import SUPERUSER, disk_full, prepare
from app.embedded.locks import held, locked, others_use
from app.embedded.places import Runner, binaries, data_folder, environment, runner
from app.embedded.roles import APP, DATABASE, OWNER, make_extensions, make_roles

START_SECONDS = 120
"""After a crash the server first replays its log, so it gets time."""
LOG_BYTES = 5_000_000

SMALL = {
    "listen_addresses": "127.0.0.1",
    # A socket's path may have 107 bytes, fewer than a folder deep in a home directory needs.
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "io_method": "sync",
    "autovacuum_max_workers": "1",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",
}
"""For a laptop: about 50 MB when idle, and no statement of a visitor in the log."""

HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests, whose data may be lost with the machine."""


@dataclass
class Postgres:
    """A running server that this process uses until `stop`."""

    app_url: str
    owner_url: str
    superuser_url: str
    folder: Path
    started: bool
    """Whether this call started the server, rather than joining one that ran."""
    _users: int
    _keeper_lock: Path

    def stop(self) -> None:
        """Leave the server; when nobody else uses it, wait until it has stopped."""
        if self._users < 0:
            return
        fcntl.flock(self._users, fcntl.LOCK_UN)
        deadline = time.monotonic() + 2 * keeper.STOP_SECONDS
        while held(self._keeper_lock) and time.monotonic() < deadline:
            if others_use(self._users):
                break
            time.sleep(0.05)
        os.close(self._users)
        self._users = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(home: Path, *, hasty: bool = False) -> Postgres:
    """Start the embedded server of `home`, or join it, and return how to reach it.

    The roles, the database and its extensions exist afterwards; tables come by migration. Raises
    `PartFailed` with what to do when it cannot be started. `hasty` gives up surviving a crash.
    """
    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with locked(home / "postgres.start.lock"):
            return _start(home, SMALL | (HASTY if hasty else {}))
    except PermissionError as error:
        raise PartFailed(
            f"Agora may not write to {error.filename or home}; "
            "give the folder to the user who runs Agora, or set AGORA_HOME to another."
        ) from error
    except OSError as error:
        if error.errno == 28:
            raise PartFailed(disk_full(home)) from error
        raise


def is_running(home: Path) -> bool:
    """Whether the embedded server of `home` runs now, started by whomever."""
    return held(home.absolute() / "postgres.keeper.lock")


def _start(home: Path, options: dict[str, str]) -> Postgres:
    keeper_lock = home / "postgres.keeper.lock"
    users = os.open(home / "postgres.users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # Waits here while the keeper is stopping a server that everyone has left.
        fcntl.flock(users, fcntl.LOCK_SH)
        _wait_while_stopping(keeper_lock, home)
        state = _state(home)
        running = held(keeper_lock)
        if not running:
            who = runner()
            state["folder"] = str(data_folder(home, who, state["mark"]))
            programs = binaries(Path(state["folder"]), who)
            prepare(Path(state["folder"]), programs, who, state["passwords"][SUPERUSER])
            state["port"] = _free_port()
            _write(home / "postgres.json", state)
            _spawn(home, programs, who, state, options)
        _wait_until_ready(home, state, keeper_lock)
        if not running or not state.get("complete"):
            with _connect(state, "postgres") as server:
                make_roles(server, state["passwords"])
            with _connect(state, DATABASE) as database:
                make_extensions(database)
            _write(home / "postgres.json", state | {"complete": True})
    except BaseException:
        os.close(users)
        raise
    return Postgres(
        app_url=_url(state, APP, DATABASE),
        owner_url=_url(state, OWNER, DATABASE),
        superuser_url=_url(state, SUPERUSER, DATABASE),
        folder=Path(state["folder"]),
        started=not running,
        _users=users,
        _keeper_lock=keeper_lock,
    )


def _wait_while_stopping(keeper_lock: Path, home: Path) -> None:
    """Let a keeper finish that was told to stop: it is there, but its server no longer is."""
    if not held(keeper_lock) or not (home / "postgres.json").exists():
        return
    state = _state(home)
    deadline = time.monotonic() + keeper.STOP_SECONDS
    while held(keeper_lock) and time.monotonic() < deadline:
        try:
            _connect(state, "postgres").close()
        except psycopg.OperationalError as error:
            if "the database system is starting up" in str(error):
                return
            time.sleep(0.2)
        else:
            return


def _state(home: Path) -> dict[str, Any]:
    path = home / "postgres.json"
    if path.exists():
        return json.loads(path.read_text())
    if (home / "postgres" / "data").exists():
        raise PartFailed(
            f"{home / 'postgres'} holds a database but {path}, its passwords, is missing; "
            f"restore that file, or move {home / 'postgres'} away to begin anew."
        )
    state = {
        "mark": secrets.token_hex(4),
        "passwords": {name: secrets.token_urlsafe(24) for name in (SUPERUSER, OWNER, APP)},
    }
    _write(path, state)
    return state


def _spawn(
    home: Path, programs: Path, who: Runner, state: dict[str, Any], options: dict[str, str]
) -> None:
    log = home / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    settings = options | {"port": str(state["port"])}
    command = [str(programs / "postgres"), "-D", str(Path(state["folder"]) / "data")]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    order = {
        "command": command,
        "environment": environment(),
        "identity": who.identity,
        "log": str(log),
        "users_lock": str(home / "postgres.users.lock"),
        "keeper_lock": str(home / "postgres.keeper.lock"),
    }
    log.touch(mode=0o600)
    state["log_from"] = log.stat().st_size
    subprocess.run(
        [sys.executable, "-I", "-S", str(Path(keeper.__file__))],
        input=json.dumps(order),
        text=True,
        check=True,
    )


def _wait_until_ready(home: Path, state: dict[str, Any], keeper_lock: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _connect(state, "postgres").close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PartFailed(
                    f"The passwords in {home / 'postgres.json'} do not fit the database; "
                    "restore that file from a backup."
                ) from error
            if not held(keeper_lock) or time.monotonic() > deadline:
                raise PartFailed(_why_not(home, state)) from error
            time.sleep(0.05)
        else:
            return


def _why_not(home: Path, state: dict[str, Any]) -> str:
    """Say in a sentence why the server ended, by what it wrote since it was started."""
    log = home / "postgres.log"
    words = log.read_bytes()[state.get("log_from", 0) :].decode(errors="replace")
    if "No space left" in words:
        return disk_full(Path(state["folder"]))
    said = [line for line in words.splitlines() if "FATAL" in line or "PANIC" in line]
    reason = said[0].partition("  ")[2] if said else "it did not answer in time"
    return f"The embedded PostgreSQL does not start: {reason}. Its log is {log}."


def _connect(state: dict[str, Any], database: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(_url(state, SUPERUSER, database), autocommit=True, connect_timeout=5)


def _url(state: dict[str, Any], user: str, database: str) -> str:
    password = state["passwords"][user]
    return f"postgresql://{user}:{password}@127.0.0.1:{state.get('port', 0)}/{database}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _write(path: Path, state: dict[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(state, file)
    draft.replace(path)
