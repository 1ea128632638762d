"""How long a search takes in a big market, and what the approximate index loses.

    python -m benchmarks.search --listings 10000

Starts a database of its own in a temporary folder, fills one market with listings varied from the
evaluation's, and asks the evaluation's queries through the HTTP route, each once, so that every
query is embedded. Prints a Markdown table: milliseconds from request to answer, and for the HNSW
path the share of the exact path's first ten results that it finds too.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

import httpx
from sqlalchemy import text
from starlette.applications import Starlette

from app.accounts.limits import forget_attempts
from app.api import search as api
from app.api.application import routes
from app.catalogue.models import Listing, Provider
from app.commands.steps import progress_bar
from app.database import TenantSession, close_engines, owner_engine, tenant_session
from app.embedded.postgres import start
from app.markets.directory import MarketCard
from app.markets.opening import create_market
from app.migrations import migrate
from app.search import query_vectors
from app.search.exemplars import exemplars
from app.search.index import Query
from app.search.needs import needs
from app.search.postgres import PostgresIndex
from app.settings import settings
from tests.evals.search.corpus import listings, queries

CITIES = ("Berlin", "Potsdam", "Kazan", "Madrid", "Leipzig", "Toledo")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="agora-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        os.environ["AGORA_HOME"] = folder
        settings.cache_clear()
        with start(home) as server:
            os.environ["DATABASE_URL"] = server.app_url
            os.environ["DATABASE_OWNER_URL"] = server.owner_url
            settings.cache_clear()
            migrate()
            asyncio.run(measure(told.listings, told.queries))


async def measure(size: int, asked: int) -> None:
    """Fill a market and print the figures of both ways of finding candidates."""
    market = await create_market("bench", name={"en": "Bench"}, locales=["en"], currency="EUR")
    await exemplars()
    began = time.perf_counter()
    async with tenant_session(market.id) as session:
        await _fill(session, size)
        with progress_bar() as bar:
            task = bar.add_task("listings", total=size)
            await PostgresIndex().refresh(
                session, "listing", progress=lambda done, _: bar.update(task, completed=done)
            )
    print(f"{size} listings indexed in {time.perf_counter() - began:.0f} s")
    async with owner_engine().connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("analyze"))
    said = [query.text for query in queries()]
    random.Random(7).shuffle(said)
    said = said[:asked]
    print("| candidates | p50 ms | p95 ms | first ten as exact |")
    print("|---|---:|---:|---:|")
    exact: list[list[str]] = []
    for name, index in (
        ("exact scan", PostgresIndex(exact_up_to=10**9)),
        ("HNSW", PostgresIndex(exact_up_to=0)),
        ("as configured", PostgresIndex()),
    ):
        took = await _asked(market, index, said)
        found = await _found(market, index, said)
        exact = exact or found
        share = [
            len(set(ours) & set(theirs)) / len(theirs)
            for ours, theirs in zip(found, exact, strict=True)
            if theirs
        ]
        print(
            f"| {name} | {statistics.median(took):.1f} | {sorted(took)[int(len(took) * 0.95)]:.1f}"
            f" | {statistics.mean(share):.3f} |"
        )
    await close_engines()


async def _fill(session: TenantSession, size: int) -> None:
    dice = random.Random(1)
    said = needs()
    base = listings()
    provider = Provider(external_id="bench", slug="bench", name="Bench")
    session.add(provider)
    await session.flush()
    for number in range(size):
        listing = base[number % len(base)]
        phrases = [phrase for found in said.get(listing.category, {}).values() for phrase in found]
        extra = dice.choice(phrases) if phrases and number >= len(base) else ""
        city = dice.choice(CITIES)
        session.add(
            Listing(
                external_id=f"l-{number}",
                slug=f"l-{number}",
                provider_id=provider.id,
                category=listing.category,
                title={listing.locale: f"{listing.title} {city}"},
                description={listing.locale: f"{listing.description} {extra}".strip()},
                city=city,
                languages=[listing.locale],
                tags=[listing.tags],
            )
        )


async def _asked(market: MarketCard, index: PostgresIndex, said: list[str]) -> list[float]:
    """Milliseconds of each query over HTTP, none of them remembered."""
    api.search_index = lambda: index
    transport = httpx.ASGITransport(app=Starlette(routes=routes))
    took: list[float] = []
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as client:
        for warm_up in ("plumber", "tutor"):
            await client.get("/api/v1/search", params={"q": warm_up})
        for query in said:
            query_vectors.forget()
            # One caller asks here what many would; the limit per address is not what is measured.
            await forget_attempts()
            began = time.perf_counter()
            answer = await client.get("/api/v1/search", params={"q": query, "limit": 10})
            took.append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
            json.loads(answer.content)
    return took


async def _found(market: MarketCard, index: PostgresIndex, said: list[str]) -> list[list[str]]:
    async with tenant_session(market.id) as session:
        return [
            [str(hit.id) for hit in await index.search(session, Query(query, "en"))]
            for query in said
        ]


if __name__ == "__main__":
    main()
