"""Sealing what is kept with the present key, after `AGORA_SECRET_KEY` was replaced."""

from typing import Any
from uuid import UUID

import typer
from sqlalchemy import Column, Table, select, text, type_coerce, update
from sqlalchemy.types import Text
from sqlmodel import SQLModel

import app.tables  # noqa: F401  # pyright: ignore[reportUnusedImport]  Every table must be known.
from app.commands import ready_database, run
from app.commands.steps import console
from app.database import identity_session, platform_session
from app.sealing import Sealed, reseal

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def secrets() -> None:
    """The secrets that the database keeps sealed."""


@commands.command()
def rotate() -> None:
    """Seal every secret anew with the present key; then the former keys can be dropped."""
    with ready_database():
        sealed = run(reseal_all())
    console.print(
        f"{sealed} secrets are sealed with the present key. "
        "AGORA_FORMER_SECRET_KEYS can be emptied at the next start."
    )


async def reseal_all() -> int:
    """Seal all `Sealed` columns of all markets anew; return how many values. Safe to repeat."""
    async with identity_session() as session:
        markets = (await session.scalars(text("select id from app.market_ids() as id"))).all()
    return sum([await _reseal_market(market) for market in markets])


async def _reseal_market(market_id: UUID) -> int:
    count = 0
    async with platform_session(market_id) as session:
        connection = await session.connection()
        for table, column in sealed_columns():
            raw = type_coerce(column, Text).label("sealed")
            query = select(table.c.id, raw).where(column.is_not(None)).with_for_update()
            for row_id, kept in (await connection.execute(query)).all():
                changed = {column.name: type_coerce(reseal(kept), Text)}
                await connection.execute(update(table).where(table.c.id == row_id).values(changed))
                count += 1
    return count


def sealed_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column whose values are sealed."""
    return [
        (table, column)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]
