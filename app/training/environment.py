"""Environments for what the web process must never import, made from a lock with hashes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from app.errors import AppError

STAMP = "made-from"


class NotInstalled(AppError):
    """The packages could not be installed, or have not been yet."""


def made_from(lock: Path, folder: Path) -> Path:
    """The Python of the environment in `folder`, which is made anew where `lock` has changed."""
    python = folder / "bin" / "python"
    if is_current(lock, folder):
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    uv = str(Path(sys.executable).parent / "uv")
    install = (uv, "pip", "install", "--require-hashes", "--no-deps", "--python", str(python))
    for words in ((uv, "venv", "--python", sys.executable, str(folder)), (*install, "-r", lock)):
        if subprocess.call(words, env=_where()) != 0:
            raise NotInstalled("The packages of %(lock)s could not be installed.", lock=lock.name)
    # Written last: an environment that was only half made is made anew.
    (folder / STAMP).write_bytes(lock.read_bytes())
    return python


def is_current(lock: Path, folder: Path) -> bool:
    """Whether the environment in `folder` was made from `lock` as it is now."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_bytes() == lock.read_bytes()


def _where() -> dict[str, str]:
    """pip's variables are understood by people who set up machines; uv has names of its own."""
    told = dict(os.environ)
    for ours, theirs in (("UV_FIND_LINKS", "PIP_FIND_LINKS"), ("UV_INDEX_URL", "PIP_INDEX_URL")):
        if theirs in told:
            told.setdefault(ours, told[theirs])
    return told
