"""Every check, then every test; ends as failed when one fails or could not run.

The checks run two at a time and say what they found when they end. pytest comes last, twice at the
same time: the tests of the whole program mostly wait for it, which leaves the processors to all
others. What the others say is kept in a file and printed after, so that the last line is a count;
it repeats which checks failed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WHOLE = ("tests/e2e",)
"""The tests that start the program as `make up` does and look at it in a browser."""
PARTS = (
    "--numprocesses=3",
    "--dist=loadfile",
    "--no-loadscope-reorder",
    "--ignore=tests/e2e",
)
"""All others, each file in one of three processes with a database of its own, the long ones first.

Three on two processors, because tests of what is killed, cut off and waited for mostly wait.
"""
FAILED_CHECKS = "FAILED_CHECKS"
"""The variable by which pytest's summary learns which checks failed."""


EXEMPLARS = "import asyncio, app.search.exemplars as all; asyncio.run(all.exemplars())"
KEPT = ROOT / ".agora" / "tests"
"""Where `tests/kept.py` keeps what tests need and takes long to reckon."""


def run(name: str, *words: str, **environment: str) -> tuple[str, bool]:
    """Run one check to its end, then print what it said, if it failed."""
    began = time.monotonic()
    done = subprocess.run(
        words,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={
            **os.environ,
            "NO_COLOR": "1",
            "TERM": "dumb",
            "PYTHONWARNINGS": "ignore",
            **environment,
        },
    )
    well = done.returncode == 0
    said = "" if well else "\n" + done.stdout.rstrip()
    print(
        f"{'ok    ' if well else 'FAILED'} {name} ({time.monotonic() - began:.0f} s){said}",
        flush=True,
    )
    return name, well


def browser() -> tuple[str, bool]:
    """Make sure of a Chromium: an installed one, else Playwright's, else the system's package."""
    if any(shutil.which(name) for name in BROWSERS) or _playwright_has_one():
        return "browser", True
    playwright = str(BIN / "playwright")
    attempts: list[Sequence[str]] = [(playwright, "install", "--with-deps", "chromium")]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append(("apt-get", "update", "-qq"))
        attempts.append(("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"))
    else:
        attempts[0] = (playwright, "install", "chromium")
    for words in attempts:
        print(f"       browser: {' '.join(words[:1])} {words[1]}", flush=True)
        try:
            subprocess.run(words, check=False, capture_output=True, timeout=600)
        except subprocess.TimeoutExpired:
            continue
        if any(shutil.which(name) for name in BROWSERS) or _playwright_has_one():
            return "browser", True
    print(
        "FAILED browser: no Chromium is installed and none could be; install one "
        "(on Debian: sudo apt-get install chromium)",
        flush=True,
    )
    return "browser", False


def _playwright_has_one() -> bool:
    asked = "from playwright.sync_api import sync_playwright as p\n"
    asked += "with p() as q: print(q.chromium.executable_path)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    return told.returncode == 0 and Path(told.stdout.strip()).exists()


def checks() -> list[Callable[[], tuple[str, bool]]]:
    """The checks, the slow ones first, for two run at a time."""
    return [
        lambda: run("frontend builds", sys.executable, "-m", "app.cli", "build"),
        lambda: run("exemplars", sys.executable, "-c", EXEMPLARS, AGORA_HOME=str(KEPT)),
        lambda: run("types", str(BIN / "pyright")),
        browser,
        lambda: run("style", str(BIN / "ruff"), "check", "--no-cache", "."),
        lambda: run("format", str(BIN / "ruff"), "format", "--check", "."),
        lambda: run("directions between packages", str(BIN / "lint-imports"), "--no-cache"),
        lambda: run("catalogues", sys.executable, "scripts/catalogues.py", "--check"),
        lambda: run("Dockerfile", str(BIN / "hadolint"), "Dockerfile"),
    ]


def pytest(which: Sequence[str], failed: Sequence[str], said: IO[str] | None) -> Popen[bytes]:
    """Begin tests that write to `said`, or to where this program writes."""
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *which],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=said,
        env={**os.environ, FAILED_CHECKS: ", ".join(failed)},
    )


def tests(failed: Sequence[str]) -> list[int]:
    """Run all tests and return the exit statuses; `failed` names the checks that failed."""
    with tempfile.NamedTemporaryFile("w+", prefix="agora-tests-") as kept:
        parts = pytest(PARTS, failed, kept)
        try:
            whole = pytest(WHOLE, failed, None).wait()
            print("       now what the other tests said meanwhile, and say", flush=True)
            with open(kept.name, encoding="utf-8", errors="replace") as said:
                ended = False
                while not ended:
                    ended = parts.poll() is not None
                    sys.stdout.write(said.read())
                    sys.stdout.flush()
                    time.sleep(0.5)
        finally:
            if parts.poll() is None:
                parts.terminate()
        return [whole, parts.wait()]


def main() -> int:
    """Run what was asked for and return the exit status."""
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda check: check(), checks()))
    failed = [name for name, well in results if not well]
    if "--tests" not in sys.argv[1:]:
        return 1 if failed else 0
    print(f"       checks took {time.monotonic() - began:.0f} s; now the tests", flush=True)
    statuses = tests(failed)
    return max(statuses) or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
