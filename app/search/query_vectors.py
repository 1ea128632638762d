"""A query as vectors, remembered for a while: people go back, and pages are asked for twice."""

import asyncio
import dataclasses
from collections import OrderedDict

from app.search.embeddings import Vectors, paired_embedder, sentence_embedder

REMEMBERED = 500
"""Queries; each takes some 4 KB."""


@dataclasses.dataclass(frozen=True)
class QueryVectors:
    """Both models' vectors of one query, shapes (512,) and (384,)."""

    meaning: Vectors
    wording: Vectors


_known: OrderedDict[str, QueryVectors] = OrderedDict()


async def query_vectors(said: str) -> QueryVectors:
    """The vectors of a query; the two models run side by side."""
    found = _known.get(said)
    if found is None:
        meaning, wording = await asyncio.gather(
            sentence_embedder().embed([said]), paired_embedder().embed_queries([said])
        )
        found = QueryVectors(meaning[0], wording[0])
    _known[said] = found
    _known.move_to_end(said)
    if len(_known) > REMEMBERED:
        _known.popitem(last=False)
    return found


def forget() -> None:
    """Drop what is remembered, as a benchmark does."""
    _known.clear()
