"""The page cache: what was declared public, compressed, until it expires or is invalidated.

Only a render made from nothing but host, path and query is ever kept, so an entry cannot hold
what belongs to one visitor. While a page is rendered for the cache, later requests for it wait for
that render instead of starting their own; where its life time has only just ended, they get the
former page meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from app.rendering import measuring
from app.rendering.encodings import KEPT, PASSING, chosen, compress, decompress

logger = logging.getLogger(__name__)

Key = tuple[str, str, str]
"""Host in lower case, path, query string."""

STALE_SECONDS = 600.0
"""How long past its life time a page is still shown while a new one is made."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: status, headers, the HTML in each encoding asked for so far, and its validator.

    `things` names what it shows; without any it shows everything.
    """

    status: int
    headers: dict[str, str]
    bodies: dict[str, bytes]
    etag: str
    lifetime: float
    things: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        status: int,
        headers: dict[str, str],
        html: bytes,
        lifetime: float,
        things: Iterable[str] = (),
        accepted: str = "",
    ) -> Page:
        """Compute the validator of `html`, and compress it well if it is to be kept.

        `accepted` is the Accept-Encoding of who asks for it; most who come later take the same.
        """
        digest = hashlib.blake2b(html, digest_size=12).hexdigest()
        # What is sent once is compressed when it is known what the client takes.
        encoding = (chosen(accepted, KEPT) or KEPT[0]) if lifetime else ""
        bodies = {encoding: compress(encoding, html) if encoding else html}
        return cls(status, headers, bodies, f'W/"{digest}"', lifetime, frozenset(things))

    def body(self, accepted: str) -> tuple[str, bytes]:
        """The encoding chosen for an Accept-Encoding header ("" for none), and the body in it."""
        if (plain := self.bodies.get("")) is not None:
            encoding = chosen(accepted, PASSING) if plain else ""
            return encoding, compress(encoding, plain) if encoding else plain
        encoding = chosen(accepted, KEPT)
        if encoding and encoding not in self.bodies:
            self.bodies[encoding] = compress(encoding, self.html())
        return encoding, self.bodies[encoding] if encoding else self.html()

    def html(self) -> bytes:
        """The page without compression, for the rare client that takes none."""
        encoding, body = next(iter(self.bodies.items()))
        return decompress(encoding, body) if encoding else body

    @property
    def size(self) -> int:
        """About how many bytes keeping it takes, once it has been asked for in every encoding."""
        return len(KEPT) * len(next(iter(self.bodies.values())))


@dataclass(slots=True)
class _Entry:
    page: Page
    expires: float


class PageCache:
    """Pages by host, path and query; the least recently used go when the budget is used up."""

    def __init__(self, budget: int = 16 << 20, clock: Callable[[], float] = time.monotonic) -> None:
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
        return self._kept(key, 0.0)

    def stale(self, key: Key) -> Page | None:
        """The page if it is kept and expired no longer than `STALE_SECONDS` ago, or not at all.

        One that was invalidated is not kept: what somebody changed is never shown as it was.
        """
        return self._kept(key, STALE_SECONDS)

    def _kept(self, key: Key, grace: float) -> Page | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        past = self._clock() - entry.expires
        if past >= STALE_SECONDS:
            self._drop(key)
        if past >= grace:
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
        if page := self.stale(key):
            # Whoever asks first after the end of its life waits no longer than the others.
            task.add_done_callback(_note_failure)
            return page
        # A client that leaves must not cancel the render that others wait for.
        return await asyncio.shield(task)

    def invalidate(self, host: str | None = None, things: Collection[str] = ()) -> None:
        """Forget the pages of one host, whatever its port, or of all hosts.

        With `things` those pages stay that name what they show and show none of these. Renders
        under way are not kept in any case: what they show is not known yet.
        """

        def concerned(key: Key) -> bool:
            return host is None or key[0].partition(":")[0] == host

        def changed(page: Page) -> bool:
            return not things or not page.things or not page.things.isdisjoint(things)

        self._generation += 1
        for key in filter(concerned, list(self._entries)):
            if changed(self._entries[key].page):
                measuring.INVALIDATED.inc()
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
            elif page is None:
                # It is not public any more, so nobody may be shown what it was.
                self._drop(key)
            return page
        finally:
            if self._in_flight.get(key) is task:
                del self._in_flight[key]

    def _keep(self, key: Key, page: Page) -> None:
        self._drop(key)
        self._entries[key] = _Entry(page, self._clock() + page.lifetime)
        self._bytes += page.size
        while self._bytes > self._budget:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Key) -> None:
        if entry := self._entries.pop(key, None):
            self._bytes -= entry.page.size


def _note_failure(task: asyncio.Task[Page | None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.warning("A page could not be made anew; the former one is shown.", exc_info=error)


pages = PageCache()
"""The cache of this process."""
measuring.CACHE_BYTES.set_function(lambda: pages.size)
measuring.CACHE_PAGES.set_function(lambda: len(pages))


def invalidate_pages(*hosts: str, things: Collection[str] = ()) -> None:
    """Forget the kept pages of `hosts`, or of every host when none is given.

    With `things` only the pages that show one of them, and those that do not say what they show.

    Acts on this process; in others a page lives until the seconds it declared are over.
    """
    if not hosts:
        pages.invalidate()
    for host in hosts:
        pages.invalidate(host.lower().partition(":")[0], things)
