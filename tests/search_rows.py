"""Rows of vectors that models at endpoints made, for tests."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from pgvector import HalfVector
from sqlmodel import select

from app.database import TenantSession
from app.search.models import EmbeddingSet, SearchVector
from tests.rows import kept, numbers


async def embedding_set(session: TenantSession, **more: Any) -> EmbeddingSet:
    """A set of no vectors yet, by a model that is gone; a market has one of each state."""
    taken = set(await session.exec(select(EmbeddingSet.state)))
    state = "serving" if "serving" not in taken else f"former {next(numbers)}"
    usual = {"state": state, "model_id": uuid4(), "dimensions": 384}
    return await kept(session, EmbeddingSet, {**usual, "model": f"e5 {next(numbers)}"}, more)


async def search_vector(session: TenantSession, **more: Any) -> SearchVector:
    """A vector of length 1, of a fresh entry in a set of its own."""
    from tests.factories import search_entry  # noqa: PLC0415

    if "set_id" not in more:
        more["set_id"] = (await embedding_set(session)).id
    if "entry_id" not in more:
        more["entry_id"] = (await search_entry(session)).id
    vector = HalfVector([1.0] + [0.0] * 383)
    return await kept(
        session, SearchVector, {"dimensions": 384, "vector": vector, "hub": 0.0}, more
    )


SEARCH_ROWS: dict[str, Callable[..., Any]] = {
    "embedding_set": embedding_set,
    "search_vector": search_vector,
}
"""How to make a row of each of these tables."""
