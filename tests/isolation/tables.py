"""Probes of every tenant table, in SQL, as the role that the program has."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

from app.database import TENANT_TABLES, IdentitySession, identity_session, tenant_session
from tests.factories import ROWS
from tests.isolation.ledger import Ledger
from tests.isolation.world import OWN_KEY, World

KIND = "table"
_QUEUE = "numbers of markets and of jobs; what a job is told stands in `job`"
OF_NO_MARKET = {
    "alembic_version": "the version of the tables",
    "procrastinate_events": _QUEUE,
    "procrastinate_jobs": _QUEUE,
    "procrastinate_periodic_defers": _QUEUE,
    "procrastinate_workers": _QUEUE,
}
"""Tables without policies, and what stands in them."""


async def probe(world: World, ledger: Ledger, tables: set[str] | None = None) -> None:
    """Ask for every value of every row, change, delete, plant, move, and refer to it."""
    for table in sorted(tables or TENANT_TABLES):
        await _control(world, ledger, table)
        for who in ("ours", "nobody"):
            async with _bound(world, who) as session:
                await _read(world, ledger, session, table, who)
            await _write(world, ledger, table, who)
        if table not in OWN_KEY:
            await _plant(world, ledger, table)
        if table == "market_host":
            await _take_hosts(world, ledger)
        if table == "audit_entry":
            await _prune(world, ledger)


def _bound(world: World, who: str) -> AbstractAsyncContextManager[Any]:
    return tenant_session(world.ours.id) if who == "ours" else identity_session()


async def _read(
    world: World, ledger: Ledger, session: IdentitySession, table: str, who: str
) -> None:
    everything = text(f"select count(*) from {table} where tenant_id = :theirs")
    found = await session.scalar(everything, {"theirs": world.theirs.id})
    ledger.probe(KIND, bool(found), f"{who} counted {table}")
    for row in world.rows[table]:
        for column, value in row.items():
            query = text(
                f"select count(*) from {table}"
                f" where {column}::text = :value and tenant_id is distinct from :ours"
            )
            told = {"value": value, "ours": world.ours.id}
            found = await session.scalar(query, told) if value is not None else 0
            ledger.probe(KIND, bool(found), f"{who} read {table} by {column}")


async def _write(world: World, ledger: Ledger, table: str, who: str) -> None:
    key = "tenant_id" if table == "market" else "host" if table == "market_host" else "id"
    for row in world.rows[table][:3]:
        for verb, statement in (
            ("changed", f"update {table} set tenant_id = tenant_id where {key}::text = :key"),
            ("moved", f"update {table} set tenant_id = :ours where {key}::text = :key"),
            ("deleted", f"delete from {table} where {key}::text = :key"),
            ("locked", f"select 1 from {table} where {key}::text = :key for update"),
        ):
            told = {"key": row[key]} | ({"ours": world.ours.id} if verb == "moved" else {})
            done = await _rows(world, who, statement, told)
            ledger.probe(KIND, done > 0, f"{who} {verb} a row of {table}")


async def _rows(world: World, who: str, statement: str, told: dict[str, Any]) -> int:
    """How many rows a statement touched, which is then taken back; 0 where it was refused."""
    try:
        async with _bound(world, who) as session, session.begin_nested() as kept:
            done = await session.execute(text(statement), told)
            touched = len(done.all()) if done.returns_rows else done.rowcount
            await kept.rollback()
            return touched
    except DBAPIError:
        return 0


async def _plant(world: World, ledger: Ledger, table: str) -> None:
    made = await _made(world, table, {"tenant_id": world.theirs.id})
    ledger.probe(KIND, made, f"ours planted a row of {table}")
    for constraint in SQLModel.metadata.tables[table].foreign_key_constraints:
        columns = [column.name for column in constraint.columns if column.name != "tenant_id"]
        parent = constraint.referred_table.name
        for row in world.rows[parent][:3] if columns else []:
            made = await _made(world, table, {columns[0]: row["id"]})
            ledger.probe(KIND, made, f"ours referred from {table} to {parent}")


async def _made(world: World, table: str, more: dict[str, Any]) -> bool:
    """Whether our market could make such a row; it is not kept."""
    try:
        async with tenant_session(world.ours.id) as session, session.begin_nested() as kept:
            await ROWS[table](session, **more)
            await kept.rollback()
            return True
    except DBAPIError:
        return False


async def _take_hosts(world: World, ledger: Ledger) -> None:
    """Take a host that was not proved, and give away the main one, which no market may."""
    told = {"ours": world.ours.id}
    taken = (
        "insert into market_host (host, tenant_id, main, verified_at, proof)"
        f" values ('{world.canary}.example', :ours, false, "
    )
    for words in ("null, 'none')", "now(), '')"):
        done = await _rows(world, "ours", taken + words, told)
        ledger.probe(KIND, done > 0, "ours took a host without a proof")
    given = "delete from market_host where tenant_id = :ours and main"
    done = await _rows(world, "ours", given, told)
    ledger.probe(KIND, done > 0, "ours gave their main host away")
    done = await _rows(world, "ours", taken + "now(), 'none')", told)
    ledger.control(KIND, done == 1, "ours take a host that they proved")


async def _prune(world: World, ledger: Ledger) -> None:
    """Have entries deleted by the one function that may, which must spare theirs."""
    old = text("select count(*) from audit_entry where created_at < now() - interval '1 year'")
    prune = text("select app.prune_audit(now())")
    async with tenant_session(world.theirs.id) as session:
        before = await session.scalar(old)
    for who in ("ours", "nobody"):
        async with _bound(world, who) as session:
            await session.scalar(prune)
        async with tenant_session(world.theirs.id) as session:
            ledger.probe(KIND, await session.scalar(old) != before, f"{who} pruned their log")
    async with tenant_session(world.theirs.id) as session, session.begin_nested() as kept:
        done = await session.scalar(prune)
        await kept.rollback()
    ledger.control(KIND, done == before != 0, "theirs pruned their log")


async def _control(world: World, ledger: Ledger, table: str) -> None:
    async with tenant_session(world.theirs.id) as session:
        found = await session.scalar(text(f"select count(*) from {table}"))
    ledger.control(KIND, (found or 0) >= len(world.rows[table]) > 0, f"theirs read {table}")
    if table not in OWN_KEY:
        try:
            async with tenant_session(world.theirs.id) as session, session.begin_nested() as kept:
                await ROWS[table](session)
                await kept.rollback()
            made = True
        except IntegrityError:
            # Of some things a market has one only, which is not for the policy to say.
            made = True
        except DBAPIError:
            made = False
        ledger.control(KIND, made, f"theirs wrote {table}")
