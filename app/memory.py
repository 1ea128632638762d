"""Memory that Python has freed, given back to the machine.

glibc keeps freed memory for the thread that used it, in up to eight arenas per processor. A server
with a pool of threads so holds what its busiest minute needed for as long as it lives. Two arenas
cost nothing that can be measured here (Python's own objects come from its own allocator, one
thread at a time), and a process that rests gives back what lies free.

Where the C library is not glibc, nothing here does anything.
"""

import asyncio
import ctypes
import gc
import time
from collections.abc import Awaitable, Callable

ARENAS = 2
M_ARENA_MAX = -8
"""The number of this setting in glibc's malloc.h."""
LOOK_EVERY = 10.0
LONG_REST = 3
"""How many looks in a row find a process at rest that rests for long."""
QUIET = 0.02
"""The share of a processor below which a process rests."""


def _from_glibc(name: str) -> Callable[..., int] | None:
    try:
        return getattr(ctypes.CDLL("libc.so.6"), name)
    except (OSError, AttributeError):
        return None


def keep_few_arenas() -> bool:
    """Have all threads share two arenas; to be called before there are many. Whether it worked."""
    mallopt = _from_glibc("mallopt")
    return mallopt is not None and mallopt(M_ARENA_MAX, ARENAS) == 1


def give_back() -> bool:
    """Collect what nothing holds any more and return what lies free. Whether any was returned.

    Takes some tens of milliseconds, in which nothing else runs.
    """
    gc.collect()
    trim = _from_glibc("malloc_trim")
    return trim is not None and trim(0) == 1


async def giving_back(resting: Callable[[], Awaitable[None]], every: float = LOOK_EVERY) -> None:
    """Give memory back whenever the process comes to rest after work, until cancelled.

    It rests when it used less than `QUIET` of a processor for `every` seconds. When it has rested
    three times as long, `resting` gives back what is costly to have again.
    """
    rests, used, at = 0, time.process_time(), time.monotonic()
    while True:
        await asyncio.sleep(every)
        now_used, now = time.process_time(), time.monotonic()
        busy = (now_used - used) / (now - at) >= QUIET
        used, at = now_used, now
        rests = 0 if busy else rests + 1
        if rests in (1, LONG_REST):
            if rests == LONG_REST:
                await resting()
            give_back()
            used = time.process_time()
