"""A query as vectors, remembered for a while: people go back, and pages are asked for twice."""

import asyncio
from collections import OrderedDict
from uuid import UUID

from app.search.embeddings import Vectors, paired_embedder, sentence_embedder
from app.search.exemplars import exemplars
from app.search.wording import Reader, Wording, served

REMEMBERED = 500
"""Queries; each takes some 4 KB."""


class QueryVectors:
    """Both models' vectors of one query.

    `meaning`, shape (512,), is there at once. The wording takes ten times as long, so that the
    database is asked for what is near in meaning meanwhile.
    """

    meaning: Vectors

    def __init__(self, said: str, reader: Reader | None) -> None:
        self._said = said
        self._packaged: asyncio.Task[Vectors] | None = None
        self._read = asyncio.create_task(self._by(reader))

    async def wording(self) -> Vectors:
        """The packaged second model's vector, shape (384,)."""
        if self._packaged is None or _failed(self._packaged):
            self._packaged = asyncio.create_task(paired_embedder().embed_queries([self._said]))
        # Whoever waits may be cancelled; others wait for the same.
        return (await asyncio.shield(self._packaged))[0]

    async def read(self) -> Wording:
        """The vector of the model that the market chose, or of the packaged one in its place."""
        return await asyncio.shield(self._read)

    async def _by(self, reader: Reader | None) -> Wording:
        if reader is not None and (vector := await served(reader, self._said)) is not None:
            return Wording(vector, reader.known, reader)
        return Wording(await self.wording(), (await exemplars()).worded, None)

    def stands(self, reader: Reader | None) -> bool:
        """Whether this is what `reader` says, and not what stood in for it or failed."""
        if not self._read.done():
            return True
        return not _failed(self._read) and (reader is None or self._read.result().by is not None)

    def stop(self) -> None:
        """Read no further."""
        self._read.cancel()


def _failed(task: "asyncio.Task[Vectors] | asyncio.Task[Wording]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


_Key = tuple[UUID | None, str]
_known: OrderedDict[_Key, QueryVectors] = OrderedDict()


async def query_vectors(said: str, reader: Reader | None = None) -> QueryVectors:
    """The vectors of a query; the two models run side by side."""
    key = (reader.set_id if reader else None, said)
    found = _known.get(key)
    if found is None or not found.stands(reader):
        found = QueryVectors(said, reader)
        try:
            found.meaning = (await sentence_embedder().embed([said]))[0]
        except BaseException:
            found.stop()
            raise
    _known[key] = found
    _known.move_to_end(key)
    if len(_known) > REMEMBERED:
        _known.popitem(last=False)
    return found


def forget() -> None:
    """Drop what is remembered, as a benchmark does."""
    _known.clear()
