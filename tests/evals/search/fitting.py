"""Fits the weights of `app.search.fusion` and says what each sign is worth.

    python -m tests.evals.search.fitting

Works on arrays, without a database: every query against every listing. First it fits the order,
step by step, on the development halves of both sets (softmax regression), and prints the figures
of each half; then whether anything fits (logistic regression), as a table of what a bar refuses.

The few queries without an answer would teach little about refusing, so markets are made that
lack something: each query is also asked where no listing is of a kind that answers it (nothing
fits), in a smaller market that has one (it fits), and of a kind that has a name but no needs.
"""

import asyncio
import dataclasses
from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from app.search.embeddings import paired_embedder, sentence_embedder
from app.search.exemplars import exemplars
from app.search.facets import facets_of
from app.search.fusion import WORDING_HUB
from tests.evals.search.corpus import SETS, CorpusListing, CorpusQuery, listings, queries

Matrix = NDArray[np.float64]
ROUNDS = 400
SMALLER = 0.4
"""The share of the kinds that a smaller market has."""

LACKING, NAMED = "markets that lack the kind", "kinds without needs"

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sentence encoder alone", ("meaning",)),
    ("e5 alone", ("wording",)),
    ("both", ("meaning", "wording")),
    ("less hubness", ("meaning", "hub", "wording", "wording_hub")),
    (
        "category exemplars",
        ("meaning", "hub", "wording", "wording_hub", "category", "category_gap", "worded_gap"),
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
            "worded_gap",
            "shared",
            "unasked",
        ),
    ),
)
FITS = (
    "meaning",
    "hub",
    "category_gap",
    "worded_gap",
    "elsewhere",
    "elsewhere_worded",
    "usual",
    "length",
    "unmet",
    "agreed",
)


@dataclasses.dataclass(frozen=True)
class Asked:
    """A query and the set that it is of."""

    set: str
    query: CorpusQuery


@dataclasses.dataclass(frozen=True)
class Known:
    """Every sign of every query and listing, each of shape (queries, listings), and by query.

    `named` and `named_worded` are the category's scores where it has a name and no needs,
    `rival` and `rival_worded` those of the nearest other kind.
    """

    signs: dict[str, Matrix]
    by_query: dict[str, Matrix]
    named: Matrix
    named_worded: Matrix
    rival: Matrix
    rival_worded: Matrix
    right: Matrix
    kinds: NDArray[np.str_]


async def known(asked: list[Asked], offered: list[CorpusListing]) -> Known:
    """All signs, with the encoders' work done."""
    sayings = await exemplars()
    said = [one.query.text for one in asked]
    texts = [f"{listing.title}. {listing.description}" for listing in offered]
    meant = await sentence_embedder().embed(said)
    meanings = await sentence_embedder().embed(texts)
    worded = await paired_embedder().embed_queries(said)
    wordings = await paired_embedder().embed_passages(texts)
    kinds = [listing.category for listing in offered]
    found = [sayings.meant_kinds(row) for row in meant]
    found_worded = [sayings.worded.kinds(row) for row in worded]
    category = np.array([[scores[kind] for kind in kinds] for scores in found])
    category_worded = np.array([[scores[kind] for kind in kinds] for scores in found_worded])
    nearest = np.array([[max(scores.values())] for scores in found])
    nearest_worded = np.array([[max(scores.values())] for scores in found_worded])
    names = [sayings.named.scores(row) for row in meant]
    # The first phrase of each group is its English name.
    firsts = dict(zip(sayings.worded.said.keys, sayings.worded.said.starts.tolist(), strict=True))
    named_worded = worded @ sayings.worded.said.vectors[[firsts[kind] for kind in kinds]].T
    details = [
        facets_of(f"{listing.title} . {listing.description} . {listing.tags}")
        for listing in offered
    ]
    wanted = [facets_of(text) for text in said]
    shape = (len(asked), len(offered))
    signs = {
        "meaning": (meant @ meanings.T).astype(np.float64),
        "hub": np.broadcast_to(sayings.hubness(meanings), shape).astype(np.float64),
        "wording": (worded @ wordings.T).astype(np.float64),
        "wording_hub": np.broadcast_to(wordings @ sayings.worded.usual, shape).astype(np.float64),
        "category": category,
        "category_gap": category - nearest,
        "category_worded": category_worded,
        "worded_gap": category_worded - nearest_worded,
        "shared": np.array([[float(len(w & d)) for d in details] for w in wanted]),
        "unasked": np.array([[float(len(d - w)) for d in details] for w in wanted]),
    }
    by_query = {
        "elsewhere": (meant @ sayings.elsewhere.T).max(axis=1),
        "elsewhere_worded": (worded @ sayings.worded.elsewhere.T).max(axis=1),
        "usual": worded @ sayings.worded.usual,
        "length": np.log([max(1, len(text)) for text in said]),
        "asked": np.array([float(len(w)) for w in wanted]),
    }
    return Known(
        signs=signs,
        by_query={name: values.astype(np.float64) for name, values in by_query.items()},
        named=np.array([[scores[kind] for kind in kinds] for scores in names]),
        named_worded=named_worded.astype(np.float64),
        rival=_rivals(found, kinds),
        rival_worded=_rivals(found_worded, kinds),
        right=np.array(
            [[float(listing.id in one.query.answers) for listing in offered] for one in asked]
        ),
        kinds=np.array(kinds),
    )


