"""Probes of the page cache: a page kept for one host is never given to another."""

from itertools import product

import app.app as program
from app.rendering.cache import Page, PageCache
from app.rendering.state import PageRequest
from tests.isolation.handlers import PLACE
from tests.isolation.ledger import Ledger
from tests.isolation.world import World

KIND = "page"
QUERIES = ("", "q=tap")
AFTER = ("", ":80", ":8000")
HEADERS = ("x-forwarded-host", "forwarded", "x-host", "x-original-host", "origin", "referer")


def paths(world: World) -> list[str]:
    """An address of every page of the program, with slugs and ids of theirs in it."""
    slugs = {name: world.rows[name][0]["slug"] for name in ("listing", "provider", "article")}
    told = {"locale": "en", "splat": "x", **slugs}
    return [
        "/" + PLACE.sub(lambda found: told.get(found.group(1), world.their_person), route)
        for route in program.app._unevaluated_pages
    ]


async def probe(world: World, ledger: Ledger) -> None:
    """Keep pages of theirs, and ask for them with our host and every header that names theirs."""
    cache = PageCache()
    for path, query in product(paths(world), QUERIES):
        theirs = _request(path, query, world.theirs.host)
        page = Page.of(200, {}, world.canary.encode(), 60)

        async def made(page: Page = page) -> Page:
            return page

        await cache.shared(theirs.key, made)
        kept = cache.fresh(theirs.key)
        ledger.control(KIND, kept is not None, f"theirs read {path}")
        for after, name in (*((after, "") for after in AFTER), *(("", name) for name in HEADERS)):
            headers = {name: world.theirs.host} if name else {}
            for host in (world.ours.host, world.ours.host.upper(), "unknown.example"):
                ours = _request(path, query, host + after, **headers)
                got = cache.fresh(ours.key) or cache.fresh(ours.anonymous().key)
                ledger.probe(KIND, got is not None, f"{host} read {path}")
    held = len(cache)
    cache.invalidate(world.ours.host)
    ledger.probe(KIND, len(cache) != held, "ours threw their pages away")


def _request(path: str, query: str, host: str, **headers: str) -> PageRequest:
    return PageRequest(path, query, {"host": host, **headers})
