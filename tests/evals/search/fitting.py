"""Fits the weights of `app.search.fusion` and says what each sign is worth.

    python -m tests.evals.search.fitting

Works on arrays, without a database: every query against every listing. For each step it fits the
weights of the signs so far on the development half (softmax regression) and prints the figures of
both halves; nothing is refused here, so the false answers are those of a threshold that loses
one answerable query of the development half in twenty.
"""

import asyncio
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.search.embeddings import paired_embedder, sentence_embedder
from app.search.exemplars import exemplars
from app.search.facets import facets_of
from tests.evals.search.corpus import CorpusListing, CorpusQuery, listings, queries

Matrix = NDArray[np.float64]
ROUNDS = 400
LOST = 0.05

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sentence encoder alone", ("meaning",)),
    ("e5 alone", ("wording",)),
    ("both", ("meaning", "wording")),
    ("less hubness", ("meaning", "hub", "wording", "wording_hub")),
    (
        "category exemplars",
        ("meaning", "hub", "wording", "wording_hub", "category", "category_gap"),
    ),
    (
        "details from words",
        (
            "meaning",
            "hub",
            "wording",
            "wording_hub",
            "category",
            "category_gap",
            "shared",
            "unasked",
        ),
    ),
)


async def signs(asked: list[CorpusQuery], offered: list[CorpusListing]) -> dict[str, Matrix]:
    """Every sign of every query and listing, each of shape (queries, listings)."""
    known = await exemplars()
    said = [query.text for query in asked]
    texts = [f"{listing.title}. {listing.description}" for listing in offered]
    meant = await sentence_embedder().embed(said)
    meanings = await sentence_embedder().embed(texts)
    worded = await paired_embedder().embed_queries(said)
    wordings = await paired_embedder().embed_passages(texts)
    kinds = [known.category_scores(row) for row in meant]
    category = np.array([[found[listing.category] for listing in offered] for found in kinds])
    nearest = np.array([[max(found.values())] for found in kinds])
    details = [
        facets_of(f"{listing.title} . {listing.description} . {listing.tags}")
        for listing in offered
    ]
    wanted = [facets_of(text) for text in said]
    shape = (len(asked), len(offered))
    return {
        "meaning": (meant @ meanings.T).astype(np.float64),
        "hub": np.broadcast_to(known.hubness(meanings), shape).astype(np.float64),
        "wording": (worded @ wordings.T).astype(np.float64),
        "wording_hub": np.broadcast_to(wordings @ known.usual, shape).astype(np.float64),
        "category": category,
        "category_gap": category - nearest,
        "shared": np.array([[float(len(w & d)) for d in details] for w in wanted]),
        "unasked": np.array([[float(len(d - w)) for d in details] for w in wanted]),
    }


def fitted(stack: Matrix, right: Matrix) -> NDArray[np.float64]:
    """Weights of signs, shape (queries, listings, signs), by softmax regression with Adam.

    `right` has a row per query that sums to 1 over the listings that answer it.
    """
    scale = stack.std(axis=(0, 1))
    scaled = stack / scale
    weights = np.zeros(stack.shape[2])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, ROUNDS + 1):
        scores = scaled @ weights
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = np.einsum("ql,qls->s", chances - right, scaled) / len(right) + 1e-3 * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        step = (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
        weights -= 0.1 * step
    return cast("NDArray[np.float64]", weights / scale)


def figures(scores: Matrix, asked: list[CorpusQuery], ids: list[str], half: str) -> str:
    """A row's cells: hit@1, recall@5, MRR and the false answers of one half."""
    ranks: list[int] = []
    for row, query in zip(scores, asked, strict=True):
        if query.half == half and query.answers:
            ranked = [ids[place] for place in np.argsort(-row)]
            ranks.append(1 + min(ranked.index(answer) for answer in query.answers))
    best = scores.max(axis=1)
    answered = [b for b, q in zip(best, asked, strict=True) if q.answers and q.half == "dev"]
    bar = np.quantile(answered, LOST)
    false = [b > bar for b, q in zip(best, asked, strict=True) if not q.answers and q.half == half]
    return " | ".join(
        f"{value:.3f}"
        for value in (
            np.mean([rank == 1 for rank in ranks]),
            np.mean([rank <= 5 for rank in ranks]),
            np.mean([1 / rank for rank in ranks]),
            np.mean(false),
        )
    )


async def main() -> None:
    """Print the steps, and the weights of the last."""
    asked, offered = queries(), listings()
    ids = [listing.id for listing in offered]
    found = await signs(asked, offered)
    dev = [row for row, query in enumerate(asked) if query.half == "dev" and query.answers]
    right = np.array(
        [
            [(id in asked[row].answers) / len(asked[row].answers) for id in ids]  # noqa: A001
            for row in dev
        ]
    )
    print("| step | half | hit@1 | recall@5 | MRR | false answers |")
    print("|---|---|---:|---:|---:|---:|")
    weights = np.zeros(0)
    names: tuple[str, ...] = ()
    for step, names in STEPS:
        stack = np.stack([found[name] for name in names], axis=-1)
        weights = fitted(stack[dev], right)
        for half in ("dev", "test"):
            print(f"| {step} | {half} | {figures(stack @ weights, asked, ids, half)} |")
    for name, weight in zip(names, weights, strict=True):
        print(f"{name:14} {weight:8.2f}")


if __name__ == "__main__":
    asyncio.run(main())
