"""The files of the embedded Postgres: made whole or not at all, and looked at before a start."""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

from app.embedded import PartFailed
from app.embedded.keeper import STOP_SECONDS
from app.embedded.places import Runner

SUPERUSER = "postgres"
SPACE_TO_CREATE = 300_000_000
SPACE_TO_START = 50_000_000


def prepare(folder: Path, programs: Path, who: Runner, password: str) -> None:
    """Make the data folder when there is none; refuse one that this server cannot open."""
    data = folder / "data"
    free = shutil.disk_usage(folder).free
    if free < (SPACE_TO_START if data.exists() else SPACE_TO_CREATE):
        raise PartFailed(disk_full(folder))
    if data.exists():
        _refuse_other_version(data, programs, who)
        _forget_dead_server(data)
        return
    making = folder / "data.making"
    shutil.rmtree(making, ignore_errors=True)
    password_file = folder / "password"
    password_file.write_text(password)
    who.owns(password_file)
    try:
        who.run(
            *(str(programs / "initdb"), "-D", str(making), "-U", SUPERUSER),
            *("--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
        )
    except subprocess.CalledProcessError as error:
        if "No space left" in error.stderr:
            raise PartFailed(disk_full(folder)) from error
        last = (error.stderr.strip() or str(error)).splitlines()[-1]
        raise PartFailed(f"The embedded PostgreSQL could not make its data: {last}") from error
    finally:
        password_file.unlink()
    # Only a folder that was made whole gets the name that later starts trust.
    making.rename(data)


def _refuse_other_version(data: Path, programs: Path, who: Runner) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    brought = who.run(str(programs / "postgres"), "--version").stdout.split()[-1].split(".")[0]
    if made_by != brought:
        raise PartFailed(
            f"{data} was made by PostgreSQL {made_by} and this Agora brings {brought}; "
            "start the former version of Agora to export your data, or move that folder away "
            "to begin anew."
        )


def _forget_dead_server(data: Path) -> None:
    """Remove a pid file left by a crash; after a restart its number may belong to anyone.

    Called while no keeper runs. A server that outlived its keeper is told to stop first.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text().split("\n")
    pid = int(lines[0]) if lines[0].isdigit() else 0
    if pid and str(data) in _command_of(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 2)
        deadline = time.monotonic() + STOP_SECONDS
        while str(data) in _command_of(pid):
            if time.monotonic() > deadline:
                raise PartFailed(
                    f"Another PostgreSQL (process {pid}) uses {data} and does not stop; "
                    f"end it with: kill {pid}"
                )
            time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def _command_of(pid: int) -> str:
    """The command line of a process; empty when there is no such process."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    asked = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def disk_full(folder: Path) -> str:
    """What to say when nothing more can be written to `folder`."""
    return (
        f"The disk that holds {folder} is full; free at least "
        f"{SPACE_TO_CREATE // 1_000_000} MB, or set AGORA_HOME to a folder on another disk."
    )
