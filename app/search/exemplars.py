"""What people say when they need a kind of service, as vectors to compare a query with.

Exemplars are the names of every category in twelve languages and the phrases of `needs.json`
("leaking tap", "ребёнок боится зубного"). They serve twice: a query near an exemplar of a category
speaks for that category's listings, and a listing that is near to every need is a hub whose
nearness means little.

`elsewhere.json` has what a market of services is asked for in vain: trades that no category names
("drill a water well") and talk ("who won the match"). A query that is nearer to these than to
anything on offer has no answer.

The vectors are computed once per version of the data and kept in the data folder; those of the slow
e5 come with the phrases in `exemplars.npz`, which `scripts/wordings.py` makes.
"""

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.catalogue.taxonomy import categories
from app.search import precomputed
from app.search.embeddings import (
    Embedder,
    PairedEmbedder,
    Vectors,
    keep,
    paired_embedder,
    sentence_embedder,
)
from app.search.needs import Needs, needs
from app.search.precomputed import fingerprint
from app.settings import settings

FILE = Path(str(resources.files("app.search") / "exemplars.npz"))
NEAREST_NEEDS = 20
"""A listing's hubness is its mean similarity to this many of the needs that are nearest to it."""
WORDED_IN = ("en", "ar", "kk", "tr", "uk")
"""Languages of the exemplars that e5 reads too: it is slow, and helps most where the sentence
encoder was trained little or not at all."""


@dataclasses.dataclass(frozen=True)
class Sayings:
    """Vectors of phrases, in groups: rows from `starts[i]` on say what `keys[i]` is for."""

    keys: tuple[str, ...]
    starts: NDArray[np.int64]
    vectors: Vectors

    def scores(self, query: Vectors) -> dict[str, float]:
        """How near a query vector is to the nearest phrase of each key."""
        best = np.maximum.reduceat(self.vectors @ query, self.starts)
        return dict(zip(self.keys, best.tolist(), strict=True))


@dataclasses.dataclass(frozen=True)
class Worded:
    """What an embedder of queries and passages makes of the exemplars.

    `usual` is the mean of all vectors, `elsewhere` are those of `elsewhere.json`. Similarities are
    brought to the scale of the packaged e5, which the weights of `app.search.fusion` know.
    """

    said: Sayings
    usual: Vectors
    elsewhere: Vectors
    scale: float = 1.0
    shift: float = 0.0

    def kinds(self, wording: Vectors) -> dict[str, float]:
        """How near a query's vector is to what each kind of service is for."""
        found = self.said.scores(wording)
        return {key: self.scale * score + self.shift for key, score in found.items()}

    def usually(self, wordings: Vectors) -> Vectors:
        """How near vectors are to needs in general."""
        return self.scale * (wordings @ self.usual) + self.shift

    def elsewhere_near(self, wording: Vectors) -> float:
        """How near a query's vector is to what a market is asked for in vain."""
        return self.scale * float((self.elsewhere @ wording).max()) + self.shift


@dataclasses.dataclass(frozen=True)
class Exemplars:
    """Vectors of all exemplars.

    `named` and `needed` are the sentence encoder's, of names and needs, and `elsewhere` of
    `elsewhere.json`; `worded` are the packaged e5's, of some of all.
    """

    named: Sayings
    needed: Sayings
    worded: Worded
    elsewhere: Vectors

    def meant_kinds(self, meaning: Vectors) -> dict[str, float]:
        """How near a query's vector, shape (512,), is to what each kind is called and is for."""
        found = self.named.scores(meaning)
        for key, score in self.needed.scores(meaning).items():
            found[key] = max(score, found[key])
        return found

    def hubness(self, passages: Vectors) -> Vectors:
        """How near each passage, shape (n, 512), is to needs in general, shape (n,)."""
        similar = passages @ self.needed.vectors.T
        nearest = np.partition(similar, -NEAREST_NEEDS, axis=1)[:, -NEAREST_NEEDS:]
        return cast("Vectors", nearest.mean(axis=1, dtype=np.float32))


