"""The corpus and the queries of the search evaluation.

`listings.psv` has id, category, locale, title, description and tags; `queries.psv` and `unseen.psv`
have locale, text and the ids that answer it, `-` where nothing in the corpus does. Half of the
queries, chosen by what they are about, is for development: weights are fitted on it, figures come
from the rest. `unseen.psv` was written from the listings alone, by somebody who had not read the
other queries, `needs.json` or `facets.json`.
"""

import dataclasses
import hashlib
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class CorpusListing:
    """A listing in one language."""

    id: str
    category: str
    locale: str
    title: str
    description: str
    tags: str


@dataclasses.dataclass(frozen=True)
class CorpusQuery:
    """A need and the listings that answer it; none for `answers` that is empty."""

    locale: str
    text: str
    answers: frozenset[str]
    half: Literal["dev", "test"]


def listings() -> list[CorpusListing]:
    """Every listing."""
    return [CorpusListing(*row) for row in _rows("listings.psv")]


SETS = ("queries", "unseen")


def queries(name: str = "queries") -> list[CorpusQuery]:
    """Every query of one of the `SETS`."""
    return [
        CorpusQuery(
            locale,
            said,
            frozenset() if answers == "-" else frozenset(answers.split(",")),
            _half(said if answers == "-" else answers.split(",")[0].partition("-")[0]),
        )
        for locale, said, answers in _rows(f"{name}.psv")
    ]


def _half(subject: str) -> Literal["dev", "test"]:
    # All queries about one subject fall into one half: fitting must not learn the test's.
    return (
        "dev"
        if int(hashlib.md5(subject.encode(), usedforsecurity=False).hexdigest(), 16) % 2
        else "test"
    )


def _rows(name: str) -> list[list[str]]:
    return [line.split("|") for line in (HERE / name).read_text("utf-8").splitlines()]
