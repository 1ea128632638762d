"""Public pages for minutes on end, while they are edited: errors, stale pages, memory.

Run it against a running installation with the demo markets, where its AGORA_HOME or DATABASE_URL is
known, because the edits are made in the same database:

    python -m benchmarks.endurance --port 8000 --minutes 10

First the peak is measured: all pages of a market in its sitemaps, asked for as fast as they come.
Then half as many a second are asked for, at fixed times however late the answers are. Every few
seconds a listing gets another title, and its page and its category's are asked for until they show
it. What fails the run: an answer but 200, a page that shows the former title two seconds after the
change was committed, and memory of the server and its children that has grown by more than 5 %.
"""

import argparse
import asyncio
import re
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlmodel import select

from app.accounts.actors import system
from app.catalogue.editing import edit_listing
from app.catalogue.forms import form_of, listing_fields
from app.catalogue.models import Listing
from app.catalogue.taxonomy import category
from app.commands import ready_database
from app.database import close_engines, tenant_session
from app.markets.directory import MarketCard, market_by_key
from benchmarks.load import load
from benchmarks.pages.alone import ASKED, read
from benchmarks.pages.processes import listener

MARKET = "kazan"
CONNECTIONS = 8
EDIT_EVERY = 5.0
SOON = 2.0
"""Seconds after which no page may show what was there before."""
MOST_GROWTH = 1.05
WARM_SECONDS = 60.0
"""So long the program may take memory for what it has just begun to do."""


@dataclass
class Seen:
    """What was seen; times in milliseconds."""

    times: list[float] = field(default_factory=list[float])
    shown_after: list[float] = field(default_factory=list[float])
    memory: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    pages: int = 0
    """Pages that had to show an edit."""
    wrong: list[str] = field(default_factory=list[str])


def addresses(origin: str) -> list[str]:
    """Every page in the market's sitemaps."""
    maps = re.findall(r"<loc>([^<]+)</loc>", read(f"{origin}/sitemap.xml"))
    pages = [page for one in maps for page in re.findall(r"<loc>([^<]+)</loc>", read(one))]
    if not pages:
        raise SystemExit(f"There is no demo market at {origin}.")
    return pages


async def steadily(urls: list[str], rate: float, until: float, seen: Seen) -> None:
    """Ask for `rate` pages a second, each at its time."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    headers = {"accept": "text/html", "accept-encoding": "gzip"}
    port = urlsplit(urls[0]).port
    waiting: set[asyncio.Task[None]] = set()
    async with httpx.AsyncClient(limits=limits, headers=headers, timeout=30) as client:

        async def one(url: str) -> None:
            parts = urlsplit(url)
            began = time.perf_counter()
            try:
                there = f"http://127.0.0.1:{port}{parts.path}"
                answer = await client.get(there, headers={"host": parts.netloc})
                if answer.status_code != 200:
                    seen.wrong.append(f"{parts.path} answered {answer.status_code}")
            except httpx.HTTPError as error:
                seen.wrong.append(f"{parts.path}: {error!r}")
            seen.times.append((time.perf_counter() - began) * 1000)

        begun, number = time.monotonic(), 0
        while time.monotonic() < until:
            task = asyncio.create_task(one(urls[number % len(urls)]))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
            number += 1
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        await asyncio.gather(*waiting)


async def edited(market: MarketCard, origin: str, until: float, seen: Seen) -> None:
    """Change titles, and wait until pages show it."""
    async with tenant_session(market.id) as session:
        found = (await session.exec(select(Listing).order_by(Listing.slug).limit(20))).all()
    locale, number = market.default_locale, 0
    there = f"http://127.0.0.1:{urlsplit(origin).port}"
    async with httpx.AsyncClient(
        base_url=there, timeout=30, headers={"host": urlsplit(origin).netloc}
    ) as client:
        while time.monotonic() < until:
            one = found[number % len(found)]
            number += 1
            own, title = f"/{locale}/s/{one.slug}", f"Заново {number}"
            kind = category(one.category)
            assert kind is not None
            among = f"/{locale}/c/{kind.slug}"
            # Of a big category it may stand on another page.
            waiting = {own} | ({among} if own in (await client.get(among)).text else set())
            seen.pages += len(waiting)
            await _retitle(market, one, f"title.{locale}", title)
            changed = time.monotonic()
            while waiting:
                for path in list(waiting):
                    asked = time.monotonic()
                    if title in (await client.get(path)).text:
                        waiting.discard(path)
                    elif asked - changed > SOON:
                        seen.wrong.append(f"{path} is stale after {SOON} s")
                        waiting.discard(path)
            seen.shown_after.append((time.monotonic() - changed) * 1000)
            await asyncio.sleep(EDIT_EVERY)


async def _retitle(market: MarketCard, listing: Listing, name: str, title: str) -> None:
    actor = system(market.id, "endurance")
    async with tenant_session(market.id) as session:
        now = await session.get_one(Listing, listing.id)
        form = form_of(now, market.locales, market.default_locale) | {name: title}
        fields = listing_fields(form, market.locales)
        await edit_listing(session, actor, market, now.id, now.version, fields)


async def watched(pid: int, until: float, seen: Seen) -> None:
    """Note the memory of the server and its children."""
    while time.monotonic() < until:
        seen.memory.append((time.monotonic(), resident(pid)))
        await asyncio.sleep(2)


def resident(pid: int) -> int:
    """Kilobytes that a process and its children hold alone, and their share of what is shared."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    size = int(found[1]) if found else 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            if "postgres" not in Path(f"/proc/{child}/comm").read_text():
                size += resident(int(child))
    return size