_Grouped = dict[str, list[str]]


def _names() -> _Grouped:
    return {kind.key: list(dict.fromkeys(kind.names.values())) for kind in categories()}


def _needed(spoken: Iterable[str] | None = None) -> _Grouped:
    """The phrases of each kind in these languages (all for None)."""
    return {
        key: found
        for key, phrases in needs().items()
        if (
            found := list(
                dict.fromkeys(
                    phrase
                    for locale, said in phrases.items()
                    if spoken is None or locale in spoken
                    for phrase in said
                )
            )
        )
    }


def _elsewhere() -> list[str]:
    source = (resources.files("app.search") / "elsewhere.json").read_text("utf-8")
    told = cast("Needs", json.loads(source))
    return [phrase for group in told.values() for said in group.values() for phrase in said]


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
    names, needed, elsewhere = _names(), _needed(), _elsewhere()
    meanings = await _rows(
        [*_flat(names), *_flat(needed), *elsewhere], sentences.name, sentences.embed
    )
    ends = len(_flat(names)), len(_flat(names)) + len(_flat(needed))
    return Exemplars(
        named=_sayings(names, meanings[: ends[0]]),
        needed=_sayings(needed, meanings[ends[0] : ends[1]]),
        worded=await worded_by(pairs.name, _shipped(pairs)),
        elsewhere=meanings[ends[1] :],
    )


Embed = Callable[[list[str]], Awaitable[Vectors]]


def _shipped(pairs: PairedEmbedder) -> Embed:
    """An embedder's queries, read from what comes with the phrases as far as it has them."""

    async def embed(phrases: list[str]) -> Vectors:
        known = dict(precomputed.read(FILE, pairs.name))
        fresh = [phrase for phrase in phrases if fingerprint(phrase) not in known]
        if fresh:
            known |= zip(map(fingerprint, fresh), await pairs.embed_queries(fresh), strict=True)
        return np.stack([known[fingerprint(phrase)] for phrase in phrases])

    return embed


async def worded_by(model: str, embed: Embed) -> Worded:
    """What an embedder makes of the exemplars as queries; `model` names it among all others."""
    worded = _worded()
    rows = await _rows(worded_phrases(), model, embed)
    end = len(_flat(worded))
    return Worded(
        said=_sayings(worded, rows[:end]),
        usual=rows[:end].mean(axis=0),
        elsewhere=rows[end:],
    )


def worded_phrases() -> list[str]:
    """What an embedder of queries and passages reads, the exemplars and what is elsewhere."""
    return [*_flat(_worded()), *_elsewhere()]


def is_worded_by(model: str) -> bool:
    """Whether the vectors of this model's exemplars are in the data folder."""
    return _file(worded_phrases(), model).exists()


def _worded() -> _Grouped:
    some = _needed(WORDED_IN)
    return {kind.key: [kind.name_in("en"), *some.get(kind.key, ())] for kind in categories()}


async def _rows(phrases: list[str], model: str, embed: Embed) -> Vectors:
    """The phrases' vectors, mapped from the data folder, where they are kept."""
    file = _file(phrases, model)
    if not file.exists():
        vectors = await embed(phrases)
        keep(file, lambda unfinished: np.save(unfinished, vectors))
    return np.load(file, mmap_mode="r")


def _file(phrases: list[str], model: str) -> Path:
    digest = hashlib.sha256("\n".join([model, *phrases]).encode()).hexdigest()
    return settings().home / "search" / f"exemplars-{digest[:16]}.npy"


def _sayings(said: _Grouped, vectors: Vectors) -> Sayings:
    sizes = [len(phrases) for phrases in said.values()]
    return Sayings(tuple(said), np.cumsum([0, *sizes[:-1]]), vectors)


def _flat(said: _Grouped) -> list[str]:
    return [phrase for phrases in said.values() for phrase in phrases]
