"""Two processes of the program serve one installation: one database, one Redis, one address."""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect

from app.embedded.postgres import Postgres, start
from tests.kept import share

from .conftest import ROOT, Running, begin, end, free_port
from .people import sign_up

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
MARKET, SECRET = "oslo", "one secret for both of these processes"
SOON = 2.0
"""Seconds within which a change shows wherever it is asked for."""


def redis_answers() -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", 6379), timeout=0.2):
        return True
    return False


pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not redis_answers(), reason="no Redis runs here"),
]


class Front:
    """The one address of both: passes each connection on to the process `to`, as a proxy does."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.to, self.port = ports, 0, free_port()
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "Front":
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """End all connections at once, as when the process behind is gone."""
        for writer in self._open:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_connection("127.0.0.1", self.ports[self.to])
        self._open |= {writer, behind[1]}
        await asyncio.gather(_copy(reader, behind[1]), _copy(behind[0], writer))
        self._open -= {writer, behind[1]}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    writer.close()


class Pair:
    """The two processes, and what an operator says beside them."""

    def __init__(self, home: Path, database: Postgres) -> None:
        self._home = home
        self.environment = {
            "DATABASE_URL": database.app_url,
            "DATABASE_OWNER_URL": database.owner_url,
            "AGORA_REDIS_URL": REDIS,
            "AGORA_SECRET_KEY": SECRET,
        }
        self.programs: list[Running] = []

    def begin(self, port: int) -> None:
        home = self._home / str(port)
        home.mkdir(mode=0o755)
        share(home)
        self.programs.append(begin(home, port, "--no-demo", **self.environment))

    def agora(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=ROOT,
            env=os.environ | {"AGORA_HOME": str(self.programs[0].home)} | self.environment,
            check=True,
            capture_output=True,
        )

    def plumber(self, title: str) -> None:
        """Import the market's one listing, by the name of `title`."""
        file = self._home / "listings.jsonl"
        row = {
            "external_id": "l-1",
            "category": "craft/plumber",
            "provider": {"name": "Night Pipes"},
            "title": {"en": title},
            "description": {"en": "Leaking taps and burst pipes are mended at any hour."},
        }
        file.write_text(json.dumps(row))
        self.agora("import", "listings", str(file), "--market", MARKET)

    def page(self, number: int, path: str) -> str:
        """What one of them answers."""
        answer = httpx.get(
            f"http://127.0.0.1:{self.programs[number].port}{path}",
            headers={"host": f"{MARKET}.localhost"},
        )
        return answer.raise_for_status().text


@pytest.fixture(scope="module")
def ports() -> list[int]:
    return [free_port(), free_port()]


@pytest.fixture
async def front(ports: list[int]) -> AsyncGenerator[Front]:
    async with Front(ports) as made:
        yield made


@pytest.fixture(scope="module")
def pair(ports: list[int]) -> Generator[Pair]:
    home = Path(tempfile.mkdtemp(prefix="agora-pair-"))
    home.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home)
        database = stack.enter_context(start(home / "database", hasty=True))
        made = Pair(home, database)
        for port in ports:
            made.begin(port)
            stack.callback(made.programs[-1].process.kill)
        for program in made.programs:
            program.wait_for("Agora is ready", 180)
        told = ("--name", "Oslo", "--locales", "en", "--currency", "EUR")
        made.agora("market", "create", MARKET, *told)
        made.plumber("Plumber at night")
        yield made
        for program in made.programs:
            assert end(program) == 0, "".join(program.words)


def test_a_change_shows_in_both_within_two_seconds(pair: Pair):
    link = re.search(r'href="(/en/s/[^"?]+)"', pair.page(0, "/en/c/craft-plumber"))
    assert link is not None
    paths = (link[1], "/en/c/craft-plumber", "/en")
    for number in (0, 1):
        for path in paths:
            assert "Plumber at night" in pair.page(number, path)
    pair.plumber("Plumber at dawn")
    changed = time.monotonic()
    waiting = {(number, path) for number in (0, 1) for path in paths}
    while waiting:
        assert time.monotonic() - changed < SOON, waiting
        waiting = {one for one in waiting if "Plumber at dawn" not in pair.page(*one)}


async def test_a_chat_goes_on_in_the_other_process_when_one_is_gone(
    pair: Pair, front: Front, browser: Browser
):
    context = await browser.new_context(base_url=f"http://{MARKET}.localhost:{front.port}")
    page = await context.new_page()
    await sign_up(page)
    said, answers = page.locator("[data-author=person]"), page.locator("[data-author=agent]")
    await page.locator("#message").fill("My tap is leaking, who comes at night?")
    await page.locator("#message").press("Enter")
    await expect(answers.first).to_contain_text("Plumber at", timeout=30_000)
    await expect(page.locator("#writing")).to_have_count(0)
    front.to = 1
    front.cut()
    await page.locator("#message").fill("And a plumber for a burst pipe?")
    await page.locator("#message").press("Enter")
    await expect(answers).to_have_count(2, timeout=30_000)
    await expect(said).to_have_count(2)
    await expect(page.locator("#writing")).to_have_count(0)
    # What one process is told is seen in a tab that the other serves.
    front.to = 0
    second = await context.new_page()
    await second.goto(page.url)
    await expect(second.locator("[data-author=agent]")).to_have_count(2)
    await page.locator("#message").fill("Thank you")
    await page.locator("#message").press("Enter")
    await expect(second.locator("[data-author=person]")).to_have_count(3, timeout=10_000)
    await expect(second.locator("[data-author=agent]")).to_have_count(3, timeout=30_000)
    assert await page.inner_text("#thread") == await second.inner_text("#thread")
