"""Pages go to the renderer that has the least to do."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import pytest

from app.rendering.pool import RendererPool
from app.rendering.renderer import Renderer

# Speaks the renderer's frames and answers with its own process id, after as many milliseconds as
# the message says.
SCRIPT = """
const send = (id, text) => {
  const body = Buffer.from(text), head = Buffer.allocUnsafe(10);
  head.writeUInt32BE(body.length + 6, 0); head.writeUInt32BE(id, 4); head.writeUInt16BE(200, 8);
  process.stdout.write(Buffer.concat([head, body]));
};
let buffer = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  while (buffer.length >= 4) {
    const length = buffer.readUInt32BE(0);
    if (buffer.length < 4 + length) break;
    const id = buffer.readUInt32BE(4), wait = Number(buffer.toString("utf8", 8, 4 + length));
    setTimeout(() => send(id, String(process.pid)), wait);
    buffer = buffer.subarray(4 + length);
  }
});
process.stdin.on("end", () => process.exit(0));
send(0, "ready");
"""


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncGenerator[RendererPool]:
    script = tmp_path / "renderer.mjs"
    script.write_text(SCRIPT)
    made = RendererPool([Renderer(script, script) for _ in range(2)])
    await made.start()
    yield made
    await made.stop()


async def test_two_pages_at_once_are_rendered_by_two(pool: RendererPool):
    assert len(set(await asyncio.gather(pool.render(b"200"), pool.render(b"200")))) == 2


async def test_who_is_busy_gets_no_more(pool: RendererPool):
    slow = asyncio.create_task(pool.render(b"2000"))
    await asyncio.sleep(0.05)
    quick = {await pool.render(b"0") for _ in range(6)}
    assert len(quick) == 1
    assert await slow not in quick


async def test_a_renderer_that_was_killed_costs_no_page(pool: RendererPool):
    first = int(await pool.render(b"0"))
    os.kill(first, signal.SIGKILL)
    pages = await asyncio.gather(*(pool.render(b"5") for _ in range(20)))
    assert len(pages) == 20
    assert str(first).encode() not in pages


async def test_renderers_that_rendered_are_renewed_when_they_rest(pool: RendererPool):
    before = {
        await pool.render(b"0"),
        *await asyncio.gather(pool.render(b"50"), pool.render(b"50")),
    }
    renewing = asyncio.create_task(pool.renewing(0.2))
    try:
        # Pages are asked for all the while, and none is lost by it.
        slow = [await pool.render(b"150") for _ in range(3)]
        await asyncio.sleep(1.5)
        after = set(await asyncio.gather(pool.render(b"50"), pool.render(b"50")))
    finally:
        renewing.cancel()
    assert len(slow) == 3
    assert len(after) == 2
    assert not after & before


async def test_one_that_rendered_nothing_is_left_as_it_is(tmp_path: Path):
    script = tmp_path / "renderer.mjs"
    script.write_text(SCRIPT)
    renderer = Renderer(script, script)
    await renderer.start()
    try:
        first = renderer.pid
        assert not await renderer.renew(0)
        assert int(await renderer.render(b"0")) == first
        assert not await renderer.renew(60)
        assert await renderer.renew(0)
        assert renderer.pid not in (None, first)
        assert not await renderer.renew(0)
    finally:
        await renderer.stop()


async def test_one_whose_renewal_is_broken_off_goes_on_alone(tmp_path: Path):
    script = tmp_path / "renderer.mjs"
    script.write_text(SCRIPT)
    renderer = Renderer(script, script)
    await renderer.start()
    try:
        first = int(await renderer.render(b"0"))
        # From now on a child never says that it is ready.
        script.write_text(SCRIPT.replace('send(0, "ready");', ""))
        renewal = asyncio.create_task(renderer.renew(0))
        while len(children := running(script)) < 2:  # noqa: ASYNC110  No event tells of it.
            await asyncio.sleep(0.02)
        renewal.cancel()
        await asyncio.gather(renewal, return_exceptions=True)
        async with asyncio.timeout(5):
            while len(running(script)) > 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert first in children
        assert running(script) == [first]
        assert int(await renderer.render(b"0")) == first
    finally:
        await renderer.stop()


def running(script: Path) -> list[int]:
    """The processes that run a script."""
    found: list[int] = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdecimal() and str(script) in (process / "cmdline").read_text():
                found.append(int(process.name))
    return found


def test_a_pool_of_none_is_refused():
    with pytest.raises(ValueError, match="needs a renderer"):
        RendererPool([])
