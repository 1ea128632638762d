"""The search index in Postgres: vectors by pgvector, names by trigrams and words.

The database proposes candidates in several ways; `app.search.ranking` orders them, which would be
unreadable as SQL.
"""

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import TenantSession
from app.search import filling
from app.search.index import Access, Filters, Hit, Kind, Query, Weighed
from app.search.query_vectors import QueryVectors
from app.search.ranking import ranked, weighing
from app.search.sources import sources
from app.search.wording import Wording

EXACT_UP_TO = 4_000
"""Entries of a market that are compared one by one, however few there are in all markets."""
EXACT_AT_MOST = 30_000
"""Entries that are never compared one by one beyond this: it would take too long."""
WORTH = 3
"""How many entries compared one by one cost what one costs that the HNSW index visits."""
DEPTH = 120
"""How many candidates the sentence encoder proposes; e5 and the names propose half as many."""
WIDTH = 400
"""How many of the nearest the HNSW index keeps in view; more are found the more it keeps."""
VISITED_AT_MOST = 40_000
"""Entries of all markets that the HNSW index visits for one market's candidates."""

# A named vector would be read by the planner as text; the casts say what it is.
MEANT = "meaning <#> cast(:meaning as halfvec(512))"
WORDED = "wording <#> cast(:wording as halfvec(384))"
VECTOR = "cast(vector as halfvec({size})) <#> cast(:served as halfvec({size}))"
# Null where an entry has no vector by the market's own model yet.
SERVED = f":scale * ({VECTOR}) - :shift"
STOOD_IN = "select id, -({worded}) as worded from search_entry where id = any(:ids)"
HELD = """search_entry left join (
    select entry_id, vector, hub as served_hub from search_vector
    where set_id = :set and dimensions = {size}
) as held on held.entry_id = search_entry.id"""
CANDIDATES = """
with {near}
select id, kind, source_id, locale, part, names, category, facets, access,
    hub, {hub} as wording_hub,
    case when kind <> 'listing' then text end as text,
    -({meant}) as meant, -({worded}) as worded, word_similarity(:spelled, names) as spelled
from {entries}
where {where} and id in (
    select id from fitting union select id from alike
    union select unnest(cast(:named as uuid[]))
)
"""
NAMED = """
select app.spelt_like(:kind, :spelled, :spelt) union select app.worded_like(:kind, :spelled, :few)
"""
# Each entry is fetched once for both comparisons.
ONE_BY_ONE = """compared as materialized (
    select id, {meant} as meant, {worded} as worded from {entries} where {where}
), fitting as (
    select id from compared order by meant limit :depth
), alike as (
    select id from compared order by worded limit :few
)"""
BY_INDEX = """fitting as (
    select unnest(cast(:nearest as uuid[])) as id
), alike as (
    select unnest(cast(:alike as uuid[])) as id
)"""
NEAREST = "select id from search_entry where {where} order by {meant} limit :depth"
NEAREST_SERVED = """
select entry_id from search_vector
where set_id = :set and dimensions = {size}
    and exists (select from search_entry where id = entry_id and {where})
order by {vector} limit :few
"""
# A filter, and other markets' rows, would otherwise leave too few of the nearest. And the planner
# takes every market for one of average size: it would rather sort a big one than use the index.
USE_INDEX = f"""
select set_config('enable_sort', 'off', true),
    set_config('hnsw.iterative_scan', 'relaxed_order', true),
    set_config('hnsw.ef_search', '{WIDTH}', true),
    set_config('hnsw.max_scan_tuples', '{VISITED_AT_MOST}', true),
    set_config('hnsw.scan_mem_multiplier', '4', true)
"""
SIZE = """
select (select count(*) from (
        select from search_entry where kind = :kind limit :most
    ) as seen) as own,
    (select reltuples from pg_class where oid = 'search_entry'::regclass) as whole
"""
COUNTED_SECONDS = 60.0
"""How long a market's size is believed; it decides which way is faster, and nothing else."""


def exact_up_to(whole: float) -> int:
    """Up to how many entries a market's are compared one by one, among `whole` of all markets.

    The HNSW index holds the entries of all markets, so for `DEPTH` of one it visits the more the
    smaller the market's share is: `DEPTH * whole / own`. Comparing one by one visits `own`.
    """
    return int(min(EXACT_AT_MOST, max(EXACT_UP_TO, math.sqrt(WORTH * DEPTH * max(0.0, whole)))))


