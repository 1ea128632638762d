"""What has a page, as rows of a table: counted, and read in batches by the order of their ids."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Text, cast, func, select
from sqlmodel.sql.expression import Select

from app.database import TenantSession
from app.rendering.sitemap_files import DEEPEST, Part

Addressed = Select[UUID, str, datetime, list[str]]
"""Rows with `id`, `slug`, `updated_at` and `locales`."""

BATCH = 1000
"""Rows that are read at once."""


@dataclasses.dataclass(frozen=True)
class Row:
    """One of them."""

    id: UUID
    slug: str
    changed: datetime
    locales: Sequence[str]


async def parts_of(session: TenantSession, rows: Addressed, around: int) -> list[Part]:
    """The rows by the first bits of their ids; a path is `around` signs longer than its slug."""
    one = rows.subquery()
    sent = func.uuid_send(one.c.id)
    # Two bytes, of which the last four bits do not count.
    place = (func.get_byte(sent, 0) * 256 + func.get_byte(sent, 1)).op(">>")(16 - DEEPEST)
    told = func.concat_ws(
        " ",
        one.c.slug,
        cast(func.extract("epoch", one.c.updated_at), Text),
        func.array_to_string(one.c.locales, " "),
    )
    counted = (
        select(
            place.label("number"),
            func.sum(func.cardinality(one.c.locales)).label("addresses"),
            func.max(func.length(one.c.slug)).label("longest"),
            func.max(one.c.updated_at).label("changed"),
            func.bit_xor(func.hashtextextended(told, cast(0, BigInteger))).label("digest"),
        )
        .where(func.cardinality(one.c.locales) > 0)
        .group_by(place)
        .order_by(place)
    )
    connection = await session.connection()
    return [
        Part(row.number, int(row.addresses), row.longest + around, row.changed, row.digest)
        for row in await connection.execute(counted)
    ]


async def batch_of(
    session: TenantSession, rows: Addressed, first: UUID, last: UUID, after: UUID | None
) -> list[Row]:
    """The next rows from `first` to `last`, those up to `after` having been read.

    Fewer than `BATCH` are the end.
    """
    identity = rows.selected_columns.id
    begun = identity >= first if after is None else identity > after
    found = await session.exec(rows.where(begun, identity <= last).order_by(identity).limit(BATCH))
    return [Row(*row) for row in found]
