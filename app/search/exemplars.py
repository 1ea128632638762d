"""What people say when they need a kind of service, as vectors to compare a query with.

Exemplars are the names of every category in twelve languages and the phrases of `needs.json`
("leaking tap", "ребёнок боится зубного"). They serve twice: a query near an exemplar of a category
speaks for that category's listings, and a listing that is near to every need is a hub whose
nearness means little.

The vectors are computed once per version of the data and kept in the data folder.
"""

import asyncio
import dataclasses
import hashlib
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.catalogue.taxonomy import categories
from app.search.embeddings import (
    Embedder,
    PairedEmbedder,
    Vectors,
    paired_embedder,
    sentence_embedder,
)
from app.search.needs import needs
from app.settings import settings

NEAREST_NEEDS = 20
"""A listing's hubness is its mean similarity to this many of the needs that are nearest to it."""
BACKGROUND = 300
"""How many needs tell e5's usual similarity; it varies little, and e5 is slow."""


@dataclasses.dataclass(frozen=True)
class Exemplars:
    """Vectors of all exemplars; row i of `vectors` speaks for the category `keys[owners[i]]`.

    Rows from `first_need` on are needs, those before are names. `usual` is the mean of e5's
    query vectors over needs.
    """

    keys: tuple[str, ...]
    owners: NDArray[np.int64]
    starts: NDArray[np.int64]
    present: NDArray[np.int64]
    order: NDArray[np.int64]
    vectors: Vectors
    first_need: int
    usual: Vectors

    def category_scores(self, query: Vectors) -> dict[str, float]:
        """How near a query vector, shape (512,), is to each category's nearest exemplar."""
        similar = (self.vectors @ query)[self.order]
        best = np.maximum.reduceat(similar, self.starts)
        return {
            self.keys[owner]: float(score)
            for owner, score in zip(self.present.tolist(), best, strict=True)
        }

    def hubness(self, passages: Vectors) -> Vectors:
        """How near each passage, shape (n, 512), is to needs in general, shape (n,)."""
        similar = passages @ self.vectors[self.first_need :].T
        nearest = np.partition(similar, -NEAREST_NEEDS, axis=1)[:, -NEAREST_NEEDS:]
        return cast("Vectors", nearest.mean(axis=1, dtype=np.float32))


def _phrases() -> tuple[tuple[str, ...], list[str], list[int], int]:
    keys = tuple(kind.key for kind in categories())
    place = {key: number for number, key in enumerate(keys)}
    texts: list[str] = []
    owners: list[int] = []
    for kind in categories():
        for name in dict.fromkeys(kind.names.values()):
            texts.append(name)
            owners.append(place[kind.key])
    first_need = len(texts)
    for key, phrases in needs().items():
        for phrase in dict.fromkeys(phrase for found in phrases.values() for phrase in found):
            texts.append(phrase)
            owners.append(place[key])
    return keys, texts, owners, first_need


@cache
def _lock() -> asyncio.Lock:
    return asyncio.Lock()


_ready: list[Exemplars] = []


async def exemplars() -> Exemplars:
    """The exemplars of this process; the first call of an installation takes some seconds."""
    if not _ready:
        async with _lock():
            if not _ready:
                _ready.append(await _made(sentence_embedder(), paired_embedder()))
    return _ready[0]


async def _made(sentences: Embedder, pairs: PairedEmbedder) -> Exemplars:
    keys, texts, owners, first_need = _phrases()
    digest = hashlib.sha256("\n".join([sentences.name, pairs.name, *texts]).encode()).hexdigest()
    folder = settings().home / "search"
    vectors_file = folder / f"exemplars-{digest[:16]}.npy"
    usual_file = folder / f"usual-{digest[:16]}.npy"
    if not (vectors_file.exists() and usual_file.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        needed = texts[first_need:]
        background = needed[:: max(1, len(needed) // BACKGROUND)]
        usual = (await pairs.embed_queries(background)).mean(axis=0)
        _keep(usual_file, usual)
        _keep(vectors_file, await sentences.embed(texts))
    owned = np.asarray(owners, np.int64)
    order = np.argsort(owned, kind="stable")
    present, starts = np.unique(owned[order], return_index=True)
    return Exemplars(
        keys=keys,
        owners=owned,
        starts=starts,
        present=present,
        order=order,
        vectors=np.load(vectors_file, mmap_mode="r"),
        first_need=first_need,
        usual=np.load(usual_file),
    )


def _keep(file: Path, vectors: Vectors) -> None:
    """Write at once and whole, for another process may be about to read."""
    unfinished = file.with_suffix(".unfinished.npy")
    np.save(unfinished, vectors)
    unfinished.replace(file)
