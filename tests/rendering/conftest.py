"""The small app of `tests/fixtures/rendered`, built and served once for a run."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from app.rendering.build import ROOT, build_frontend

SOURCE = Path(__file__).parents[1] / "fixtures" / "rendered"


@dataclass(frozen=True)
class Shop:
    """The running fixture app."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it answers; every `*.localhost` name leads here."""
        return f"http://shop.localhost:{self.port}"

    def renderer(self) -> int:
        """The process id of its Node child."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return int(children.split()[0])


@pytest.fixture(scope="session")
def shop(pytestconfig: pytest.Config) -> Generator[Shop]:
    """Build the app where pytest keeps things between runs, so that it is built once."""
    assert pytestconfig.cache is not None
    root = pytestconfig.cache.mkdir("rendered-app")
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copytree(
            SOURCE, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PYTHONPATH", str(ROOT))
            build_frontend(root=root, sources=("rxconfig.py", "shop/*.py"))
    log = root / f"server-{os.getpid()}.log"
    port = _free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(root), str(port)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{ROOT}"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        running = Shop(port, process, log)
        _wait_until_it_answers(running)
        yield running
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
        log.unlink(missing_ok=True)


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    """Chromium: the installed one, else Playwright's."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"],
        )
        yield browser
        await browser.close()


_SERVE = """
import sys
from pathlib import Path
from app.rendering.serve import serve
serve(int(sys.argv[2]), "127.0.0.1", Path(sys.argv[1]))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(shop: Shop) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if shop.process.poll() is not None:
            break
        try:
            httpx.get(f"http://127.0.0.1:{shop.port}/en/item/first", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"The app did not start:\n{shop.log.read_text()}")
