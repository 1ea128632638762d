"""How fast a market's pages are, and how light.

Run against a running installation with the demo markets:

    python -m benchmarks.pages --port 8000

measures pages beside a static file of the same server, which goes through the same network stack,
so that the ratio holds on another machine.

    python -m benchmarks.pages --port 8000 --next

builds the listing page written in Next.js (`benchmarks/pages/nextjs`), refuses to go on unless it
shows what ours shows, and measures both in turn, in several rounds: cached and made anew, with as
many processes on both sides. It has to run where the installation's AGORA_HOME or DATABASE_URL is
known, for both read the same database.

    python -m benchmarks.pages --port 8000 --weight

says what a browser loads of a listing's page before the first input, and

    python -m benchmarks.pages --port 8000 --lighthouse

what Lighthouse says of the Berlin market's pages. All print Markdown tables.
"""

import argparse
import asyncio

from benchmarks.pages import against_next, alone, lighthouse, weight


def main() -> None:
    """Measure what was asked for and print it."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--port", type=int, default=8000, help="where the installation answers")
    words.add_argument("--seconds", type=float, default=5.0, help="for each kind of page")
    words.add_argument("--next", action="store_true", help="beside the same page in Next.js")
    words.add_argument("--weight", action="store_true", help="what a browser loads")
    words.add_argument("--lighthouse", action="store_true", help="what Lighthouse says")
    words.add_argument("--rounds", type=int, default=5, help="with --next and --lighthouse")
    words.add_argument(
        "--processes", type=int, default=2, help="of Next; as many as ours (server and renderer)"
    )
    told = words.parse_args()
    if told.next:
        against_next.measure(told.port, told.seconds, told.rounds, told.processes)
    elif told.weight:
        asyncio.run(weight.measure(told.port))
    elif told.lighthouse:
        lighthouse.measure(told.port, told.rounds)
    else:
        asyncio.run(alone.measure(told.port, told.seconds))


if __name__ == "__main__":
    main()
