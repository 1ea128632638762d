"""The index of this process."""

from app.errors import Unavailable
from app.search.index import SearchIndex


def search_index() -> SearchIndex:
    """The configured index."""
    raise Unavailable("No search index is configured.")
