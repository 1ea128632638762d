"""Making the search index anew."""

from typing import Annotated

import typer

from app.accounts.actors import system
from app.commands import ready_database, run
from app.commands.following import followed
from app.commands.markets import Key, market_of
from app.commands.models import named
from app.commands.steps import console, progress_bar
from app.database import tenant_session
from app.markets.directory import MarketCard, all_markets
from app.search import embedding_sets
from app.search.index import KINDS
from app.search.serving import search_index

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def index() -> None:
    """What search looks into."""


@commands.command()
def rebuild(
    market: Annotated[
        str | None, typer.Option(help="One market's key; all when not given.")
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Embed everything again; search goes on meanwhile.")
    ] = False,
) -> None:
    """Index every listing, article and document as it is now; what did not change is left alone."""
    with ready_database():
        embedded = run(_rebuild(market, anew=anew))
    console.print(f"Indexed; {embedded} texts were embedded anew.")


@commands.command()
def embedder(
    market: Key,
    model: Annotated[
        str, typer.Argument(help="ENDPOINT:MODEL, as `agora models list` shows it.")
    ] = "",
    packaged: Annotated[
        bool, typer.Option("--packaged", help="Let the packaged encoders alone read, at once.")
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Stop a change under way.")] = False,
) -> None:
    """Say who embeds a market's texts, or have another model do it; search goes on meanwhile."""
    if packaged + cancel + bool(model) > 1:
        raise typer.BadParameter("Give a model, --packaged or --cancel.")
    with ready_database():
        card = run(market_of(market))
        if model:
            run(_embed_by(card, model))
        run(_tell(card, packaged=packaged, cancel=cancel))


async def _embed_by(card: MarketCard, name: str) -> None:
    actor = system(card.id, "agora index")
    async with tenant_session(card.id) as session:
        wanted = await named(session, actor, name)
        job_id = await embedding_sets.choose(session, actor, wanted.model_id)
    await followed(card, job_id, name)


async def _tell(card: MarketCard, *, packaged: bool, cancel: bool) -> None:
    actor = system(card.id, "agora index")
    async with tenant_session(card.id) as session:
        if cancel:
            await embedding_sets.stop(session, actor)
        if packaged:
            await embedding_sets.use_packaged(session, actor)
        now = await embedding_sets.embedders(session, actor)
    console.print(f"{now.name}; {now.entries} entries, {now.missing} not read by it yet")
    if now.filling is not None and now.job is not None:
        done = f"{now.job.done} of {now.job.total}"
        console.print(f"{now.filling.model} is being prepared: {now.job.state}, {done}")


async def _rebuild(key: str | None, *, anew: bool) -> int:
    markets = [await market_of(key)] if key else await all_markets()
    make = _make_anew if anew else _rebuild_market
    return sum([await make(market) for market in markets])


async def _make_anew(market: MarketCard) -> int:
    with progress_bar() as bar:
        task = bar.add_task(market.key, total=None)

        async def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return await search_index().rebuild(market.id, show)


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