async def measure(port: int, minutes: float) -> Seen:
    """Find the peak, then go on at half of it."""
    market = await market_by_key(MARKET)
    assert market is not None
    origin = f"http://{market.host}:{port}"
    urls = addresses(origin)
    await load(urls, seconds=10, connections=CONNECTIONS, headers=ASKED)
    peak = (await load(urls, seconds=15, connections=CONNECTIONS, headers=ASKED)).per_second
    print(f"{len(urls)} pages; peak {peak:,.0f} requests/s", flush=True)
    seen, until = Seen(), time.monotonic() + minutes * 60
    await asyncio.gather(
        steadily(urls, peak / 2, until, seen),
        edited(market, origin, until, seen),
        watched(listener(port), until, seen),
    )
    await close_engines()
    return seen


def main() -> None:
    """Print what was seen; ends as failed when something was wrong."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--port", type=int, default=8000)
    words.add_argument("--minutes", type=float, default=10.0)
    told = words.parse_args()
    with ready_database():
        seen = asyncio.run(measure(told.port, told.minutes))
    begun = seen.memory[0][0] + min(WARM_SECONDS, told.minutes * 20)
    steady = [size / 1024 for at, size in seen.memory if at > begun]
    fifth = max(1, len(steady) // 5)
    first, last = statistics.median(steady[:fifth]), statistics.median(steady[-fifth:])
    if last > first * MOST_GROWTH:
        seen.wrong.append(f"memory grew from {first:.0f} to {last:.0f} MB")
    quantiles, shown = statistics.quantiles(seen.times, n=100), seen.shown_after
    print(
        f"{len(seen.times):,} answers, p50 {quantiles[49]:.1f} ms, p95 {quantiles[94]:.1f} ms,"
        f" p99 {quantiles[98]:.1f} ms\n"
        f"{len(shown)} edits, shown on {seen.pages} pages after {statistics.median(shown):.0f} ms"
        f" (at most {max(shown):.0f})\n"
        f"memory {first:.0f} MB, then {last:.0f} MB\n{len(seen.wrong)} wrong"
    )
    for one in seen.wrong[:20]:
        print(one)
    sys.exit(1 if seen.wrong else 0)


if __name__ == "__main__":
    main()
