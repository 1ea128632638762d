"""Every check, then every test; ends as failed when one fails or could not run.

The checks run two at a time and say what they found when they end. pytest comes last, so that the
last line is its count; it repeats which checks failed.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FAILED_CHECKS = "FAILED_CHECKS"
"""The variable by which pytest's summary learns which checks failed."""


def run(name: str, *words: str) -> tuple[str, bool]:
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
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", "PYTHONWARNINGS": "ignore"},
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
        lambda: run("types", str(BIN / "pyright")),
        browser,
        lambda: run("style", str(BIN / "ruff"), "check", "--no-cache", "."),
        lambda: run("format", str(BIN / "ruff"), "format", "--check", "."),
        lambda: run("directions between packages", str(BIN / "lint-imports"), "--no-cache"),
        lambda: run("catalogues", sys.executable, "scripts/catalogues.py", "--check"),
        lambda: run("Dockerfile", str(BIN / "hadolint"), "Dockerfile"),
    ]


def main() -> int:
    """Run what was asked for and return the exit status."""
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda check: check(), checks()))
    failed = [name for name, well in results if not well]
    if "--tests" not in sys.argv[1:]:
        return 1 if failed else 0
    print(f"       checks took {time.monotonic() - began:.0f} s; now the tests", flush=True)
    status = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, FAILED_CHECKS: ", ".join(failed)},
        check=False,
    ).returncode
    return status or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
