"""The listing page beside the same page in Next.js: one machine, one database, one run."""

import asyncio
import os
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from app.embedded import parts
from benchmarks.inference import worked
from benchmarks.load import Load, load
from benchmarks.pages import next_app
from benchmarks.pages.alone import ASKED, HOST, listing_path, read, stylesheet, unseen
from benchmarks.pages.markup import differences
from benchmarks.pages.processes import family, listener

WARM_REQUESTS, WARM_SECONDS = 1_000, 20.0


@dataclass
class Side:
    """One way of making a page: where it is asked for, and what was measured in each round.

    With `anew` no address is asked for twice, so that every page has to be made.
    """

    name: str
    url: str
    pid: int
    anew: bool = False
    told: list[Load] = field(default_factory=list[Load])
    worked: list[float] = field(default_factory=list[float])
    busy: list[float] = field(default_factory=list[float])

    def urls(self) -> list[str]:
        """What to ask for next."""
        return unseen(self.url) if self.anew else [self.url]

    async def warm(self) -> None:
        """Ask until what is compiled while it runs has been, or for as long as is bearable."""
        asked, until = 0, time.monotonic() + WARM_SECONDS
        while asked < WARM_REQUESTS and time.monotonic() < until:
            asked += (await load(self.urls(), seconds=2.0, headers=ASKED)).requests

    async def measure(self, seconds: float) -> None:
        """Ask for `seconds` and note what it took, with the load that the machine had before."""
        self.busy.append(os.getloadavg()[0])
        before = worked(self.pid)
        figures = await load(self.urls(), seconds=seconds, headers=ASKED)
        self.worked.append((worked(self.pid) - before) * 1000 / figures.requests)
        self.told.append(figures)

    def row(self) -> str:
        """The medians over the rounds, as a row of the table."""
        middle = statistics.median
        return (
            f"| {self.name} | {middle(one.per_second for one in self.told):,.0f}"
            f" | {middle(one.p50 for one in self.told):.1f}"
            f" | {middle(one.p95 for one in self.told):.1f}"
            f" | {middle(self.worked):.2f} | {self.told[0].size:,}"
            f" | {min(self.busy):.1f} to {max(self.busy):.1f} |"
        )


def measure(port: int, seconds: float, rounds: int, processes: int) -> None:
    """Build, compare, measure both in turn, and print."""
    origin = f"http://{HOST}:{port}"
    path = listing_path(origin)
    ours = read(origin + path)
    with (
        parts.database(),
        tempfile.TemporaryDirectory(prefix="agora-pages-") as folder,
    ):
        next_app.give(HOST, origin, stylesheet(ours))
        next_app.build()
        with next_app.serving(processes, Path(folder) / "next.log") as (theirs, pid):
            next_origin = f"http://127.0.0.1:{theirs}"
            for kind in ("dynamic", "isr"):
                if found := differences(ours, read(f"{next_origin}/{kind}{path}")):
                    raise SystemExit(f"Next's {kind} page is another page:\n" + "\n".join(found))
            server = listener(port)
            print(f"Ours: {', '.join(family(server))}. Next: {', '.join(family(pid))}.\n")
            pairs = [
                (
                    Side("ours, uncached", origin + path, server, anew=True),
                    Side("Next, dynamic", f"{next_origin}/dynamic{path}", pid, anew=True),
                ),
                (
                    Side("ours, cached", origin + path, server),
                    Side("Next, ISR", f"{next_origin}/isr{path}", pid),
                ),
            ]
            asyncio.run(_rounds(pairs, seconds, rounds))
            _check_kept(f"{next_origin}/isr{path}")
    print("| page | requests/s | p50 ms | p95 ms | CPU ms a request | bytes sent | load |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for pair in pairs:
        for side in pair:
            print(side.row())
    for one, other in pairs:
        print(f"\n{one.name} beside {other.name}: {_ratios(one, other)}")


async def _rounds(pairs: list[tuple[Side, Side]], seconds: float, rounds: int) -> None:
    for pair in pairs:
        for side in pair:
            await side.warm()
    for number in range(rounds):
        for pair in pairs:
            for side in pair if number % 2 else pair[::-1]:
                await side.measure(seconds)


def _check_kept(url: str) -> None:
    """Next says of a page whether it was kept; one that never is would be no ISR."""
    with urlopen(url, timeout=30) as answer:
        if answer.headers.get("x-nextjs-cache") not in ("HIT", "STALE"):
            raise SystemExit("Next did not keep its ISR page.")


def _ratios(ours: Side, theirs: Side) -> str:
    """Medians of the ratios within each round, and the least and most of them."""

    def told(values: list[float]) -> str:
        return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"

    both = list(zip(ours.told, theirs.told, strict=True))
    return (
        f"{told([one.per_second / other.per_second for one, other in both])} of its requests/s, "
        f"{told([one.p95 / other.p95 for one, other in both])} of its p95, "
        f"{told([a / b for a, b in zip(ours.worked, theirs.worked, strict=True)])} of its CPU."
    )
