"""How fast a market's pages are, cached and uncached, beside a static file of the same server.

Run against a running installation with the demo markets:

    python -m benchmarks.pages --port 8000

Prints a Markdown table. The static file is the yardstick: it goes through the same server and the
same network stack, so the ratio holds on another machine.
"""

import argparse
import asyncio
import re
import secrets
from urllib.request import Request, urlopen

from benchmarks.load import Load, load

HOST = "berlin.localhost"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    asyncio.run(measure(f"http://{HOST}:{asked.port}", asked.seconds))


async def measure(origin: str, seconds: float) -> None:
    """Load each kind of page for `seconds` and print a row for each."""
    home = _read(f"{origin}/en", accept="text/html")
    style = re.search(r'href="(/assets/[^"]+\.css)"', home)
    if style is None:
        raise SystemExit("The home page links no stylesheet; is this Agora?")
    listing = re.search(r'href="(/en/s/[^"#?]+)"', home)
    if listing is None:
        raise SystemExit("The home page links no listing; are the demo markets loaded?")
    nonce = secrets.token_hex(4)
    # A query that the page ignores makes each URL one that the cache has not seen.
    fresh = [f"{origin}{listing[1]}?fresh={nonce}{number}" for number in range(100_000)]
    rows = [
        ("static file", [f"{origin}{style[1]}"]),
        ("home, cached", [f"{origin}/en"]),
        ("listing, cached", [f"{origin}{listing[1]}"]),
        ("listing, uncached", fresh),
    ]
    print("| page | requests/s | of static | p50 ms | p95 ms | bytes sent |")
    print("|---|---:|---:|---:|---:|---:|")
    static: Load | None = None
    for name, urls in rows:
        await load(urls[:1], seconds=0.5)
        figures = await load(
            urls[::-1] if len(urls) > 1 else urls,
            seconds=seconds,
            headers="Accept: text/html\r\nAccept-Encoding: gzip\r\n",
        )
        static = static or figures
        print(
            f"| {name} | {figures.per_second:,.0f} | {figures.per_second / static.per_second:.2f}"
            f" | {figures.p50:.1f} | {figures.p95:.1f} | {figures.size:,} |"
        )


def _read(url: str, accept: str) -> str:
    host = url.split("/")[2]
    port = host.rpartition(":")[2]
    request = Request(
        url.replace(host, f"127.0.0.1:{port}"), headers={"Host": host, "Accept": accept}
    )
    with urlopen(request, timeout=30) as answer:
        return answer.read().decode()


if __name__ == "__main__":
    main()
