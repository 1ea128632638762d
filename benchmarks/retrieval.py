"""Finding passages among a million over a thousand markets of very different sizes, in Postgres.

    .venv/bin/python -m benchmarks.retrieval --markets 1000 --chunks 1000000

Starts a database of its own (kept in `--home`, to measure again without filling it), and fills it
by COPY. Sizes follow Zipf's law: the n-th market has 1/n of the first one's chunks. Vectors are
mixtures of pairs of really embedded texts with noise, because embedding a million texts takes hours
on a processor; the texts are those pairs joined. Queries are the evaluation's and are embedded as
they are asked. Each is asked in two markets: one chosen at random, and one chosen by its size, as
traffic may be. Prints, for classes of size, milliseconds of `PostgresIndex.search` from the words
to the hits, by the clock and of processor time (this process and its server's together, which says
more where the machine has other work), and recall: how many of the ten nearest by the sentence
encoder, found by comparing every chunk of the market, are among the ten nearest that the index
proposes.
"""

import argparse
import asyncio
import os
import random
import statistics
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import psutil
import psycopg
from pgvector import HalfVector
from sqlalchemy import text

from app.database import TenantSession, close_engines, tenant_session
from app.embedded import postgres
from app.embedded.postgres import Postgres, start
from app.migrations import migrate
from app.search import query_vectors
from app.search.embeddings import Vectors, paired_embedder, sentence_embedder
from app.search.exemplars import exemplars
from app.search.index import Query
from app.search.needs import needs
from app.search.postgres import MEANT, PostgresIndex
from app.search.sources import passages
from app.settings import settings
from tests.evals.search.corpus import listings, queries

INDEXES = ("search_meaning", "search_words", "search_spelling")
COLUMNS = (
    "id, tenant_id, kind, source_id, locale, part, digest, text, names, meaning, wording, hub,"
    " wording_hub, access, created_at"
)
BEGIN = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
NOISE = 0.35
"""Length of the noise beside vectors of length 1."""
AT_A_TIME = 5000


def main() -> None:
    """Fill and measure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--markets", type=int, default=1000)
    words.add_argument("--chunks", type=int, default=1_000_000)
    words.add_argument("--queries", type=int, default=300)
    words.add_argument("--exact", type=int, default=None, help="compare one by one up to so many")
    words.add_argument("--buffers", default="64MB", help="the server's shared_buffers")
    words.add_argument("--home", type=Path, default=None)
    told = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="agora-retrieval-") as folder:
        home = (told.home or Path(folder)).absolute()
        home.mkdir(exist_ok=True, parents=True)
        home.chmod(0o755)
        os.environ["AGORA_HOME"] = str(home)
        settings.cache_clear()
        postgres.SMALL["shared_buffers"] = told.buffers
        with start(home, hasty=True) as server:
            os.environ |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
            settings.cache_clear()
            migrate()
            sizes = zipf(told.markets, told.chunks)
            if not _filled(server):
                asyncio.run(fill(server, sizes))
            _print_sizes(server)
            asyncio.run(measure(server, told.queries, told.exact))


def zipf(markets: int, chunks: int) -> list[int]:
    """How many chunks each market has, the largest first."""
    whole = sum(1 / place for place in range(1, markets + 1))
    return [max(1, round(chunks / whole / place)) for place in range(1, markets + 1)]


async def fill(server: Postgres, sizes: list[int]) -> None:
    """Markets and their entries straight into the tables, then the indexes over them."""
    said = _texts()
    began = time.perf_counter()
    known = await exemplars()
    meanings = await sentence_embedder().embed(said)
    wordings = await paired_embedder().embed_passages(said)
    hubs, worded = known.hubness(meanings), known.worded.usually(wordings)
    print(f"{len(said)} texts embedded: {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    with psycopg.connect(server.superuser_url) as connection:
        connection.execute(
            "insert into market (tenant_id, key, name, tagline, locales, default_locale, currency,"
            " timezone, brand, created_at) select gen_random_uuid(), 'm' || n, '{}', '{}', '{en}',"
            " 'en', 'EUR', 'UTC', '{}', now() from generate_series(1, %s) n",
            [len(sizes)],
        )
        found = connection.execute("select key, tenant_id from market where key ~ '^m[0-9]'")
        ids = dict(found.fetchall())
        defined = {
            name: connection.execute("select pg_get_indexdef(%s::regclass)", [name]).fetchone()
            for name in INDEXES
        }
        for name in INDEXES:
            connection.execute(f"drop index {name}")  # pyright: ignore[reportArgumentType]
        # The entries of a market come as its documents do: now and then, among those of others.
        owners = np.repeat(np.arange(len(sizes)), sizes)
        np.random.default_rng(3).shuffle(owners)
        tenants = [ids[f"m{number + 1}"] for number in range(len(sizes))]
        with connection.cursor().copy(
            f"copy search_entry ({COLUMNS}) from stdin (format binary)"
        ) as copy:
            copy.write(BEGIN)
            for block in _blocks(owners, tenants, said, (meanings, wordings, hubs, worded)):
                copy.write(block)
            copy.write(struct.pack(">h", -1))
    print(f"{sum(sizes)} entries copied: {time.perf_counter() - began:.0f} s", flush=True)
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute("set maintenance_work_mem = '4GB'")
        for name, told in defined.items():
            began = time.perf_counter()
            assert told is not None, "the index was there"
            connection.execute(told[0])
            print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        connection.execute("vacuum analyze")
        print(f"vacuum analyze: {time.perf_counter() - began:.0f} s", flush=True)


def _texts() -> list[str]:
    """Different texts of the evaluation's listings and of what people need, to mix chunks from."""
    told = [f"{one.title}. {part}" for one in listings() for part in passages(one.description)]
    dice = random.Random(5)
    phrases = [phrase for kind in needs().values() for said in kind.values() for phrase in said]
    return list(dict.fromkeys([*told, *dice.sample(phrases, 1200)]))


