"""Measures the search on needs, typos and near-duplicates in twelve languages.

    agora eval search

It opens a market in a database of its own and prints hit@1, recall@5, mean reciprocal rank and the
share of unanswerable queries that were answered all the same, as a Markdown table. It takes about a
minute.
"""

import dataclasses
from collections.abc import Callable
from uuid import UUID

from app.catalogue.models import Listing, Provider
from app.database import TenantSession
from app.search.index import Query, SearchIndex
from tests.evals.search.corpus import SETS, CorpusQuery, listings, queries


@dataclasses.dataclass(frozen=True)
class Figures:
    """How well queries were answered; all between 0 and 1."""

    hit_at_1: float
    recall_at_5: float
    mrr: float
    false_answers: float
    answered: int
    unanswerable: int

    def __str__(self) -> str:
        return (
            f"{self.answered} + {self.unanswerable} | {self.hit_at_1:.3f} | {self.recall_at_5:.3f}"
            f" | {self.mrr:.3f} | {self.false_answers:.3f}"
        )


async def fill(session: TenantSession, index: SearchIndex) -> dict[UUID, str]:
    """Load the corpus into the session's market and index it; returns the corpus id of each."""
    provider = Provider(external_id="eval", slug="eval", name="Evaluation")
    session.add(provider)
    await session.flush()
    ids: dict[UUID, str] = {}
    for listing in listings():
        row = Listing(
            external_id=listing.id,
            slug=listing.id,
            provider_id=provider.id,
            category=listing.category,
            title={listing.locale: listing.title},
            description={listing.locale: listing.description},
            languages=[listing.locale],
            tags=[listing.tags],
        )
        session.add(row)
        ids[row.id] = listing.id
    await session.flush()
    await index.refresh(session, "listing")
    return ids


async def answers(
    session: TenantSession, index: SearchIndex, ids: dict[UUID, str], query: CorpusQuery
) -> list[str]:
    """The corpus ids that the search answers with, best first."""
    hits = await index.search(session, Query(text=query.text, locale=query.locale))
    return [ids[hit.id] for hit in hits]


def figures(asked: list[tuple[CorpusQuery, list[str]]]) -> Figures:
    """The figures of these queries and their answers."""
    ranks: list[int] = []
    false = 0
    unanswerable = 0
    for query, found in asked:
        if not query.answers:
            unanswerable += 1
            false += bool(found)
            continue
        ranks.append(next((n for n, hit in enumerate(found, 1) if hit in query.answers), 0))
    count = max(1, len(ranks))
    return Figures(
        hit_at_1=sum(rank == 1 for rank in ranks) / count,
        recall_at_5=sum(0 < rank <= 5 for rank in ranks) / count,
        mrr=sum(1 / rank for rank in ranks if rank) / count,
        false_answers=false / max(1, unanswerable),
        answered=len(ranks),
        unanswerable=unanswerable,
    )


async def measure(
    session: TenantSession,
    index: SearchIndex,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[tuple[str, str], Figures]:
    """Figures by set and half ("dev", "test", "all"), of the corpus in the session's market.

    `progress` is told how many queries are asked, out of how many.
    """
    ids = await fill(session, index)
    sets = {name: queries(name) for name in SETS}
    total = sum(map(len, sets.values()))
    done = 0
    measured: dict[tuple[str, str], Figures] = {}
    for name, asked in sets.items():
        answered: list[tuple[CorpusQuery, list[str]]] = []
        for query in asked:
            answered.append((query, await answers(session, index, ids, query)))
            done += 1
            progress(done, total)
        for half in ("dev", "test"):
            measured[name, half] = figures([pair for pair in answered if pair[0].half == half])
        measured[name, "all"] = figures(answered)
    return measured
