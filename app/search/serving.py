"""The index of this process."""

from functools import cache

from app.search.index import SearchIndex
from app.search.postgres import PostgresIndex


@cache
def search_index() -> SearchIndex:
    """The configured index."""
    return PostgresIndex()
