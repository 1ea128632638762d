"""The whole program as `make up` starts it, once for a run, with its demo markets."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.kept import share

ROOT = Path(__file__).parents[2]
PROXY = "127.0.0.77"
"""Who connects from here is the proxy in front of the program; everybody else is a visitor."""
TILES = "https://tiles.example.org"
"""Where maps of streets come from; no test lets a browser go there."""
READY_SECONDS = 600
"""A first start loads a thousand listings; with two cores that takes a minute or two."""


@dataclass
class Running:
    """The program of this run: where it answers, and what it said."""

    home: Path
    port: int
    process: "subprocess.Popen[str]"
    words: list[str] = field(default_factory=list[str])

    def address(self, market: str, path: str = "") -> str:
        """The address of a page of a demo market: `running.address("kazan", "/ru")`."""
        return f"http://{market}.localhost:{self.port}{path}"

    def account(self, market: str) -> tuple[str, str]:
        """E-mail and password of the demo member of a market."""
        for account in json.loads((self.home / "demo.json").read_text()):
            if account["market"] == market:
                return account["email"], account["password"]
        raise KeyError(market)

    def wait_for(self, words: str, seconds: float) -> None:
        """Wait until it says `words`; fails with what it said instead."""
        deadline = time.monotonic() + seconds
        while not any(words in line for line in list(self.words)):
            said = "".join(self.words)
            assert self.process.poll() is None, f"it ended:\n{said}"
            assert time.monotonic() < deadline, f"it did not say {words!r} in time:\n{said}"
            time.sleep(0.1)


def begin(home: Path, port: int, *words: str, **environment: str) -> Running:
    """Start the program and keep what it says; its caller stops it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "up", *words],
        cwd=ROOT,
        env=os.environ
        | {"AGORA_HOME": str(home), "PORT": str(port), "AGORA_LOCAL_SIGN_IN_WAYS": "true"}
        | {"AGORA_TRUSTED_PROXY_HOPS": "1", "AGORA_TRUSTED_PROXIES": PROXY}
        | {"AGORA_MAP_TILES": TILES + "/{z}/{x}/{y}.png"}
        | {"AGORA_MAP_CREDIT": "© OpenStreetMap contributors"}
        | NO_DATABASE
        | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Running(home, port, process)
    threading.Thread(target=_listen, args=(running,), daemon=True).start()
    return running


def end(running: Running, number: int = signal.SIGINT, seconds: float = 60) -> int:
    """Stop the program as Ctrl-C does, and return its exit status."""
    running.process.send_signal(number)
    try:
        return running.process.wait(seconds)
    finally:
        running.process.kill()
        running.process.wait()


# An empty value is as none: the program starts the embedded database, whatever the run uses.
NO_DATABASE = {"DATABASE_URL": "", "DATABASE_OWNER_URL": ""}


def _listen(running: Running) -> None:
    assert running.process.stdout is not None
    with running.process.stdout as words:
        for line in words:
            running.words.append(line)


def free_port() -> int:
    """A port on which nothing serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def own_home() -> Generator[Path]:
    """A data folder for the program, which the embedded database's user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="agora-e2e-"))
    folder.chmod(0o755)
    share(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def running(own_home: Path) -> Generator[Running]:
    """The program with its demo markets, ready to be visited."""
    program = begin(own_home, free_port())
    try:
        program.wait_for("Agora is ready", READY_SECONDS)
        yield program
        assert end(program) == 0, "".join(program.words)
    finally:
        program.process.kill()
        program.process.wait()


@pytest.fixture(scope="session")
async def _chromium() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def browser(_chromium: Browser) -> AsyncGenerator[Browser]:
    """Chromium: the installed one, else Playwright's; what a test opens in it ends with the test.

    One process serves all tests, which took a tenth of their time to start; a context shares
    neither cookies nor storage nor the cache with another.
    """
    yield _chromium
    for context in _chromium.contexts:
        await context.close()
