"""What the platform's list of markets costs where there are thousands.

    .venv/bin/python -m benchmarks.platform --markets 5000

Makes a database of its own with so many markets, and asks for pages of the list as
`/en/platform` does: the first, the middle and the last one, by a word, by a word that nothing
holds, and by a state. Then it reads the public page of the platform's home, and every market at
once, as nightly jobs do.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from benchmarks.database import own_database
from benchmarks.tenancy import fill


async def measure(markets: int, times: int) -> list[tuple[str, float, float, int]]:
    """For each question: its name, p50 and p95 in ms, and how many markets it found."""
    from app.accounts.actors import system  # noqa: PLC0415
    from app.accounts.permissions import Permission  # noqa: PLC0415
    from app.database import close_engines, tenant_session  # noqa: PLC0415
    from app.markets.directory import all_markets  # noqa: PLC0415
    from app.markets.figures import PAGE, markets_with_figures  # noqa: PLC0415
    from app.markets.platform import ensure_platform  # noqa: PLC0415
    from app.markets.showing import open_markets  # noqa: PLC0415

    home = await ensure_platform()
    owner = system(home.id, "benchmark", Permission.PLATFORM)
    last = -(-markets // PAGE)

    async def page(number: int = 1, words: str = "", state: str = "") -> int:
        async with tenant_session(home.id) as session:
            found = await markets_with_figures(
                session, owner, words=words, state=state, number=number
            )
        return found.total

    async def everybody() -> int:
        return len(await all_markets())

    async def shown(words: str = "") -> int:
        return (await open_markets(words)).total

    questions: dict[str, Callable[[], Awaitable[int]]] = {
        "first page": page,
        "page in the middle": lambda: page(last // 2),
        "last page": lambda: page(last),
        "by a word": lambda: page(words=f"m{markets // 2}"),
        "by a word that is nowhere": lambda: page(words="nowhere at all"),
        "suspended ones": lambda: page(state="suspended"),
        "the public page": shown,
        "the public page by a word": lambda: shown(f"m{markets // 2}"),
        "every card at once": everybody,
    }
    told: list[tuple[str, float, float, int]] = []
    for name, ask in questions.items():
        found = await ask()
        took: list[float] = []
        for _time in range(times):
            began = time.perf_counter()
            await ask()
            took.append((time.perf_counter() - began) * 1000)
        told.append((name, statistics.median(took), statistics.quantiles(took, n=20)[18], found))
    await close_engines()
    return told


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markets", type=int, default=5000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    asked = parser.parse_args()
    with own_database() as server:
        fill(server, asked.markets, asked.rows)
        print("| question | p50 ms | p95 ms | found |\n|---|---:|---:|---:|")
        for name, p50, p95, found in asyncio.run(measure(asked.markets, asked.times)):
            print(f"| {name} | {p50:.0f} | {p95:.0f} | {found:,} |")


if __name__ == "__main__":
    main()
