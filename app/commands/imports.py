"""Loading listings, articles and mentions from files, all or nothing."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

import typer

from app.catalogue.imports import load_listings, read_listings
from app.commands import ready_database, run
from app.commands.markets import Key, market_of
from app.commands.steps import console, progress_bar
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.knowledge.imports import load_articles, read_articles
from app.markets.changes import announce
from app.markets.directory import MarketCard
from app.rows import Problem, Row, RowInput, check
from app.search.index import Kind
from app.search.serving import search_index
from app.social.receiving import load_mentions, read_mentions
from app.social.work import read_all

commands = typer.Typer(no_args_is_help=True)
File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON Lines, or .csv"),
]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Load the good rows of a file.")]
SHOWN = 50

Input = TypeVar("Input", bound=RowInput)


class Loaded(Protocol):
    """What an import did."""

    created: int
    updated: int
    unchanged: int
    changed: set[UUID]


Progress = Callable[[int], None]
Read = Callable[[Path], Iterator[Row[Input] | Problem]]
Load = Callable[[TenantSession, MarketCard, Iterable[Input], Progress], Awaitable[Loaded]]


@commands.command()
def listings(file: File, market: Key, skip_bad: SkipBad = False) -> None:
    """Load listings; docs/imports.md says what a row has."""
    loaded = _import("listing", file, market, read_listings, load_listings, skip_bad=skip_bad)
    if photos := len(getattr(loaded, "photos", ())):
        console.print(
            f"The photos of {photos} are fetched while the program runs. What cannot be fetched"
            " stands in the market's log."
        )


@commands.command()
def knowledge(file: File, market: Key, skip_bad: SkipBad = False) -> None:
    """Load articles; docs/imports.md says what a row has."""

    async def load(
        session: TenantSession, _market: MarketCard, rows: Iterable[RowInput], progress: Progress
    ) -> Loaded:
        return await load_articles(session, rows, progress)  # pyright: ignore[reportArgumentType]

    _import("article", file, market, read_articles, load, skip_bad=skip_bad)


@commands.command()
def mentions(file: File, market: Key, skip_bad: SkipBad = False) -> None:
    """Load what others say of the market; docs/social.md says what a row has."""
    _import(None, file, market, read_mentions, load_mentions, skip_bad=skip_bad)
    with ready_database():
        count = run(_read_mentions(market))
    console.print(f"{count} were read: how they sound, and what they are about.")


async def _read_mentions(key: str) -> int:
    return await read_all((await market_of(key)).id)


def _import(
    kind: Kind | None,
    file: Path,
    key: str,
    read: Read[Input],
    load: Load[Input],
    *,
    skip_bad: bool,
) -> Loaded:
    with ready_database():
        rows = _checked(file, read, skip_bad=skip_bad)
        loaded = run(_loaded(kind, file, key, read, load, rows))
    console.print(
        f"{loaded.created} new, {loaded.updated} changed, {loaded.unchanged} as they were."
    )
    return loaded


def _checked(file: Path, read: Read[Input], *, skip_bad: bool) -> int:
    """Read the file through and return how many rows are good; bad ones end it unless skipped."""
    with progress_bar() as bar:
        task = bar.add_task("reading ", total=None)
        found = check(read(file), lambda done: bar.update(task, completed=done))
    for problem in found.problems[:SHOWN]:
        console.print(f"line {problem.line}: {problem.reason}", markup=False)
    if found.bad > SHOWN:
        console.print(f"… and {found.bad - SHOWN} more")
    if found.bad and not skip_bad:
        raise AppError(
            "%(bad)s of %(all)s rows are bad, so nothing was loaded. Mend them, or load the "
            "others with --skip-bad.",
            bad=found.bad,
            all=found.bad + found.good,
        )
    return found.good


async def _loaded(
    kind: Kind | None, file: Path, key: str, read: Read[Input], load: Load[Input], rows: int
) -> Loaded:
    """Load the good rows and have the index read what changed, in one unit of work."""
    market = await market_of(key)
    good = (row.value for row in read(file) if isinstance(row, Row))
    with progress_bar() as bar:
        loading = bar.add_task("loading ", total=rows)
        async with tenant_session(market.id) as session:
            loaded = await load(
                session, market, good, lambda done: bar.update(loading, completed=done)
            )
            if loaded.changed and kind is not None:
                indexing = bar.add_task("indexing", total=len(loaded.changed))
                await search_index().refresh(
                    session,
                    kind,
                    sorted(loaded.changed),
                    lambda done, total: bar.update(indexing, completed=done, total=total),
                )
                await announce(session)
    return loaded
