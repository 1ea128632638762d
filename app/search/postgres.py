"""The search index in Postgres: vectors by pgvector, names by trigrams and words, ordered here.

The database finds candidates in several ways; their order is a matter of the signs in
`app.search.fusion`, which would be unreadable as SQL.
"""

import asyncio
import dataclasses
import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import text

from app.database import TenantSession
from app.search import filling
from app.search.embeddings import Vectors
from app.search.exemplars import Exemplars, exemplars
from app.search.facets import facets_of
from app.search.fusion import (
    ENOUGH,
    MENDED_BETTER,
    RIVALS,
    USUAL_LEAD,
    WORTH_SHOWING,
    Signs,
    answers,
    fits,
    order,
)
from app.search.index import Filters, Hit, Kind, Query
from app.search.query_vectors import QueryVectors, query_vectors
from app.search.spelling import mended

LONGEST_QUERY = 300
"""Characters of a query that count; the rest costs time and says nothing new."""
EXACT_UP_TO = 4_000
"""Entries of a market that are compared one by one; above, the HNSW index proposes."""
DEPTH = 120
"""How many candidates the sentence encoder proposes; e5 and the names propose half as many."""
ARTICLE_ENOUGH = 0.5

# A named vector would be read by the planner as text; the casts say what it is.
MEANT = "meaning <#> cast(:meaning as halfvec(512))"
WORDED = "wording <#> cast(:wording as halfvec(384))"
CANDIDATES = """
with fitting as materialized (
    select id from search_entry where {where} order by {meant_by} limit :depth
), alike as materialized (
    {alike}
)
select kind, source_id, locale, part, category, facets, hub, wording_hub,
    case when kind = 'article' then text end as text,
    -({meant}) as meant, -({worded}) as worded, word_similarity(:spelled, names) as spelled
from search_entry
where {where} and id in (
    select id from fitting union select id from alike
    union select app.spelt_like(:kind, :spelled, :few)
    union select app.worded_like(:kind, :spelled, :few)
)
"""
ALIKE = "select id from search_entry where {where} order by ({worded}) + 0 limit :few"
NONE_ALIKE = "select id from fitting where false"


@dataclasses.dataclass(frozen=True)
class _Answers:
    """What fits one wording of a query, and the order of the best listing."""

    hits: list[Hit]
    best: float


