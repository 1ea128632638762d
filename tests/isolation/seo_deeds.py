"""What search engines read of ours and are told of it; see `deeds`."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from app.accounts.actors import system
from app.api.addresses import site_of
from app.database import tenant_session
from app.jobs.queue import enqueue
from app.markets.index_now import KIND
from tests.isolation.asking import answer
from tests.isolation.deeds import done
from tests.isolation.world import World


async def _sitemaps(world: World) -> None:
    index = await answer("GET", "/sitemap.xml", world.ours.host)
    for address in re.findall(r"<loc>([^<]+)</loc>", index.text):
        await answer("GET", urlsplit(address).path, world.ours.host)
    # An index that is remembered counts nothing.
    site = await site_of(world.ours.host)
    for section in site.sections.values() if site else ():
        await section.parts()


async def _telling(world: World) -> None:
    """The job that tells of pages, named theirs; no host here is on the web, so nobody is told."""
    told = {f"{table}s": [world.rows[table][0]["id"]] for table in ("listing", "article")}
    async with tenant_session(world.ours.id) as session:
        job = await enqueue(session, system(world.ours.id, "tests"), KIND, told)
    await done(world, str(job))


SEO_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/addresses.py": _sitemaps,
    "app/indexing/telling.py": _telling,
}
"""By the file whose places a deed reaches."""
