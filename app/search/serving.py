"""The index of this process."""

from functools import cache

from app.search.exemplars import exemplars
from app.search.index import SearchIndex
from app.search.postgres import PostgresIndex
from app.search.query_vectors import query_vectors
from app.settings import settings


@cache
def search_index() -> SearchIndex:
    """The configured index: Weaviate's where a server is named, else the database's."""
    if settings().weaviate_url is None:
        return PostgresIndex()
    # Its client takes a while to import, and most installations have no use for it.
    from app.search.weaviate.index import WeaviateIndex  # noqa: PLC0415

    return WeaviateIndex()


async def close_index() -> None:
    """Close the index's connections, as a process does before its event loop ends."""
    if settings().weaviate_url is not None:
        from app.search.weaviate.connection import close_client  # noqa: PLC0415

        await close_client()


async def warm_up() -> None:
    """Load the models and exemplars that a search needs; without it the first one waits."""
    await query_vectors("warm up")
    await exemplars()
