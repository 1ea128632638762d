"""What happened in the markets: what waits, what was given up and why."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from app.commands import ready_database, run
from app.commands.markets import Key, market_of
from app.commands.steps import console
from app.database import tenant_session
from app.markets.directory import all_markets
from app.outbox.keeping import Parked, parked, try_again

commands = typer.Typer(no_args_is_help=True)


@commands.command("parked")
def list_parked() -> None:
    """List the events that were given up, with the reason."""

    async def listed() -> list[tuple[str, Parked]]:
        found: list[tuple[str, Parked]] = []
        for market in await all_markets():
            async with tenant_session(market.id) as session:
                found += [(market.key, one) for one in await parked(session)]
        return found

    with ready_database():
        found = run(listed())
    if not found:
        console.print("Nothing was given up.")
        return
    table = Table("market", "event", "name", "given up by", "attempts", "reason", box=None)
    for key, one in found:
        who = one.consumer or "the relay"
        table.add_row(key, str(one.event_id), one.name, who, str(one.attempts), one.problem)
    console.print(table)


@commands.command("retry")
def retry(
    market: Key,
    event: Annotated[UUID | None, typer.Argument(help="The event; all when not given.")] = None,
) -> None:
    """Have events that were given up tried again."""

    async def again() -> int:
        found = await market_of(market)
        async with tenant_session(found.id) as session:
            return await try_again(session, event)

    with ready_database():
        console.print(f"{run(again())} will be tried again.")
