"""The page cache: who may share a render, and for how long."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import brotli  # pyright: ignore[reportMissingTypeStubs]

from app.rendering.cache import STALE_SECONDS, Key, Page, PageCache

KEY: Key = ("kazan.localhost:8000", "/ru", "")
OTHER: Key = ("madrid.localhost", "/es", "")


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Render:
    """Renders slowly and counts."""

    def __init__(self, text: str = "page", lifetime: float = 60) -> None:
        self.count = 0
        self.text = text
        self.lifetime = lifetime
        self.started = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self) -> Page | None:
        self.count += 1
        self.started.set()
        number = self.count
        await self.go.wait()
        return Page.of(200, {}, f"{self.text} {number}".encode(), self.lifetime)


async def test_a_kept_page_is_served_until_it_expires():
    clock = Clock()
    cache = PageCache(clock=clock)
    render = Render()
    render.go.set()
    await cache.shared(KEY, render)
    clock.now = 59
    kept = cache.fresh(KEY)
    assert kept is not None
    assert kept.html() == b"page 1"
    clock.now = 60
    assert cache.fresh(KEY) is None
    clock.now = 60 + STALE_SECONDS
    assert cache.fresh(KEY) is None
    assert cache.size == 0


async def test_many_visitors_wait_for_one_render():
    cache = PageCache()
    render = Render()
    waiting = [asyncio.create_task(cache.shared(KEY, render)) for _ in range(50)]
    await asyncio.sleep(0)
    render.go.set()
    pages = await asyncio.gather(*waiting)
    assert render.count == 1
    assert {page.html() for page in pages if page} == {b"page 1"}


async def test_a_visitor_who_leaves_does_not_stop_the_render_for_others():
    cache = PageCache()
    render = Render()
    leaves = asyncio.create_task(cache.shared(KEY, render))
    stays = asyncio.create_task(cache.shared(KEY, render))
    await asyncio.sleep(0)
    leaves.cancel()
    await asyncio.sleep(0)
    render.go.set()
    page = await stays
    assert page is not None
    assert page.html() == b"page 1"


async def test_a_page_that_is_not_public_is_not_kept():
    cache = PageCache()

    async def private() -> None:
        return None

    assert await cache.shared(KEY, private) is None
    assert len(cache) == 0


async def test_a_failing_render_fails_for_those_who_wait_and_is_forgotten():
    cache = PageCache()

    async def failing() -> Page | None:
        raise RuntimeError("broken")

    results = await asyncio.gather(
        cache.shared(KEY, failing), cache.shared(KEY, failing), return_exceptions=True
    )
    assert all(isinstance(result, RuntimeError) for result in results)
    render = Render()
    render.go.set()
    assert await cache.shared(KEY, render) is not None


async def test_an_expired_page_is_shown_while_it_is_made_anew():
    clock = Clock()
    cache, render = PageCache(clock=clock), Render()
    render.go.set()
    await cache.shared(KEY, render)
    clock.now = 61
    again = Render("again")
    shown = await asyncio.wait_for(cache.shared(KEY, again), 1)
    assert shown is not None
    assert shown.html() == b"page 1"
    await again.started.wait()
    # Others ask meanwhile; one render is enough.
    await cache.shared(KEY, again)
    again.go.set()
    await asyncio.sleep(0.01)
    assert again.count == 1
    shown = cache.fresh(KEY)
    assert shown is not None
    assert shown.html() == b"again 1"


async def test_a_page_that_expired_long_ago_is_not_shown():
    clock = Clock()
    cache, render = PageCache(clock=clock), Render()
    render.go.set()
    await cache.shared(KEY, render)
    clock.now = 60 + STALE_SECONDS
    page = await cache.shared(KEY, render)
    assert page is not None
    assert page.html() == b"page 2"


async def test_what_was_changed_is_never_shown_as_it_was():
    cache, render = PageCache(), Render()
    render.go.set()
    await cache.shared(KEY, render)
    cache.invalidate("kazan.localhost")
    assert cache.stale(KEY) is None


async def test_a_former_page_outlives_a_failure_and_goes_when_it_is_public_no_more():
    clock = Clock()
    cache, render = PageCache(clock=clock), Render()
    render.go.set()
    await cache.shared(KEY, render)
    clock.now = 61

    async def failing() -> Page | None:
        raise RuntimeError

    async def private() -> Page | None:
        return None

    assert await cache.shared(KEY, failing) is not None
    await asyncio.sleep(0.01)
    assert cache.stale(KEY) is not None
    assert await cache.shared(KEY, private) is not None
    await asyncio.sleep(0.01)
    assert cache.stale(KEY) is None


async def test_hosts_do_not_share_pages():
    cache = PageCache()
    render = Render()
    render.go.set()
    await cache.shared(KEY, render)
    assert cache.fresh(("berlin.localhost", KEY[1], KEY[2])) is None


async def test_invalidating_a_host_forgets_its_pages_only():
    cache = PageCache()
    render = Render()
    render.go.set()
    await cache.shared(KEY, render)
    await cache.shared(OTHER, render)
    cache.invalidate("kazan.localhost")
    assert cache.fresh(KEY) is None
    assert cache.fresh(OTHER) is not None
    cache.invalidate()
    assert len(cache) == 0


async def test_a_change_of_some_things_forgets_the_pages_that_show_them():
    cache = PageCache()
    shown: dict[str, tuple[str, ...]] = {
        "/s/tap": ("listing:tap", "category:plumber"),
        "/c/plumber": ("category:plumber", "listing:tap", "listing:bath"),
        "/c/florist": ("category:florist",),
        "/privacy": (),
    }

    def render(path: str) -> Callable[[], Awaitable[Page | None]]:
        async def made() -> Page | None:
            return Page.of(200, {}, b"page", 60, shown[path])

        return made

    for path in shown:
        await cache.shared((KEY[0], path, ""), render(path))
    cache.invalidate("kazan.localhost", ["listing:bath", "home"])
    assert {path for path in shown if cache.fresh((KEY[0], path, ""))} == {"/s/tap", "/c/florist"}
    cache.invalidate("berlin.localhost", ["listing:tap"])
    assert cache.fresh((KEY[0], "/s/tap", "")) is not None
    cache.invalidate("kazan.localhost")
    assert len(cache) == 0


async def test_a_render_that_began_before_a_change_is_neither_kept_nor_waited_for():
    cache = PageCache()
    old, new = Render("old"), Render("new")
    before = asyncio.create_task(cache.shared(KEY, old))
    await old.started.wait()
    cache.invalidate("kazan.localhost")
    after = asyncio.create_task(cache.shared(KEY, new))
    await new.started.wait()
    old.go.set()
    await before
    assert cache.fresh(KEY) is None
    new.go.set()
    page = await after
    assert page is not None
    assert page.html() == b"new 1"
    kept = cache.fresh(KEY)
    assert kept is not None
    assert kept.html() == b"new 1"


async def test_the_least_recently_used_pages_make_room():
    page = Page.of(200, {}, bytes(range(256)) * 40, 60)
    cache = PageCache(budget=3 * page.size)

    async def render() -> Page | None:
        return page

    keys: list[Key] = [("a.localhost", f"/{number}", "") for number in range(3)]
    for key in keys:
        await cache.shared(key, render)
    cache.fresh(keys[0])
    await cache.shared(("a.localhost", "/next", ""), render)
    assert cache.fresh(keys[0]) is not None
    assert cache.fresh(keys[1]) is None
    assert cache.size <= 3 * page.size


def test_a_page_is_compressed_as_it_is_asked_for_and_once():
    html = b"<p>" + b"tap " * 500
    page = Page.of(200, {}, html, 60, accepted="gzip")
    assert page.bodies.keys() == {"gzip"}
    size = page.size
    encoding, body = page.body("gzip, br")
    assert (encoding, bytes(brotli.decompress(body))) == ("br", html)
    assert page.body("br")[1] is body
    assert gzip.decompress(page.body("gzip")[1]) == html
    assert page.body("identity") == ("", html)
    assert page.size == size, "what a page counts as must not change while it is kept"
