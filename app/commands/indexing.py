"""Making the search index anew, and measuring how well it finds."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands import ready_database, run
from app.commands.markets import market_of
from app.commands.steps import console, progress_bar
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard, all_markets
from app.search.index import Kind
from app.search.serving import search_index

commands = typer.Typer(no_args_is_help=True)
evaluations = typer.Typer(no_args_is_help=True)
KINDS: tuple[Kind, ...] = ("listing", "article")
ROOT = Path(__file__).resolve().parents[2]


@commands.callback()
def index() -> None:
    """What search looks into."""


@commands.command()
def rebuild(
    market: Annotated[
        str | None, typer.Option(help="One market's key; all when not given.")
    ] = None,
) -> None:
    """Index every listing and article as it is now; what did not change is left alone."""
    with ready_database():
        embedded = run(_rebuild(market))
    console.print(f"Indexed; {embedded} texts were embedded anew.")


async def _rebuild(key: str | None) -> int:
    markets = [await market_of(key)] if key else await all_markets()
    return sum([await _rebuild_market(market) for market in markets])


async def _rebuild_market(market: MarketCard) -> int:
    embedded = 0
    with progress_bar() as bar:
        for kind in KINDS:
            task = bar.add_task(f"{market.key} {kind}s", total=None)
            async with tenant_session(market.id) as session:
                embedded += await search_index().refresh(
                    session,
                    kind,
                    progress=lambda done, total, task=task: bar.update(
                        task, completed=done, total=total
                    ),
                )
    return embedded


@evaluations.callback()
def evaluation() -> None:
    """Measure quality on written sets."""


@evaluations.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def search(context: typer.Context) -> None:
    """Measure search on the set in tests/evals/search; further words go to that program."""
    if not (ROOT / "tests" / "evals" / "search").is_dir():
        raise NotFound("This copy of Agora has no tests/evals/search; clone the repository.")
    words = [sys.executable, "-m", "tests.evals.search", *context.args]
    raise typer.Exit(subprocess.call(words, cwd=ROOT))
