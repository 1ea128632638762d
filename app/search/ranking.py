"""What every search index shares: which of its candidates fit a query, and in which order.

An implementation of `SearchIndex` proposes candidates; the signs in `app.search.fusion` speak for
them, in the same way whichever index they come from.
"""

import asyncio
import dataclasses
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from app.database import TenantSession
from app.search.articles import article_hits, passage_hits, weighed
from app.search.embeddings import Vectors
from app.search.exemplars import Exemplars, exemplars
from app.search.facets import facets_of
from app.search.fusion import (
    ENOUGH,
    MENDED_BETTER,
    WORDING_HUB,
    WORTH_SHOWING,
    Doubts,
    Signs,
    fits,
    order,
)
from app.search.index import Hit, Kind, Query, Weighed
from app.search.query_vectors import QueryVectors, query_vectors
from app.search.spelling import mended
from app.search.wording import Wording, reader_of

LONGEST_QUERY = 300
"""Characters of a query that count; the rest costs time and says nothing new."""

Candidates = Callable[[TenantSession, Kind, str, QueryVectors, Query], Awaitable[Sequence[Any]]]
"""Proposes entries of one kind for what is said, all of which pass the query's filters.

Each has `source_id`, `access`, `locale`, `part`, `names`, `category`, `facets`, `hub`,
`wording_hub` and `text` as the index keeps them, `meant` and `worded`, the similarities of both
models, and `spelled`, the share of the query that its names contain (trigrams, 0 to 1).
"""


@dataclasses.dataclass(frozen=True)
class _Answers:
    """What fits one wording of a query, and the order of the best listing."""

    hits: list[Hit]
    best: float


async def ranked(session: TenantSession, query: Query, candidates: Candidates) -> list[Hit]:
    """Return those of the candidates that fit, best first; empty when none does."""
    said = said_in(query)
    if not said or query.limit < 1:
        return []
    found = await _answers(session, query, said, candidates)
    meant = await asyncio.to_thread(mended, said)
    if meant != said:
        guessed = await _answers(session, query, meant, candidates)
        if guessed.best > found.best + MENDED_BETTER:
            found = guessed
    return sorted(found.hits, key=lambda hit: -hit.score)[: query.limit]


def said_in(query: Query) -> str:
    """The words of a query that count, on one line."""
    return " ".join(query.text.replace("\0", " ").split())[:LONGEST_QUERY]


async def _answers(
    session: TenantSession, query: Query, said: str, candidates: Candidates
) -> _Answers:
    vectors = await query_vectors(said, await reader_of(session))
    known = await exemplars()
    # What the meaning alone tells is weighed while the second model still reads.
    meant = known.meant_kinds(vectors.meaning) if "listing" in query.kinds else {}
    hits: list[Hit] = []
    best = -math.inf
    for kind in query.kinds:
        rows = await candidates(session, kind, said, vectors, query)
        if kind == "listing":
            wording = await vectors.read()
            kinds = _Kinds(meant, wording.kinds())
            fitting = _listings(rows, said, kinds, vectors.meaning, wording, known)
            best = max(best, fitting.best)
            hits += fitting.hits
        elif kind == "passage":
            hits += passage_hits(rows, said)
        else:
            hits += article_hits(rows, said, query.locale)
    return _Answers(hits, best)


async def weighing(session: TenantSession, query: Query, candidates: Candidates) -> list[Weighed]:
    """What speaks for each passage that is looked at for a query, the likeliest first."""
    said = said_in(query)
    if not said:
        return []
    vectors = await query_vectors(said, await reader_of(session))
    rows = await candidates(session, "passage", said, vectors, query)
    return weighed(rows, said)[: query.limit]


def _listings(
    rows: Sequence[Any],
    said: str,
    kinds: "_Kinds",
    meaning: Vectors,
    wording: Wording,
    known: Exemplars,
) -> _Answers:
    """The listings among the candidates that fit, in no order; a listing's best language counts."""
    asked = facets_of(said)
    best: dict[UUID, tuple[float, Signs, str]] = {}
    details: dict[UUID, tuple[str, ...]] = {}
    for row in rows:
        kind = row.category or ""
        offered = set(row.facets)
        signs = Signs(
            meaning=row.meant,
            hub=row.hub,
            wording=row.worded,
            wording_hub=row.wording_hub,
            category=kinds.meant(kind),
            category_gap=kinds.meant(kind) - kinds.nearest_meant,
            worded_gap=kinds.worded(kind) - kinds.nearest_worded,
            shared=len(asked & offered),
            unasked=len(offered - asked),
            spelling=row.spelled,
        )
        rank = order(signs)
        if row.source_id not in best or rank > best[row.source_id][0]:
            best[row.source_id] = (rank, signs, kind)
            # A detail named in one language holds in all.
            details[row.source_id] = tuple(sorted(asked & offered)) if asked else ()
    if not best:
        return _Answers([], -math.inf)
    ranked = sorted(best.items(), key=lambda found: -found[1][0])
    top = ranked[0][1][0]
    likeliest = max(rows, key=lambda row: row.worded - WORDING_HUB * row.wording_hub).category
    elsewhere = float((known.elsewhere @ meaning).max())
    elsewhere_worded = wording.elsewhere()
    usual = wording.usually()
    sure = {
        source: fits(
            signs,
            Doubts(
                elsewhere=elsewhere - max(signs.category, signs.meaning),
                elsewhere_worded=elsewhere_worded - kinds.worded(kind),
                usual=usual,
                asked=len(asked),
                length=len(said),
                agreed=kind == (likeliest or ""),
            ),
        )
        for source, (_, signs, kind) in ranked
    }
    surest = sure[ranked[0][0]]
    if surest < ENOUGH:
        return _Answers([], top)
    hits = [
        # Scores must fall in the order of ranks, which sureness alone does not promise.
        Hit(
            "listing",
            source,
            round(surest / (1 + (top - rank) / 4), 4),
            said=said,
            details=details[source],
        )
        for source, (rank, _, _) in ranked
        if sure[source] >= WORTH_SHOWING
    ]
    return _Answers(hits, top)


class _Kinds:
    """How near a query is to each kind of service, by both models; unknown kinds are far."""

    def __init__(self, meant: dict[str, float], worded: dict[str, float]) -> None:
        self._meant = meant
        self._worded = worded
        self.nearest_meant = max(self._meant.values())
        self.nearest_worded = max(self._worded.values())
        self._far = min(self._meant.values())
        self._far_worded = min(self._worded.values())

    def meant(self, kind: str) -> float:
        return self._meant.get(kind, self._far)

    def worded(self, kind: str) -> float:
        return self._worded.get(kind, self._far_worded)