def _blocks(
    owners: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    tenants: list[UUID],
    said: list[str],
    made: tuple[Vectors, Vectors, Vectors, Vectors],
) -> Iterator[bytes]:
    """Rows as COPY wants them."""
    meanings, wordings, hubs, worded = made
    chance = np.random.default_rng(1)
    now = struct.pack(">q", int((time.time() - 946_684_800) * 1e6))
    for start_at in range(0, len(owners), AT_A_TIME):
        of = owners[start_at : start_at + AT_A_TIME]
        first, second = (chance.integers(0, len(said), len(of)) for _ in range(2))
        share = chance.uniform(0, 0.8, (len(of), 1)).astype(np.float32)
        meant = _mixed(meanings[first], meanings[second], share, chance)
        word = _mixed(wordings[first], wordings[second], share, chance)
        block = bytearray()
        for row, owner in enumerate(of):
            a, b, c = said[first[row]], said[second[row]], said[(first[row] + second[row]) // 2]
            block += _row(
                uuid4().bytes,
                tenants[owner].bytes,
                b"passage",
                uuid4().bytes,
                b"en",
                struct.pack(">i", 0),
                b"benchmark",
                f"{a} {b} {c}"[:400].encode(),
                a.lower()[:120].encode(),
                meant[row],
                word[row],
                struct.pack(">d", float(hubs[first[row]])),
                struct.pack(">d", float(worded[first[row]])),
                b"public",
                now,
            )
        yield bytes(block)


def _mixed(
    one: Vectors, other: Vectors, share: Vectors, chance: np.random.Generator
) -> list[bytes]:
    noise = chance.standard_normal(one.shape, np.float32)
    noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    mixed = one + share * other + noise
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    halves = mixed.astype(">f2")
    head = struct.pack(">hh", one.shape[1], 0)
    return [head + row.tobytes() for row in halves]


def _row(*fields: bytes) -> bytes:
    return struct.pack(">h", len(fields)) + b"".join(
        struct.pack(">i", len(field)) + field for field in fields
    )


def _filled(server: Postgres) -> bool:
    with psycopg.connect(server.superuser_url) as connection:
        found = connection.execute("select count(*) from search_entry").fetchone()
    return found is not None and found[0] > 0


def _print_sizes(server: Postgres) -> None:
    with psycopg.connect(server.superuser_url) as connection:
        for name in ("search_entry", *INDEXES, "search_part", "search_by_category"):
            size = "pg_table_size" if name == "search_entry" else "pg_relation_size"
            query = f"select pg_size_pretty({size}('{name}'))"
            told = connection.execute(query).fetchone()  # pyright: ignore[reportArgumentType]
            print(f"{name}: {told[0] if told else '?'}", flush=True)


async def measure(server: Postgres, asked: int, exact_up_to: int | None) -> None:
    """Ask, and print the tables."""
    with psycopg.connect(server.superuser_url) as connection:
        counted = connection.execute(
            "select tenant_id, count(*) from search_entry group by 1 order by 2 desc"
        ).fetchall()
    markets = [market for market, _ in counted]
    sizes = dict(counted)
    dice = random.Random(11)
    said = [query.text for query in (*queries(), *queries("unseen"))]
    dice.shuffle(said)
    said = said[:asked]
    index = PostgresIndex(exact_up_to=exact_up_to)
    ways = {
        "any market": dice.choices(markets, k=len(said)),
        "by size": dice.choices(markets, weights=[sizes[one] for one in markets], k=len(said)),
        "the largest": [markets[0]] * len(said),
        "the tenth": [markets[min(9, len(markets) - 1)]] * len(said),
    }
    for warm_up in said[:20]:
        await _timed(index, dice.choice(markets), warm_up)
    print("| markets | chunks (median) | p50 ms | p95 ms | processor p50 | p95 | recall@10 |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    servers = _servers()
    for name, chosen in ways.items():
        took, spent, recalls = [], [], []
        for market, words in zip(chosen, said, strict=True):
            before = _processor_ms(servers)
            took.append(await _timed(index, market, words))
            spent.append(_processor_ms(servers) - before)
        for market, words in zip(chosen, said[: max(20, asked // 10)], strict=False):
            recalls.append(await _recall(index, market, words))
        middle = statistics.median(sizes[one] for one in chosen)
        figures = [
            f"{cuts[place]:.1f}"
            for cuts in (statistics.quantiles(one, n=20) for one in (took, spent))
            for place in (9, 18)
        ]
        mean = statistics.mean(recalls)
        print(f"| {name} | {middle:,.0f} | {' | '.join(figures)} | {mean:.3f} |", flush=True)
    _print_memory()
    await close_engines()


async def _timed(index: PostgresIndex, market: UUID, said: str) -> float:
    """Milliseconds from the words of a query to its hits."""
    query_vectors.forget()
    query = Query(said, "en", kinds=("passage",))
    began = time.perf_counter()
    async with tenant_session(market) as session:
        await index.search(session, query)
    return (time.perf_counter() - began) * 1000


async def _recall(index: PostgresIndex, market: UUID, said: str) -> float:
    """The share of the ten nearest of all that are among the ten nearest proposed."""
    vectors = await query_vectors.query_vectors(said)
    query = Query(said, "en", kinds=("passage",))
    async with tenant_session(market) as session:
        rows = await index._candidates(session, "passage", said, vectors, query)
        proposed = sorted(rows, key=lambda row: -row.meant)[:10]
        nearest = await _nearest(session, vectors.meaning)
    found = {row.source_id for row in proposed}
    return len(found & nearest) / len(nearest)


async def _nearest(session: TenantSession, meaning: Vectors) -> set[UUID]:
    query = f"select source_id from search_entry order by ({MEANT}) + 0 limit 10"
    told = {"meaning": HalfVector(meaning).to_text()}
    rows = await (await session.connection()).execute(text(query), told)
    return {row.source_id for row in rows}


def _processor_ms(servers: list[int]) -> float:
    """Milliseconds of processor time that this process and these servers have had."""
    served = sum(int(Path(f"/proc/{one}/schedstat").read_text().split()[0]) for one in servers)
    return time.process_time() * 1000 + served / 1e6


def _servers() -> list[int]:
    """The processes that serve this one's connections."""
    return [
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if "agora_app agora" in " ".join(one.info["cmdline"] or []) and _is_ours(one)
    ]


def _is_ours(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is not None and str(settings().home) in " ".join(parent.cmdline())


def _print_memory() -> None:
    """What this process and its server take, pages that they share counted once."""
    own = psutil.Process()
    print(f"memory of this process: {own.memory_full_info().pss // 2**20} MB")
    keeper = [one for one in psutil.process_iter() if _serves(one)]
    served = sum(one.memory_full_info().pss for one in keeper)
    print(f"memory of its server: {served // 2**20} MB, beside what the system caches of files")


def _serves(process: psutil.Process) -> bool:
    try:
        return any(
            str(settings().home) in word
            for one in (process, *process.parents())
            for word in one.cmdline()
            if process.name().startswith("postgres")
        )
    except psutil.Error:
        return False


if __name__ == "__main__":
    main()