class PostgresIndex:
    """`SearchIndex` on the market's own database."""

    def __init__(self, exact_up_to: int = EXACT_UP_TO) -> None:
        self._exact_up_to = exact_up_to

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        """Return what fits, best first; empty when nothing in the market does."""
        said = " ".join(query.text.replace("\0", " ").split())[:LONGEST_QUERY]
        if not said or query.limit < 1:
            return []
        found = await self._answers(session, query, said)
        meant = await asyncio.to_thread(mended, said)
        if meant != said:
            guessed = await self._answers(session, query, meant)
            if guessed.best > found.best + MENDED_BETTER:
                found = guessed
        return sorted(found.hits, key=lambda hit: -hit.score)[: query.limit]

    async def _answers(self, session: TenantSession, query: Query, said: str) -> _Answers:
        vectors = await query_vectors(said)
        known = await exemplars()
        hits: list[Hit] = []
        best = -math.inf
        for kind in query.kinds:
            rows = await self._candidates(session, kind, said, vectors, query.filters)
            if kind == "listing":
                fitting = _listings(rows, said, vectors.meaning, known)
                best = max(best, fitting.best)
                hits += fitting.hits
            else:
                hits += _articles(rows, query.locale)
        return _Answers(hits, best)

    async def refresh(
        self,
        session: TenantSession,
        kind: Kind,
        ids: Sequence[UUID] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Index these rows (all of the kind for None) as they are now; those gone are dropped."""
        return await filling.refresh(session, kind, ids, progress)

    async def _candidates(
        self,
        session: TenantSession,
        kind: Kind,
        said: str,
        vectors: QueryVectors,
        filters: Filters,
    ) -> Sequence[Any]:
        where, params = _conditions(kind, filters)
        connection = await session.connection()
        counted = text("select count(*) from search_entry where kind = :kind")
        size = (await connection.execute(counted, {"kind": kind})).scalar_one()
        exact = size <= self._exact_up_to
        if not exact:
            # A filter, and other markets' rows, would otherwise leave too few of the nearest.
            await connection.execute(text("set local hnsw.iterative_scan = 'relaxed_order'"))
            await connection.execute(text(f"set local hnsw.ef_search = {DEPTH}"))
        statement = CANDIDATES.format(
            where=where,
            meant=MEANT,
            worded=WORDED,
            # With something added, the order is not one that the index offers.
            meant_by=f"({MEANT}) + 0" if exact else MEANT,
            alike=ALIKE.format(where=where, worded=WORDED) if exact else NONE_ALIKE,
        )
        params |= {
            "kind": kind,
            "meaning": HalfVector(vectors.meaning).to_text(),
            "wording": HalfVector(vectors.wording).to_text(),
            "spelled": said.lower(),
            "depth": DEPTH,
            "few": DEPTH // 2,
        }
        return (await connection.execute(text(statement), params)).all()


def _conditions(kind: Kind, filters: Filters) -> tuple[str, dict[str, Any]]:
    """The filters as SQL; comparison with null is never true, so what is not said never passes."""
    conditions = ["kind = :kind"]
    params: dict[str, Any] = {}
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


def _listings(rows: Sequence[Any], said: str, meaning: Vectors, known: Exemplars) -> _Answers:
    """The listings among the candidates that fit, in no order; a listing's best language counts."""
    kinds = known.category_scores(meaning)
    nearest, furthest = max(kinds.values()), min(kinds.values())
    asked = facets_of(said)
    best: dict[UUID, tuple[float, Signs]] = {}
    for row in rows:
        category = kinds.get(row.category or "", furthest)
        offered = set(row.facets)
        signs = Signs(
            meaning=row.meant,
            hub=row.hub,
            wording=row.worded,
            wording_hub=row.wording_hub,
            category=category,
            category_gap=category - nearest,
            shared=len(asked & offered),
            unasked=len(offered - asked),
            spelling=row.spelled,
        )
        rank = order(signs)
        if row.source_id not in best or rank > best[row.source_id][0]:
            best[row.source_id] = (rank, signs)
    if not best:
        return _Answers([], -math.inf)
    ranked = sorted(best.items(), key=lambda found: -found[1][0])
    top = ranked[0][1][0]
    rival = _rival(rows, best)
    bar = top - USUAL_LEAD if rival is None else rival
    sure = {
        source: fits(signs, asked=len(asked), lead=max(0.0, rank - bar), length=len(said))
        for source, (rank, signs) in ranked
    }
    surest = sure[ranked[0][0]]
    if surest < ENOUGH:
        return _Answers([], top)
    hits = [
        # Scores must fall in the order of ranks, which sureness alone does not promise.
        Hit("listing", source, round(surest / (1 + (top - rank) / 4), 4))
        for source, (rank, _) in ranked
        if sure[source] >= WORTH_SHOWING
    ]
    return _Answers(hits, top)


def _rival(rows: Sequence[Any], best: dict[UUID, tuple[float, Signs]]) -> float | None:
    """The order of the best candidate of the kind that comes `RIVALS` kinds after the best."""
    by_kind: dict[str, float] = {}
    for row in rows:
        rank = best[row.source_id][0]
        kind = row.category or ""
        by_kind[kind] = max(rank, by_kind.get(kind, rank))
    ranks = sorted(by_kind.values(), reverse=True)
    return ranks[RIVALS] if len(ranks) > RIVALS else None


def _articles(rows: Sequence[Any], locale: str) -> list[Hit]:
    """The articles that bear on the query; the passage is the reader's language where it can."""
    by_source: dict[UUID, list[Any]] = {}
    for row in rows:
        by_source.setdefault(row.source_id, []).append(row)
    hits: list[Hit] = []
    for source, parts in by_source.items():
        sure = max(answers(row.meant, row.worded) for row in parts)
        if sure < ARTICLE_ENOUGH:
            continue
        readable = [row for row in parts if row.locale == locale] or parts
        passage = max(readable, key=lambda row: answers(row.meant, row.worded))
        hits.append(Hit("article", source, round(sure, 4), passage.text))
    return hits