def _rivals(found: list[dict[str, float]], kinds: list[str]) -> Matrix:
    """For each query and listing how near the nearest kind is that is not the listing's."""
    rows: list[list[float]] = []
    for scores in found:
        (first, best), (_, second) = sorted(scores.items(), key=lambda one: -one[1])[:2]
        rows.append([second if kind == first else best for kind in kinds])
    return np.array(rows)


def fitted(stack: Matrix, right: Matrix) -> Matrix:
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
    return cast("Matrix", weights / scale)


def ranks(scores: Matrix, right: Matrix) -> Matrix:
    """The rank of the best answer of each row."""
    best = np.where(right > 0, scores, -np.inf).max(axis=1, keepdims=True)
    return cast("Matrix", 1 + (scores > best).sum(axis=1).astype(np.float64))


@dataclasses.dataclass(frozen=True)
class Case:
    """A query in some market, for which something fits or not."""

    row: int
    fits: bool
    hit: bool
    weight: float
    values: tuple[float, ...]
    real: bool = False
    named: bool = False


def cases(found: Known, order: Matrix, asked: list[Asked]) -> Iterator[Case]:
    """Each query in the whole market and in markets that lack something."""
    dice = np.random.default_rng(0)
    kinds = np.unique(found.kinds)
    whole = np.ones(len(found.kinds), bool)
    for row, one in enumerate(asked):
        answered = bool(one.query.answers)
        case = _case(found, order, row, whole, fits=answered)
        yield dataclasses.replace(case, weight=1.0 if answered else 4.0, real=True)
        if not answered:
            continue
        answering = np.isin(found.kinds, found.kinds[found.right[row] > 0])
        smaller = np.isin(found.kinds, kinds[dice.random(len(kinds)) < SMALLER])
        yield _case(found, order, row, ~answering, fits=False)
        yield _case(found, order, row, smaller & ~answering, fits=False)
        yield _case(found, order, row, smaller | answering, fits=True)
        yield _case(found, order, row, smaller | answering, fits=True, named=True)


def _case(
    found: Known,
    order: Matrix,
    row: int,
    there: NDArray[np.bool_],
    *,
    fits: bool,
    named: bool = False,
) -> Case:
    best = int(np.where(there, order[row], -np.inf).argmax())
    signs = {name: float(values[row, best]) for name, values in found.signs.items()}
    of_query = {name: float(values[row]) for name, values in found.by_query.items()}
    category, worded = signs["category"], signs["category_worded"]
    if named:
        category, worded = found.named[row, best], found.named_worded[row, best]
        signs["category_gap"] = min(0.0, category - found.rival[row, best])
        signs["worded_gap"] = min(0.0, worded - found.rival_worded[row, best])
    by_e5 = found.signs["wording"][row] - WORDING_HUB * found.signs["wording_hub"][row]
    likeliest = int(np.where(there, by_e5, -np.inf).argmax())
    values = signs | {
        "elsewhere": of_query["elsewhere"] - max(category, signs["meaning"]),
        "elsewhere_worded": of_query["elsewhere_worded"] - worded,
        "usual": of_query["usual"],
        "length": of_query["length"],
        "unmet": signs["shared"] - of_query["asked"],
        "agreed": float(found.kinds[likeliest] == found.kinds[best]),
    }
    hit = bool(found.right[row, best])
    weight = 0.4 if fits and not hit else 0.25 if named else 0.5
    return Case(row, fits, hit, weight, tuple(values[name] for name in FITS), named=named)


