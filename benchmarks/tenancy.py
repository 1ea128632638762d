"""What keeping markets apart costs: queries with and without row-level security, in one run.

    .venv/bin/python -m benchmarks.tenancy --markets 5000 --rows 1000000

Makes a database of its own with so many markets and listings, then asks typical queries of
markets chosen at random: as the app role, whom row-level security holds, and as a role that
bypasses it and names the market in the query itself. Both sides alternate query by query. Then it
opens markets, and times a migration that touches every row of the largest table.
"""

import argparse
import asyncio
import random
import statistics
import time

import psycopg

from app.embedded.postgres import Postgres
from benchmarks.database import own_database

BESIDE = "agora_beside"
"""The role that row-level security does not hold; it exists in this benchmark alone."""

QUERIES: dict[str, str] = {
    "a listing by its slug": (
        "select id, title, description from listing where {own} slug = %(slug)s"
    ),
    "a page of a category": (
        "select id, title, city from listing where {own} category = 'craft/plumber'"
        " and state = 'published' order by updated_at desc limit 24"
    ),
    "counts by category": (
        "select category, count(*) from listing where {own} state = 'published' group by 1"
    ),
    "listings with their providers": (
        "select l.slug, p.name from listing l join provider p on p.id = l.provider_id"
        " and p.tenant_id = l.tenant_id where {own_l} l.state = 'published' limit 50"
    ),
    "how many listings": "select count(*) from listing where {own} true",
}


def fill(server: Postgres, markets: int, rows: int) -> None:
    """Markets and listings straight into the tables, as fast as the server can."""
    each = rows // markets
    with psycopg.connect(_superuser(server)) as connection:
        connection.execute(
            "insert into market (tenant_id, key, name, tagline, locales, default_locale, currency,"
            " timezone, brand, created_at) select gen_random_uuid(), 'm' || n, '{}', '{}', '{en}',"
            " 'en', 'EUR', 'UTC', '{}', now() from generate_series(1, %s) n",
            [markets],
        )
        connection.execute(
            "insert into market_host (host, tenant_id, main)"
            " select key || '.example', tenant_id, true from market"
        )
        connection.execute(
            "insert into provider (id, tenant_id, external_id, slug, name, created_at, updated_at)"
            " select gen_random_uuid(), tenant_id, 'p', 'p', 'Provider', now(), now() from market"
        )
        connection.execute(
            "insert into listing (id, tenant_id, external_id, slug, provider_id, category, title,"
            " description, languages, tags, created_at, updated_at)"
            " select gen_random_uuid(), p.tenant_id, 'l-' || n, 'l-' || n, p.id,"
            " case when n %% 4 = 0 then 'craft/plumber' else 'home/cleaning' end,"
            " jsonb_build_object('en', 'Plumber on call ' || n),"
            " jsonb_build_object('en', repeat('Repairs leaking taps. ', 8)), '{en}', '{}', now(),"
            " now() - n * interval '1 minute'"
            " from provider p cross join generate_series(1, %s) n",
            [each],
        )
        connection.execute(f"create role {BESIDE} login bypassrls password '{BESIDE}'")
        connection.execute(f"grant connect on database agora to {BESIDE}")
        connection.execute(f"grant usage on schema public to {BESIDE}")
        connection.execute(f"grant select on all tables in schema public to {BESIDE}")
    with psycopg.connect(_superuser(server), autocommit=True) as connection:
        connection.execute("vacuum analyze")


def measure(server: Postgres, asked: int) -> list[tuple[str, float, float, float]]:
    """For each query: its name, p95 in ms without and with row-level security, and the ratio."""
    with (
        psycopg.connect(_superuser(server)) as admin,
        psycopg.connect(server.app_url) as held,
        psycopg.connect(_as(server, BESIDE)) as beside,
    ):
        ids = [row[0] for row in admin.execute("select tenant_id from market").fetchall()]
        found: list[tuple[str, float, float, float]] = []
        chance = random.Random(1)
        for name, query in QUERIES.items():
            plain = query.format(
                own="tenant_id = %(market)s and", own_l="l.tenant_id = %(market)s and"
            )
            bare = query.format(own="", own_l="")
            took: tuple[list[float], list[float]] = ([], [])
            for turn in range(asked + asked // 10):
                told = {"market": chance.choice(ids), "slug": f"l-{chance.randint(1, 100)}"}
                sides = ((beside, plain), (held, bare))
                for side in (0, 1) if turn % 2 else (1, 0):
                    spent = _time(*sides[side], told)
                    # The first tenth warms caches and plans.
                    if turn >= asked // 10:
                        took[side].append(spent)
            without, with_ = (statistics.quantiles(side, n=20)[18] for side in took)
            found.append((name, without, with_, with_ / without))
        return found


def _time(connection: "psycopg.Connection", query: str, told: dict[str, object]) -> float:
    """Milliseconds of one query; the market is bound before, on both sides alike."""
    bind = "select set_config('app.tenant_id', %s, true)"
    connection.execute(bind, [str(told["market"])])
    began = time.perf_counter()
    connection.execute(query, told).fetchall()  # pyright: ignore[reportArgumentType]
    spent = (time.perf_counter() - began) * 1000
    connection.rollback()
    return spent


async def open_some(count: int) -> list[float]:
    """Seconds that opening a market takes, each."""
    from app.markets.opening import create_market  # noqa: PLC0415

    took: list[float] = []
    for number in range(count):
        began = time.perf_counter()
        await create_market(
            f"opened{number}", name={"en": "Opened"}, locales=["en"], currency="EUR"
        )
        took.append(time.perf_counter() - began)
    return took


def rewrite(server: Postgres) -> list[tuple[str, float]]:
    """Seconds that migrations of the largest table take, by what they do."""
    steps = {
        "adds a column with a default": "add column measured integer not null default 1",
        "rewrites every listing and its indexes": "alter column measured type bigint",
    }
    took: list[tuple[str, float]] = []
    for words, change in steps.items():
        with psycopg.connect(_superuser(server)) as connection:
            began = time.perf_counter()
            connection.execute(f"alter table listing {change}")  # pyright: ignore[reportArgumentType, reportCallIssue]
            connection.commit()
            took.append((words, time.perf_counter() - began))
    return took


def _as(server: Postgres, role: str) -> str:
    rest = server.owner_url.partition("@")[2]
    return f"postgresql://{role}:{role}@{rest}"


def _superuser(server: Postgres) -> str:
    return server.superuser_url


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--markets", type=int, default=5000)
    words.add_argument("--rows", type=int, default=1_000_000)
    words.add_argument("--asked", type=int, default=1000, help="how often each query is asked")
    told = words.parse_args()
    with own_database() as server:
        began = time.perf_counter()
        fill(server, told.markets, told.rows)
        spent = time.perf_counter() - began
        print(f"filled {told.markets} markets, {told.rows} listings: {spent:.0f} s", flush=True)
        print("| query | without ms (p95) | with ms (p95) | ratio |\n|---|---:|---:|---:|")
        for name, without, with_, ratio in measure(server, told.asked):
            print(f"| {name} | {without:.2f} | {with_:.2f} | {ratio:.2f} |", flush=True)
        opened = asyncio.run(open_some(50))
        print(f"opening a market: p95 {statistics.quantiles(opened, n=20)[18]:.3f} s")
        for words, spent in rewrite(server):
            print(f"a migration that {words}: {spent:.1f} s", flush=True)


if __name__ == "__main__":
    main()
