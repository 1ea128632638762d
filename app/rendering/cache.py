"""The page cache: what was declared public, compressed, until it expires or is invalidated.

Only a render made from nothing but host, path and query is ever kept, so an entry cannot hold
what belongs to one visitor. While a page is rendered for the cache, later requests for it wait for
that render instead of starting their own.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Key = tuple[str, str, str]
"""Host in lower case, path, query string."""

# Gzip level 6 costs about 0.4 ms for a page of 40 KB and is paid once per render.
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: status, headers, the gzipped HTML and its validator."""

    status: int
    headers: dict[str, str]
    compressed: bytes
    etag: str
    lifetime: float

    @classmethod
    def of(cls, status: int, headers: dict[str, str], html: bytes, lifetime: float) -> Page:
        """Compress `html` and compute its validator."""
        digest = hashlib.blake2b(html, digest_size=12).hexdigest()
        compressed = gzip.compress(html, _LEVEL, mtime=0)
        return cls(status, headers, compressed, f'W/"{digest}"', lifetime)

    def html(self) -> bytes:
        """The page without compression, for the rare client that does not take gzip."""
        return gzip.decompress(self.compressed)


@dataclass(slots=True)
class _Entry:
    page: Page
    expires: float


class PageCache:
    """Pages by host, path and query; the least recently used go when the budget is used up."""

    def __init__(self, budget: int = 32 << 20, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep at most `budget` bytes of compressed pages."""
        self._budget = budget
        self._clock = clock
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._bytes = 0
        self._in_flight: dict[Key, asyncio.Task[Page | None]] = {}
        self._generation = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes of compressed pages that are kept."""
        return self._bytes

    def fresh(self, key: Key) -> Page | None:
        """The page if it is kept and has not expired."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.expires <= self._clock():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry.page

    async def shared(self, key: Key, render: Callable[[], Awaitable[Page | None]]) -> Page | None:
        """The kept page, or the one that a single `render` makes for all who wait.

        `render` returns None when the page turns out not to be public; nobody may share it then.
        """
        if page := self.fresh(key):
            return page
        task = self._in_flight.get(key)
        if task is None:
            task = asyncio.ensure_future(self._fill(key, render))
            self._in_flight[key] = task
        # A client that leaves must not cancel the render that others wait for.
        return await asyncio.shield(task)

    def invalidate(self, host: str | None = None) -> None:
        """Forget the pages of one host, whatever its port, or of all hosts.

        Renders under way are not kept either.
        """

        def concerned(key: Key) -> bool:
            return host is None or key[0].partition(":")[0] == host

        self._generation += 1
        for key in filter(concerned, list(self._entries)):
            self._drop(key)
        # Who asks from now on must not wait for a render that began before the change.
        for key in filter(concerned, list(self._in_flight)):
            del self._in_flight[key]

    async def _fill(self, key: Key, render: Callable[[], Awaitable[Page | None]]) -> Page | None:
        generation = self._generation
        task = asyncio.current_task()
        try:
            page = await render()
            if page is not None and generation == self._generation:
                self._keep(key, page)
            return page
        finally:
            if self._in_flight.get(key) is task:
                del self._in_flight[key]

    def _keep(self, key: Key, page: Page) -> None:
        self._drop(key)
        self._entries[key] = _Entry(page, self._clock() + page.lifetime)
        self._bytes += len(page.compressed)
        while self._bytes > self._budget:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Key) -> None:
        if entry := self._entries.pop(key, None):
            self._bytes -= len(entry.page.compressed)


pages = PageCache()
"""The cache of this process."""


def invalidate_pages(*hosts: str) -> None:
    """Forget the kept pages of `hosts`, or of every host when none is given.

    Acts on this process; in others a page lives until the seconds it declared are over.
    """
    if not hosts:
        pages.invalidate()
    for host in hosts:
        pages.invalidate(host.lower().partition(":")[0])
