"""Fitting a linear reading: ridge regression over vectors, in numpy.

There are a thousand examples and fewer numbers per vector, for which the equations are solved at
once; a library for it would be the largest thing that the program installs.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.search.embeddings import Vectors

PENALTY = 1.5
"""Keeps the weights small, which is what makes them hold for words that were not examples."""

FOLDS = 5
SHARPNESSES = (4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0)


@dataclasses.dataclass(frozen=True)
class Fitted:
    """Weights of each label; `digest` names the examples and the embedders.

    `centre` is what all vectors have in common, half by half: without it they would all be near
    each other. `sharpness` turns differences of scores into shares.
    """

    labels: tuple[str, ...]
    weights: Vectors
    centre: Vectors
    sharpness: float
    digest: str

    def shares(self, vectors: Vectors) -> Vectors:
        """How likely each label is for each vector; a row adds up to 1."""
        return _shares(self.scores(vectors), self.sharpness)

    def scores(self, vectors: Vectors) -> Vectors:
        """What the weights say of each label; near 1 for one, near 0 for the others."""
        return ((vectors - self.centre) @ self.weights).astype(np.float32)

    def save(self, path: Path) -> None:
        """Write it into a file."""
        np.savez(
            path,
            labels=np.array(self.labels),
            weights=self.weights.astype(np.float16),
            centre=self.centre.astype(np.float16),
            sharpness=np.array(self.sharpness),
            digest=np.array(self.digest),
        )


def load(path: Path) -> Fitted | None:
    """What `Fitted.save` wrote, or None where there is no such file."""
    if not path.exists():
        return None
    with np.load(path) as kept:
        return Fitted(
            tuple(str(label) for label in kept["labels"]),
            kept["weights"].astype(np.float32),
            kept["centre"].astype(np.float32),
            float(kept["sharpness"]),
            str(kept["digest"]),
        )


def fit(vectors: Vectors, labels: Sequence[str], digest: str) -> Fitted:
    """The weights that tell these labels apart; the same for the same examples every time."""
    kinds = tuple(dict.fromkeys(labels))
    places = np.array([kinds.index(label) for label in labels])
    fitted = _solved(vectors, places, kinds, digest)
    return dataclasses.replace(fitted, sharpness=_sharpness(vectors, places, kinds))


def _solved(vectors: Vectors, places: NDArray[Any], kinds: tuple[str, ...], digest: str) -> Fitted:
    truth = np.eye(len(kinds), dtype=np.float64)[places]
    counts = np.maximum(truth.sum(axis=0), 1.0)
    # A label with few examples counts for nearly as much as one with many.
    heavy = np.sqrt(counts.mean() / counts)[places][:, None]
    centre = vectors.mean(axis=0)
    whole = (vectors - centre).astype(np.float64)
    squares = whole.T @ (heavy * whole) + PENALTY * np.eye(whole.shape[1])
    solved = cast("NDArray[np.float64]", np.linalg.solve(squares, whole.T @ (heavy * truth)))
    return Fitted(kinds, solved.astype(np.float32), centre, SHARPNESSES[0], digest)


def _sharpness(vectors: Vectors, places: NDArray[Any], kinds: tuple[str, ...]) -> float:
    """With which shares are right as often as they say, on examples that were left out."""
    fold = np.arange(len(places)) % FOLDS
    scores = np.zeros((len(places), len(kinds)), np.float32)
    for number in range(FOLDS):
        out = fold == number
        scores[out] = _solved(vectors[~out], places[~out], kinds, "").scores(vectors[out])

    def loss(sharpness: float) -> float:
        right = _shares(scores, sharpness)[np.arange(len(places)), places]
        return float(-np.log(np.maximum(right, 1e-6)).mean())

    return min(SHARPNESSES, key=loss)


def _shares(scores: Vectors, sharpness: float) -> Vectors:
    powers = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
