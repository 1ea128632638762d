"""What a message wants, by the example utterances it is nearest to."""

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np

from agents.base import Intent
from app.search.embeddings import Embedder, Vectors

NEIGHBOURS = 3
"""How many nearest examples of an intent are averaged, so that one odd example does not decide."""

SHARPNESS = 12.0
"""Turns differences of similarity into confidence; fitted so that .5 is right half of the time."""

Talk = Literal["greeting", "thanks", "farewell", "identity"]


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a message was understood: the confidence of each intent, and the kind of small talk."""

    confidence: dict[Intent, float]
    talk: Talk

    @property
    def intent(self) -> Intent:
        """The likeliest intent."""
        return max(self.confidence, key=lambda intent: self.confidence[intent])


class Intents:
    """Reads messages; the examples are embedded once, on first use."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._examples: Vectors | None = None

    async def read(self, message: str) -> Reading:
        """Understand one message, in any language that the embedder knows."""
        labels = [label for label, _ in examples()]
        if self._examples is None:
            self._examples = await self._embedder.embed([text for _, text in examples()])
        (vector,) = await self._embedder.embed([message])
        near = self._examples @ vector
        intents: tuple[Intent, ...] = get_args(Intent)
        scores = [
            _top(near[[at for at, label in enumerate(labels) if label[0] == intent]])
            for intent in intents
        ]
        talks: tuple[Talk, ...] = get_args(Talk)
        nearest = {
            kind: max(
                float(score)
                for score, label in zip(near, labels, strict=True)
                if label == ("small_talk", kind)
            )
            for kind in talks
        }
        talk = max(talks, key=lambda kind: nearest[kind])
        powers = np.exp(SHARPNESS * (np.array(scores) - max(scores)))
        shares = powers / powers.sum()
        return Reading(
            {intent: round(float(share), 3) for intent, share in zip(intents, shares, strict=True)},
            talk,
        )


@cache
def examples() -> tuple[tuple[tuple[Intent, str], str], ...]:
    """The example utterances, each with its intent and, for small talk, its kind."""
    told = json.loads((Path(__file__).parent / "prompts" / "intents.json").read_text("utf-8"))
    found: list[tuple[tuple[Intent, str], str]] = []
    for intent in get_args(Intent):
        texts = told[intent]
        groups = cast("dict[str, list[str]]", texts if isinstance(texts, dict) else {"": texts})
        found += [((intent, kind), text) for kind, group in groups.items() for text in group]
    return tuple(found)


def _top(similarities: Vectors) -> float:
    return float(np.sort(similarities)[-NEIGHBOURS:].mean())
