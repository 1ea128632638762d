"""Which articles, and which passages of documents, answer a question, and in which order."""

import math
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.search.facets import folded
from app.search.fusion import answers, bears_on
from app.search.index import Hit, Weighed

ENOUGH = 0.5
"""A passage must be this sure to bear on the question, or its article is not shown."""
WORD = re.compile(r"[^\W\d_]{4,}")
ALIKE = 0.6
"""The share of two words that must be the same from their beginning on: forms of one word are."""


def article_hits(rows: Sequence[Any], said: str, locale: str) -> list[Hit]:
    """The articles that bear on the question; the passage is the reader's language where it can."""
    by_source: dict[UUID, list[Any]] = {}
    for row in rows:
        by_source.setdefault(row.source_id, []).append(row)
    readable = {
        source: [row for row in parts if row.locale == locale] or parts
        for source, parts in by_source.items()
    }
    named = _named(readable, said)
    ranked: list[tuple[float, float, UUID]] = []
    for source, parts in by_source.items():
        sure = max(answers(row.meant, row.worded) for row in parts)
        if sure >= ENOUGH:
            best = max(
                bears_on(row.meant, row.hub, row.worded, row.wording_hub, named[source])
                for row in parts
            )
            ranked.append((best, sure, source))
    if not ranked:
        return []
    top, surest, _ = max(ranked)
    hits: list[Hit] = []
    for rank, _, source in ranked:
        passage = max(readable[source], key=lambda row: answers(row.meant, row.worded))
        hits.append(
            Hit("article", source, round(surest / (1 + (top - rank) / 4), 4), passage.text, said)
        )
    return hits


def weighed(rows: Sequence[Any], said: str) -> list[Weighed]:
    """What speaks for each passage; those that bear on the question come first."""
    named = _named({row.source_id: [row] for row in rows}, said)
    found = [
        Weighed(
            id=row.source_id,
            access=row.access,
            meaning=row.meant,
            wording=row.worded,
            hub=row.hub,
            wording_hub=row.wording_hub,
            named=named[row.source_id],
            sure=answers(row.meant, row.worded),
            rank=bears_on(row.meant, row.hub, row.worded, row.wording_hub, named[row.source_id]),
            enough=ENOUGH,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.sure < ENOUGH, -one.rank))


def passage_hits(rows: Sequence[Any], said: str) -> list[Hit]:
    """The passages that bear on the question."""
    shown = [one for one in weighed(rows, said) if one.sure >= ENOUGH]
    if not shown:
        return []
    texts = {row.source_id: row.text for row in rows}
    top, surest = shown[0].rank, max(one.sure for one in shown)
    return [
        Hit("passage", one.id, round(surest / (1 + (top - one.rank) / 4), 4), texts[one.id])
        for one in shown
    ]


def _named(articles: dict[UUID, list[Any]], said: str) -> dict[UUID, float]:
    """How much each title shares with the question, in words that few of the articles have.

    The encoders see that both "how do I cancel a booking" and "How to book" are about booking;
    that "cancel" stands in one title and hardly anywhere else tells them apart.
    """
    titles = {source: _words(parts[0].names) for source, parts in articles.items()}
    texts = {
        source: titles[source] | {word for row in parts for word in _words(row.text or "")}
        for source, parts in articles.items()
    }
    shared = dict.fromkeys(articles, 0.0)
    for word in _words(said):
        having = [source for source in articles if _among(word, texts[source])]
        for source in having:
            if _among(word, titles[source]):
                shared[source] += math.log(len(articles) / len(having))
    return shared


def _words(text: str) -> set[str]:
    return set(WORD.findall(folded(text)))


def _among(word: str, words: set[str]) -> bool:
    return word in words or any(alike(word, other) for other in words)


def alike(one: str, other: str) -> bool:
    """Whether two words are forms of one: they begin with the same letters, most of them."""
    if one[:4] != other[:4]:
        return False
    return shared(one, other) >= ALIKE * max(len(one), len(other))


def shared(one: str, other: str) -> int:
    """How many letters two words have in common from their beginning on."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
