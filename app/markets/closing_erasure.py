"""Erasing a market: every row, file, kept page, count and queued job, proved by counts.

The job belongs to the platform. It may be killed at any point and started again: what was there
before is noted in the platform's log when it first begins, and every step can be done twice.
"""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from app.accounts.actors import Actor, system
from app.accounts.limits import forget_market
from app.accounts.permissions import Permission
from app.audit.log import record
from app.audit.models import AuditEntry
from app.database import TENANT_TABLES, platform_session, tenant_session
from app.errors import NotFound, Unavailable
from app.jobs.work import Work, job
from app.markets.closing import owner_is_configured
from app.markets.directory import forget
from app.markets.models import Market, MarketHost
from app.markets.quotas import adapters_of, folder_of
from app.rendering import invalidate_pages
from app.search.serving import search_index

BATCH = 5000
"""Rows that one transaction deletes, so that none of them is long."""

QUEUE = (
    "select count(*) from procrastinate_jobs where args->>'tenant_id' = :market",
    "delete from procrastinate_jobs where args->>'tenant_id' = :market and status <> 'doing'",
)


class NotErased(Unavailable):
    """Something of the market was left; the report says what."""


@job("market.erase", attempts=3)
async def erase(work: Work) -> None:
    """Erase one market now, and prove it."""
    if not owner_is_configured():
        raise Unavailable("This needs the database's owner: set DATABASE_OWNER_URL.")
    market_id, key = UUID(work.told["market_id"]), str(work.told["key"])
    actor = system(work.market_id, work.asked_by_name or "market.erase", Permission.PLATFORM)
    await _must_be_closing(market_id)
    hosts = await _hosts(market_id)
    before = await _begun(actor, market_id, key)
    await search_index().erase(market_id)
    rows, done = sum(before["tables"].values()), 0
    for table in tables_from_leaves():
        if table in {"market", "market_host"}:
            continue
        while deleted := await _delete_some(market_id, table):
            done += deleted
            await work.progress(min(done, rows), rows + 1)
    await _clear_queue(market_id)
    # The last row to go is the market itself: while it stands, a broken erasure can be found.
    for table in ("market_host", "market"):
        await _delete_some(market_id, table)
    for folder in (folder_of(market_id), *adapters_of(key)):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    forget()
    invalidate_pages(*hosts)
    counts = await forget_market(market_id)
    after = await holdings(market_id)
    report: dict[str, Any] = {
        "key": key,
        "tables": {
            name: {"before": before["tables"].get(name, 0), "after": left}
            for name, left in after["tables"].items()
        },
        "files": {"before": before["files"], "after": after["files"]},
        "queued_jobs": {"before": before["queued_jobs"], "after": after["queued_jobs"]},
        "hosts": list(hosts),
        "counts_forgotten": counts,
    }
    work.report.update(report)
    left = [name for name, found in report["tables"].items() if found["after"]]
    if left or after["files"] or after["queued_jobs"]:
        raise NotErased("Not everything of the market could be erased: %(left)s", left=left)
    async with tenant_session(work.market_id) as session:
        await record(session, actor, "market.erased", "market", market_id, after=report)
    await work.progress(rows + 1, rows + 1)


async def holdings(market_id: UUID) -> dict[str, Any]:
    """How many rows, files and queued jobs a market has; needs the owner role."""
    async with platform_session(market_id) as session:
        tables = {
            table: await session.scalar(
                _sql("select count(*) from {} where tenant_id = :market", table),
                {"market": market_id},
            )
            for table in sorted(TENANT_TABLES)
        }
    async with tenant_session(market_id) as session:
        queued = await session.scalar(text(QUEUE[0]), {"market": str(market_id)})
    folder = folder_of(market_id)
    files = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
    return {"tables": tables, "files": files, "queued_jobs": queued}


def tables_from_leaves() -> list[str]:
    """Every tenant table, those that refer to others first."""
    ordered = [table.name for table in SQLModel.metadata.sorted_tables]
    return [name for name in reversed(ordered) if name in TENANT_TABLES]


async def _must_be_closing(market_id: UUID) -> None:
    async with platform_session(market_id) as session:
        query = select(Market).where(Market.tenant_id == market_id)
        found = (await session.exec(query)).one_or_none()
        if found is not None and (found.kind != "market" or found.state != "closing"):
            raise NotFound("This market is not to be erased.")


async def _hosts(market_id: UUID) -> Sequence[str]:
    async with platform_session(market_id) as session:
        query = select(MarketHost.host).where(MarketHost.tenant_id == market_id)
        return (await session.exec(query)).all()


async def _begun(actor: Actor, market_id: UUID, key: str) -> Mapping[str, Any]:
    """What there was before the first attempt, which is noted when it begins."""
    async with tenant_session(actor.market_id) as session:
        query = (
            select(AuditEntry)
            .where(
                AuditEntry.action == "market.erasure_begun",
                AuditEntry.subject_id == str(market_id),
            )
            .order_by(col(AuditEntry.created_at))
        )
        noted = (await session.exec(query)).first()
        if noted is not None:
            return noted.after
        found = {"key": key, **await holdings(market_id)}
        await record(session, actor, "market.erasure_begun", "market", market_id, after=found)
        return found


async def _delete_some(market_id: UUID, table: str) -> int:
    async with platform_session(market_id) as session:
        done = await (await session.connection()).execute(
            _sql(
                "delete from {0} where ctid = any(array(select ctid from {0}"
                " where tenant_id = :market limit :batch))",
                table,
            ),
            {"market": market_id, "batch": BATCH},
        )
        return done.rowcount


async def _clear_queue(market_id: UUID) -> None:
    """Take the market's work out of the queue, and out of the hands of who does it now."""
    async with tenant_session(market_id) as session:
        connection = await session.connection()
        await connection.execute(text(QUEUE[1]), {"market": str(market_id)})


def _sql(words: str, table: str) -> Any:
    # The names are those of our own metadata.
    assert table in TENANT_TABLES
    return text(words.format(table))
