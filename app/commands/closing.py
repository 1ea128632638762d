"""Suspending, resuming, exporting and erasing markets, and their quotas, in a terminal."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

# Registers what jobs there are.
from app import tasks  # noqa: F401  # pyright: ignore[reportUnusedImport]
from app.commands import ready_database, run
from app.commands.markets import commands, market_of, operator
from app.commands.steps import console, progress_bar
from app.database import tenant_session
from app.errors import AppError
from app.jobs.models import Job
from app.jobs.queue import FINISHED, job_of
from app.jobs.work import work_off
from app.markets import closing
from app.markets.closing import ask_erasure, deed_session, set_quotas
from app.markets.closing_archive import ask_archive, hand_out
from app.markets.quotas import Quota, used

Which = Annotated[str, typer.Argument(help="The market's key.")]


@commands.command()
def suspend(
    key: Which,
    reason: Annotated[
        str, typer.Option(help="Told to its staff, and kept in the platform's log.")
    ] = "",
) -> None:
    """Close a market to everybody but its staff, who may take its data out."""

    async def done() -> None:
        market = await market_of(key)
        async with deed_session(market.id) as session:
            await closing.suspend(session, await operator(), reason)

    with ready_database():
        run(done())
    console.print(f"Suspended {key}; open it again with: agora market resume {key}", markup=False)


@commands.command()
def resume(key: Which) -> None:
    """Open a suspended market again, or keep one that was to be erased."""

    async def done() -> None:
        market = await market_of(key)
        async with deed_session(market.id) as session:
            await closing.resume(session, await operator())

    with ready_database():
        run(done())
    console.print(f"{key} is open.", markup=False)


@commands.command()
def erase(
    key: Which,
    sure: Annotated[str, typer.Option("--yes-erase", help="The key once more.")],
    days: Annotated[
        int, typer.Option(min=0, max=365, help="Days in which it can still be kept.")
    ] = closing.GRACE.days,
) -> None:
    """Erase a market with everything in it: at once with --days 0, else after so many days."""

    async def asked() -> None:
        market = await market_of(key)
        actor = await operator()
        async with deed_session(market.id) as session:
            job_id = await ask_erasure(session, actor, sure, timedelta(days=days))
        if days:
            console.print(f"{key} is closed and will be erased in {days} days.", markup=False)
            console.print(f"To keep it: agora market resume {key}", markup=False)
            return
        with progress_bar() as bar:
            task = bar.add_task(f"erasing {key}", total=None)
            done = await _finished(
                actor.market_id, job_id, lambda at, of: bar.update(task, completed=at, total=of)
            )
        if done.state != "done":
            raise AppError(done.problem or "It was cancelled.", **done.report.get("params", {}))
        table = Table("what", "before", "after", box=None)
        for name, found in done.report["tables"].items():
            table.add_row(name, str(found["before"]), str(found["after"]))
        for name in ("files", "queued_jobs"):
            found = done.report[name]
            table.add_row(name.replace("_", " "), str(found["before"]), str(found["after"]))
        console.print(table)

    with ready_database():
        run(asked())


@commands.command()
def export(
    key: Which,
    to: Annotated[Path | None, typer.Option(help="The file to write; KEY-DATE.zip here.")] = None,
) -> None:
    """Write everything that a market holds into one archive."""

    async def done() -> Path:
        market = await market_of(key)
        actor = await operator()
        async with deed_session(market.id) as session:
            job_id = await ask_archive(session, actor)
        with progress_bar() as bar:
            task = bar.add_task(f"exporting {key}", total=None)
            made = await _finished(
                market.id, job_id, lambda at, of: bar.update(task, completed=at, total=of)
            )
        if made.state != "done":
            raise AppError(made.problem or "It was cancelled.")
        found = await hand_out(actor, market.id, job_id)
        target = to or Path(found.name)
        await asyncio.to_thread(shutil.copyfile, found.file, target)
        # It holds what people wrote to each other.
        target.chmod(0o600)
        return target

    with ready_database():
        written = run(done())
    console.print(f"Wrote {written}", markup=False)


@commands.command()
def quota(
    key: Which,
    listings: Annotated[str | None, typer.Option(help="A number, or none.")] = None,
    members: Annotated[str | None, typer.Option(help="A number, or none.")] = None,
    storage: Annotated[str | None, typer.Option(help="Bytes of files, or none.")] = None,
    api_calls: Annotated[str | None, typer.Option(help="A day, or none.")] = None,
) -> None:
    """Show what a market may have, and change what is given."""
    told = {
        Quota.LISTINGS: listings,
        Quota.MEMBERS: members,
        Quota.STORAGE: storage,
        Quota.API_CALLS: api_calls,
    }
    given = {name: _number(words) for name, words in told.items() if words is not None}

    async def done() -> Table:
        market = await market_of(key)
        if given:
            async with deed_session(market.id) as session:
                await set_quotas(session, await operator(), {**market.quotas, **given})
        market = await market_of(key)
        table = Table("quota", "allowed", "used", box=None)
        async with tenant_session(market.id) as session:
            for name in Quota:
                allowed = market.quotas.get(name)
                counted = "" if name is Quota.API_CALLS else str(await used(session, name))
                table.add_row(name, "none" if allowed is None else str(allowed), counted)
        return table

    with ready_database():
        console.print(run(done()))


async def _finished(market_id: UUID, job_id: UUID, progress: Callable[[int, int], None]) -> Job:
    """The job when it has ended; done here, unless a server that runs was faster."""
    working: asyncio.Task[None] | None = None
    while True:
        if working is None or working.done():
            working = asyncio.create_task(work_off())
        await asyncio.wait({working}, timeout=0.3)
        async with tenant_session(market_id) as session:
            found = await job_of(session, job_id)
        progress(found.done, max(found.total, 1))
        if found.state in FINISHED:
            await working
            return found
        if working.done():
            await asyncio.sleep(0.5)


def _number(words: str) -> int | None:
    if words.strip().lower() == "none":
        return None
    if not words.isdecimal():
        raise AppError("A quota is a number, or none: %(words)s", words=words)
    return int(words)
