"""The page cache: who may share a render, and for how long."""

import asyncio

from app.rendering.cache import Key, Page, PageCache

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
    cache = PageCache(budget=3 * len(page.compressed))

    async def render() -> Page | None:
        return page

    keys: list[Key] = [("a.localhost", f"/{number}", "") for number in range(3)]
    for key in keys:
        await cache.shared(key, render)
    cache.fresh(keys[0])
    await cache.shared(("a.localhost", "/next", ""), render)
    assert cache.fresh(keys[0]) is not None
    assert cache.fresh(keys[1]) is None
    assert cache.size <= 3 * len(page.compressed)
