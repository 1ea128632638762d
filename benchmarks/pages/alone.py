"""A market's pages, cached and uncached, beside a static file of the same server."""

import re
import secrets
from urllib.request import Request, urlopen

from benchmarks.load import Load, load

HOST = "berlin.localhost"
ASKED = "Accept: text/html\r\nAccept-Encoding: gzip\r\n"


async def measure(port: int, seconds: float) -> None:
    """Load each kind of page for `seconds` and print a row for each."""
    origin = f"http://{HOST}:{port}"
    home = read(f"{origin}/en")
    path = listing_path(origin)
    rows = [
        ("static file", [f"{origin}{stylesheet(home)}"]),
        ("home, cached", [f"{origin}/en"]),
        ("listing, cached", [f"{origin}{path}"]),
        ("listing, uncached", unseen(f"{origin}{path}")),
    ]
    print("| page | requests/s | of static | p50 ms | p95 ms | bytes sent |")
    print("|---|---:|---:|---:|---:|---:|")
    static: Load | None = None
    for name, urls in rows:
        await load(urls[-1:], seconds=0.5)
        figures = await load(urls, seconds=seconds, headers=ASKED)
        static = static or figures
        print(
            f"| {name} | {figures.per_second:,.0f} | {figures.per_second / static.per_second:.2f}"
            f" | {figures.p50:.1f} | {figures.p95:.1f} | {figures.size:,} |"
        )


def stylesheet(html: str) -> str:
    """The path of the style sheet that a page of ours links."""
    found = re.search(r'href="(/assets/[^"]+\.css)"', html)
    if found is None:
        raise SystemExit("The page links no stylesheet; is this Agora?")
    return found[1]


def listing_path(origin: str) -> str:
    """The path of the first listing on the home page of the market."""
    found = re.search(r'href="(/en/s/[^"#?]+)"', read(f"{origin}/en"))
    if found is None:
        raise SystemExit("The home page links no listing; are the demo markets loaded?")
    return found[1]


def unseen(url: str, count: int = 20_000) -> list[str]:
    """`url` with queries that the page ignores, so that no cache has seen any of them."""
    nonce = secrets.token_hex(4)
    return [f"{url}?fresh={nonce}{number}" for number in range(count)]


def read(url: str) -> str:
    """The page at `url`, whose host is asked for on this machine."""
    host = url.split("/")[2]
    port = host.rpartition(":")[2]
    request = Request(
        url.replace(host, f"127.0.0.1:{port}"), headers={"Host": host, "Accept": "text/html"}
    )
    with urlopen(request, timeout=30) as answer:
        return answer.read().decode()
