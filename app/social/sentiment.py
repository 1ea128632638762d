"""How a mention sounds, by a linear reading of its vectors that was learned from examples.

Both packaged encoders read a text, as they do for what a message wants (`agents.intents`): one
understands what is meant, the other looks at words more closely. The examples stand in
`sentences.txt`; what scikit-learn made of them in `sentiment.npz`, written by
`python -m scripts.sentiment`. Serving needs no scikit-learn. `docs/social.md` says how often it is
right.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np

from app.search.embeddings import (
    Embedder,
    PairedEmbedder,
    Vectors,
    paired_embedder,
    sentence_embedder,
)
from app.social.models import SENTIMENTS, Sentiment

SENTENCES = Path(__file__).parent / "sentences.txt"
WEIGHTS = Path(__file__).parent / "sentiment.npz"
WORDING = 2.0
"""How much the second encoder's vectors are stretched, so that both have a say."""
READ = 1_000
"""Characters that are looked at; how a text sounds is told by its beginning."""


@dataclass(frozen=True)
class Sounding:
    """How a text sounds and how sure that is, with what it means as a vector."""

    sentiment: Sentiment
    sureness: float
    vector: Vectors


@dataclass(frozen=True)
class Weights:
    """What was learned: a column for each of `SENTIMENTS`."""

    weights: Vectors
    bias: Vectors

    def shares(self, vectors: Vectors) -> Vectors:
        """How likely each sentiment is for each vector; a row adds up to 1."""
        scores = vectors @ self.weights + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


@cache
def weights() -> Weights:
    """What was learned from the examples."""
    with np.load(WEIGHTS) as kept:
        return Weights(kept["weights"].astype(np.float32), kept["bias"].astype(np.float32))


async def soundings(
    texts: Sequence[str],
    embedder: Embedder | None = None,
    pairs: PairedEmbedder | None = None,
) -> list[Sounding]:
    """How each text sounds."""
    if not texts:
        return []
    looked = [text[:READ] for text in texts]
    meanings, both = await vectors_of(looked, embedder, pairs)
    shares = weights().shares(both)
    return [
        Sounding(SENTIMENTS[int(row.argmax())], float(row.max()), meaning)
        for row, meaning in zip(shares, meanings, strict=True)
    ]


async def vectors_of(
    texts: Sequence[str],
    embedder: Embedder | None = None,
    pairs: PairedEmbedder | None = None,
) -> tuple[Vectors, Vectors]:
    """The vectors of what is meant, and those that sentiments are read from."""
    meanings, wordings = await asyncio.gather(
        (embedder or sentence_embedder()).embed(texts),
        (pairs or paired_embedder()).embed_queries(texts),
    )
    return meanings, np.concatenate([meanings, WORDING * wordings], axis=1)


def examples(path: Path = SENTENCES) -> list[tuple[str, Sentiment, str]]:
    """Labelled sentences as (language, sentiment, text)."""
    told: list[tuple[str, Sentiment, str]] = []
    language = sentiment = ""
    for line in path.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("["):
            language, _, sentiment = text.strip("[]").partition(" ")
        elif text and not text.startswith("#"):
            told.append((language, cast("Sentiment", sentiment), text))
    return told