class PostgresIndex:
    """`SearchIndex` on the market's own database."""

    transactional = True

    def __init__(self, exact_up_to: int | None = None) -> None:
        """Compare so many entries one by one; None for as many as pays off."""
        self._exact_up_to = exact_up_to
        self._counted: dict[tuple[UUID, Kind], tuple[float, bool]] = {}

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        """Return what fits, best first; empty when nothing in the market does."""
        return await ranked(session, query, self._candidates)

    async def weigh(self, session: TenantSession, query: Query) -> list[Weighed]:
        """The passages that were looked at for a query, the likeliest first, for the lab."""
        return await weighing(session, query, self._candidates)

    async def let_see(self, session: TenantSession, kind: Kind, ids: Sequence[UUID]) -> None:
        """Let those find these who may see them now."""
        await filling.let_see(session, kind, await sources(session, kind, ids))

    async def refresh(
        self,
        session: TenantSession,
        kind: Kind,
        ids: Sequence[UUID] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Index these rows (all of the kind for None) as they are now; those gone are dropped."""
        return await filling.refresh(session, kind, ids, progress)

    async def rebuild(
        self, market_id: UUID, progress: Callable[[int, int], Awaitable[None]]
    ) -> int:
        """Embed everything of a market anew."""
        return await filling.refill(market_id, progress)

    async def erase(self, market_id: UUID) -> None:
        """Nothing is kept outside the database."""

    async def tend(self) -> None:
        """The database tends its indexes itself."""

    async def _candidates(
        self,
        session: TenantSession,
        kind: Kind,
        said: str,
        vectors: QueryVectors,
        query: Query,
    ) -> Sequence[Any]:
        where, params = _conditions(kind, query.filters, query.access)
        connection = await session.connection()
        params |= {
            "kind": kind,
            "meaning": HalfVector(vectors.meaning).to_text(),
            "spelled": said.lower(),
            "depth": DEPTH,
            "few": DEPTH // 2,
            # Listings are asked for by name; how a text is called says little without its words.
            "spelt": DEPTH // 2 if kind == "listing" else 0,
        }
        big = await self._is_big(session.tenant_id, connection, kind)
        if big:
            nearest = NEAREST.format(where=where, meant=MEANT)
            params["nearest"] = await _by_index(connection, nearest, params)
        params["named"] = list((await connection.execute(text(NAMED), params)).scalars())
        # What stands above takes about as long as the second model takes to read the query.
        read = await vectors.read()
        named = {"where": where, "meant": MEANT} | _read_by(read, params)
        # An index of many alike may fall into parts that do not lead to each other.
        exact = len(params.get("nearest", ())) < DEPTH
        if big and not exact:
            params["alike"] = []
            if read.by is not None:
                alike = NEAREST_SERVED.format(
                    where=where,
                    size=read.by.dimensions,
                    vector=VECTOR.format(size=read.by.dimensions),
                )
                params["alike"] = await _by_index(connection, alike, params)
        near = (ONE_BY_ONE if exact else BY_INDEX).format(**named)
        statement = CANDIDATES.format(near=near, **named)
        rows = (await connection.execute(text(statement), params)).all()
        return rows if read.by is None else await _stood_in(connection, rows, vectors)

    async def _is_big(self, market_id: UUID, connection: AsyncConnection, kind: Kind) -> bool:
        """Whether a market has more entries of a kind than are compared one by one."""
        until, big = self._counted.get((market_id, kind), (0.0, False))
        if time.monotonic() < until:
            return big
        most = max(self._exact_up_to or 0, EXACT_AT_MOST) + 1
        size = (await connection.execute(text(SIZE), {"kind": kind, "most": most})).one()
        bar = self._exact_up_to if self._exact_up_to is not None else exact_up_to(size.whole)
        self._counted[market_id, kind] = (time.monotonic() + COUNTED_SECONDS, size.own > bar)
        return size.own > bar


def _read_by(read: Wording, params: dict[str, Any]) -> dict[str, str]:
    """How entries are compared with what read the query, whose vector joins the parameters."""
    if read.by is None:
        params["wording"] = HalfVector(read.vector).to_text()
        return {"worded": WORDED, "hub": "wording_hub", "entries": "search_entry"}
    params |= {
        "served": HalfVector(read.vector).to_text(),
        "set": read.by.set_id,
        "scale": read.known.scale,
        "shift": read.known.shift,
    }
    size = read.by.dimensions
    return {
        "worded": SERVED.format(size=size),
        "hub": "coalesce(served_hub, wording_hub)",
        "entries": HELD.format(size=size),
    }


async def _stood_in(
    connection: AsyncConnection, rows: Sequence[Any], vectors: QueryVectors
) -> Sequence[Any]:
    """The rows, with e5's similarity for those that the market's own model has not read yet."""
    lacking = [row.id for row in rows if row.worded is None]
    if not lacking:
        return rows
    wording = HalfVector(await vectors.wording()).to_text()
    told = {"ids": lacking, "wording": wording}
    found = {
        row.id: row.worded
        for row in await connection.execute(text(STOOD_IN.format(worded=WORDED)), told)
    }
    return [
        row
        if row.worded is not None
        else SimpleNamespace(**{**row._mapping, "worded": found[row.id]})
        for row in rows
        if row.worded is not None or row.id in found
    ]


async def _by_index(connection: AsyncConnection, query: str, params: dict[str, Any]) -> list[UUID]:
    """The nearest by one model, as far as the HNSW index leads to them."""
    await connection.execute(text(USE_INDEX))
    found = await connection.execute(text(query), params)
    ids = list(found.scalars())
    await connection.execute(text("set local enable_sort = on"))
    return ids


def _conditions(
    kind: Kind, filters: Filters, access: Sequence[Access]
) -> tuple[str, dict[str, Any]]:
    """The filters as SQL; comparison with null is never true, so what is not said never passes."""
    conditions = ["kind = :kind", "access = any(:access)"]
    params: dict[str, Any] = {"access": list(access)}
    if filters.category is not None:
        conditions.append("category = :category")
        params["category"] = filters.category
    if filters.city is not None:
        conditions.append("lower(city) = lower(:city)")
        params["city"] = filters.city.strip()
    if filters.language is not None:
        conditions.append(":language = any(languages)")
        params["language"] = filters.language
    if filters.price_max is not None:
        conditions.append("price_amount <= :price_max and price_currency = :currency")
        params |= {"price_max": Decimal(filters.price_max), "currency": filters.currency}
    elif filters.currency is not None:
        conditions.append("price_currency = :currency")
        params["currency"] = filters.currency
    if filters.near is not None:
        conditions.append(
            "6371 * acos(least(1, greatest(-1, sin(radians(:lat)) * sin(radians(lat))"
            " + cos(radians(:lat)) * cos(radians(lat)) * cos(radians(lon - :lon))))) <= :km"
        )
        params |= {"lat": filters.near.lat, "lon": filters.near.lon, "km": filters.near.km}
    return " and ".join(conditions), params
