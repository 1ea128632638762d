"""The index of this process."""

from functools import cache

from app.search.exemplars import exemplars
from app.search.index import SearchIndex
from app.search.postgres import PostgresIndex
from app.search.query_vectors import query_vectors


@cache
def search_index() -> SearchIndex:
    """The configured index."""
    return PostgresIndex()


async def warm_up() -> None:
    """Load the models and exemplars that a search needs; without it the first one waits."""
    await query_vectors("warm up")
    await exemplars()
