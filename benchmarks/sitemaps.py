"""What a market's sitemaps cost where it has a million addresses.

    .venv/bin/python -m benchmarks.sitemaps --listings 100000

Makes a database of its own with one market of ten languages and so many listings, reads the index
and then every file of it as a search engine does: plain, and packed with gzip and with Zstandard.
Each file is written by the routes of the program in this process, whose largest memory is told.
"""

import argparse
import asyncio
import os
import re
import resource
import time
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import zstandard

from app.embedded.postgres import Postgres
from benchmarks.database import own_database

LOCALES = ("en", "ru", "de", "es", "fr", "ar", "tr", "it", "pt", "pl")
HOST = "large.example"
EACH = 1000
"""Listings of one provider."""

_ENTRY = b"<url>"


def fill(server: Postgres, listings: int) -> None:
    """One market straight into the tables; a listing says some 300 letters in each language."""
    named = ", ".join(f"'{code}', 'Plumber on call, number ' || n" for code in LOCALES)
    # Digests, so that the texts are as hard to pack as writing is.
    words = "md5('{}' || n) || ' ' || repeat(md5(n || '{}') || ' repairs leaking taps. ', 5)"
    told = ", ".join(f"'{code}', {words.format(code, code)}" for code in LOCALES)
    with psycopg.connect(server.superuser_url) as connection:
        connection.execute(
            "insert into market (tenant_id, key, name, tagline, locales, default_locale, currency,"
            " timezone, brand, created_at) values (gen_random_uuid(), 'large', '{}', '{}', %s,"
            " 'en', 'EUR', 'UTC', '{}', now())",
            [list(LOCALES)],
        )
        connection.execute(
            "insert into market_host (host, tenant_id, main)"
            " select %s, tenant_id, true from market",
            [HOST],
        )
        connection.execute(
            "insert into provider (id, tenant_id, external_id, slug, name, created_at, updated_at)"
            " select gen_random_uuid(), tenant_id, 'p-' || n, 'p-' || n, 'Provider', now(), now()"
            " from market cross join generate_series(0, %s) n",
            [listings // EACH],
        )
        connection.execute(
            "insert into listing (id, tenant_id, external_id, slug, provider_id, category, title,"  # pyright: ignore[reportArgumentType, reportCallIssue]
            " description, languages, tags, created_at, updated_at)"
            " select gen_random_uuid(), p.tenant_id, 'l-' || n, 'plumber-on-call-number-' || n,"
            f" p.id, 'craft/plumber', jsonb_build_object({named}), jsonb_build_object({told}),"
            " '{en}', '{}', now(), now() - n * interval '1 minute'"
            f" from generate_series(1, {listings}) n"
            f" join provider p on p.external_id = 'p-' || (n / {EACH})"
        )
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


async def ask(app: Any, path: str, encoding: str, take: Callable[[bytes], object]) -> int:
    """Read one address; `take` is told what arrives. Returns the bytes on the way."""
    sent = 0

    async def receive() -> dict[str, Any]:
        raise AssertionError("nothing is sent")

    async def send(message: dict[str, Any]) -> None:
        nonlocal sent
        if message["type"] == "http.response.start":
            assert message["status"] == 200, (path, message["status"])
        elif body := message.get("body"):
            sent += len(body)
            take(body)

    headers = [(b"host", HOST.encode()), (b"accept-encoding", encoding.encode())]
    told = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "method": "GET"}
    sent_to = {"path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
    await app({**told, **sent_to}, receive, send)
    return sent


class Unpacked:
    """Counts the addresses of a file as it arrives, and how many bytes it has unpacked."""

    def __init__(self, encoding: str) -> None:
        self.addresses = self.size = 0
        self._rest = b""
        made: dict[str, Callable[[], Any]] = {
            "gzip": lambda: zlib.decompressobj(wbits=31),
            "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(),
        }
        self._unpack = made[encoding]().decompress if encoding in made else bytes

    def take(self, chunk: bytes) -> None:
        """Count what is in a chunk."""
        plain = self._rest + self._unpack(chunk)
        self.addresses += plain.count(_ENTRY)
        self.size += len(plain) - len(self._rest)
        self._rest = plain[-(len(_ENTRY) - 1) :]


async def measure() -> None:
    """Read everything three times, and print a row for each."""
    from starlette.applications import Starlette  # noqa: PLC0415

    from app.api.addresses import routes  # noqa: PLC0415
    from app.database import close_engines  # noqa: PLC0415

    app = Starlette(routes=routes)
    print(f"before anything is read the process has {_memory():.0f} MB")
    index: list[bytes] = []
    for again in ("counted", "remembered"):
        index.clear()
        began = time.perf_counter()
        await ask(app, "/sitemap.xml", "identity", index.append)
        print(f"index, {again}: {(time.perf_counter() - began) * 1000:.0f} ms")
    found = re.findall(rb"<loc>([^<]+)</loc>", b"".join(index))
    files = [urlsplit(address.decode()).path for address in found]
    print(f"{len(files)} files\n")
    print("| encoding | addresses | s | s a million | MB plain | MB sent | largest file MB | MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for encoding in ("identity", "gzip", "zstd"):
        addresses = size = sent = largest = 0
        began = time.perf_counter()
        for file in files:
            counted = Unpacked(encoding)
            sent += await ask(app, file, encoding, counted.take)
            assert counted.addresses <= 50_000
            addresses, size = addresses + counted.addresses, size + counted.size
            largest = max(largest, counted.size)
        spent = time.perf_counter() - began
        each = spent / addresses * 1_000_000
        print(
            f"| {encoding} | {addresses:,} | {spent:.1f} | {each:.1f} | {size / 1e6:,.0f}"
            f" | {sent / 1e6:,.1f} | {largest / 1e6:.1f} | {_memory():.0f} |",
            flush=True,
        )
    await close_engines()


def _memory() -> float:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure, and print tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--listings", type=int, default=100_000)
    told = words.parse_args()
    with own_database() as server:
        began = time.perf_counter()
        fill(server, told.listings)
        print(f"filled with {told.listings} listings: {time.perf_counter() - began:.0f} s")
        print("load:", " ".join(f"{one:.1f}" for one in os.getloadavg()), flush=True)
        asyncio.run(measure())
        print("load:", " ".join(f"{one:.1f}" for one in os.getloadavg()))


if __name__ == "__main__":
    main()
