"""What is freed is given back to the machine once the process rests."""

import asyncio
import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app import memory

HELD = """
import ctypes, sys
from app import memory
libc = ctypes.CDLL("libc.so.6")
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 >> 20
held = []
for _ in range(40_000):
    block = libc.malloc(2000)
    ctypes.memset(block, 1, 2000)
    held.append(block)
last = libc.malloc(2000)
for block in held:
    libc.free(block)
before = resident()
gave = memory.give_back()
print(gave, before - resident())
"""

ARENAS = """
import ctypes, threading
from app import memory
assert memory.keep_few_arenas()
libc = ctypes.CDLL("libc.so.6")
libc.malloc.restype = ctypes.c_void_p
inside = threading.Barrier(9)
def work():
    libc.malloc(5000)
    inside.wait()
    inside.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
inside.wait()
libc.malloc_stats()
inside.wait()
[thread.join() for thread in threads]
"""


def said_by(program: str) -> subprocess.CompletedProcess[str]:
    """What a fresh process says that runs `program`; another's allocator is not ours to judge."""
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )


def test_what_lies_free_below_what_is_held_goes_back():
    gave, megabytes = said_by(HELD).stdout.split()
    assert gave == "True"
    assert int(megabytes) > 50


def test_eight_threads_share_two_arenas():
    # `malloc_stats` writes a paragraph for each arena.
    assert said_by(ARENAS).stderr.count("Arena") == memory.ARENAS


async def test_a_process_gives_back_once_when_it_rests_and_more_when_it_rests_for_long(
    monkeypatch: pytest.MonkeyPatch,
):
    given: list[str] = []
    monkeypatch.setattr(memory, "give_back", lambda: given.append("memory"))

    async def rest() -> None:
        given.append("connections")

    stop = threading.Event()
    worker = threading.Thread(target=lambda: [sum(range(999)) for _ in iter(stop.is_set, True)])
    worker.start()
    giving = asyncio.create_task(memory.giving_back(rest, every=0.2))
    await asyncio.sleep(1)
    assert given == []
    stop.set()
    worker.join()
    await asyncio.sleep(2)
    assert given == ["memory", "connections", "memory"]
    giving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await giving