def sureness(tried: list[Case]) -> Matrix:
    """Weights of `FITS` and the constant, by weighted logistic regression (Newton's steps)."""
    values = np.array([case.values for case in tried])
    fit = np.array([float(case.fits) for case in tried])
    weight = np.array([case.weight for case in tried])
    weight /= weight.sum()
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-9
    signs = np.c_[(values - centre) / scale, np.ones(len(values))]
    ridge = np.diag([*[2e-3] * values.shape[1], 1e-9])
    weights = np.zeros(signs.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))
        slope = signs.T @ ((chance - fit) * weight) + ridge @ weights
        bend = (signs * (chance * (1 - chance) * weight)[:, None]).T @ signs + ridge
        weights -= np.clip(np.linalg.solve(bend, slope), -2, 2)
    found = weights[:-1] / scale
    return np.append(found, weights[-1] - (found * centre).sum())


def show_order(found: Known, asked: list[Asked]) -> Matrix:
    """Print the steps and the weights of the last; returns the order, (queries, listings)."""
    right = found.right / np.maximum(1, found.right.sum(axis=1, keepdims=True))
    answered = found.right.sum(axis=1) > 0
    dev = np.array([one.query.half == "dev" for one in asked])
    of_set = np.array([one.set for one in asked])
    print("| step | set | half | hit@1 | recall@5 | MRR |")
    print("|---|---|---|---:|---:|---:|")
    weights, scores = np.zeros(0), np.zeros(0)
    names: tuple[str, ...] = ()
    for step, names in STEPS:
        stack = np.stack([found.signs[name] for name in names], axis=-1)
        weights = fitted(stack[dev & answered], right[dev & answered])
        scores = stack @ weights
        rank = ranks(scores, found.right)
        for name in SETS:
            for half in ("dev", "test"):
                of = rank[answered & (of_set == name) & (dev == (half == "dev"))]
                print(
                    f"| {step} | {name} | {half} | {(of == 1).mean():.3f} | {(of <= 5).mean():.3f}"
                    f" | {(1 / of).mean():.3f} |"
                )
    for name, weight in zip(names, weights, strict=True):
        print(f"{name:18} {weight:8.2f}")
    return scores


def show_sureness(tried: list[Case], asked: list[Asked]) -> None:
    """Print the weights, and what each bar keeps and lets through, on the test halves."""
    dev = [case for case in tried if asked[case.row].query.half == "dev"]
    weights = sureness(dev)
    for name, weight in zip((*FITS, "constant"), weights, strict=True):
        print(f"{name:18} {weight:8.2f}")
    print("| bar | half | set | hit@1 | answered | false answers |")
    print("|---:|---|---|---:|---:|---:|")
    for bar in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        for half in ("dev", "test"):
            for name in (*SETS, LACKING, NAMED):
                of = [
                    (case, _chance(case, weights) >= bar)
                    for case in tried
                    if asked[case.row].query.half == half and _group(case, asked) == name
                ]
                fit = [(case.hit and kept, kept) for case, kept in of if case.fits]
                false = [kept for case, kept in of if not case.fits]
                print(
                    f"| {bar} | {half} | {name} | {_mean([hit for hit, _ in fit])}"
                    f" | {_mean([kept for _, kept in fit])} | {_mean(false)} |"
                )


def _group(case: Case, asked: list[Asked]) -> str:
    if case.real:
        return asked[case.row].set
    return NAMED if case.named else LACKING


def _chance(case: Case, weights: Matrix) -> float:
    return float(1 / (1 + np.exp(-(np.dot(weights[:-1], case.values) + weights[-1]))))


def _mean(values: list[bool]) -> str:
    return f"{np.mean(values):.3f}" if values else ""


async def main() -> None:
    """Print what was fitted and how well it does."""
    asked = [Asked(name, query) for name in SETS for query in queries(name)]
    found = await known(asked, listings())
    order = show_order(found, asked)
    show_sureness(list(cases(found, order, asked)), asked)


if __name__ == "__main__":
    asyncio.run(main())
