"""What a message wants: a linear reading of its vectors, fitted on example utterances.

Both packaged encoders read a message: one understands what is meant, the other looks at words more
closely, and together they are right more often than either (see `tests/evals/routing`).

The examples stand in `prompts/intents.json`. What was fitted on them stands beside, made by
`python -m scripts.intents`, so that the first message waits for nothing. An embedder that it was
not made for has it fitted anew when the first message is read.
"""

import asyncio
import dataclasses
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

import numpy as np

from agents.base import Intent
from agents.fitting import Fitted, fit, load
from app.search.embeddings import Embedder, PairedEmbedder, Vectors, paired_embedder

EXAMPLES = Path(__file__).parent / "prompts" / "intents.json"
FITTED = Path(__file__).parent / "prompts" / "intents.npz"

WORDING = 2.0
"""How much the second encoder's vectors are stretched, so that both have a say."""

Talk = Literal["greeting", "thanks", "farewell", "identity"]


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a message was understood: the confidence of each intent, and the kind of small talk."""

    confidence: dict[Intent, float]
    talk: Talk

    @property
    def intent(self) -> Intent:
        """The likeliest intent."""
        return self.ranked[0]

    @property
    def ranked(self) -> list[Intent]:
        """The intents, the likeliest first."""
        return sorted(self.confidence, key=lambda intent: -self.confidence[intent])


class Intents:
    """Reads messages."""

    def __init__(self, embedder: Embedder, pairs: PairedEmbedder | None = None) -> None:
        """Read with these encoders; the second is the process's own where none is given."""
        self._embedder, self._pairs = embedder, pairs or paired_embedder()
        self._fitted: Fitted | None = None

    async def read(self, message: str) -> Reading:
        """Understand one message, in any language that the embedder knows."""
        return (await self.read_all([message]))[0]

    async def read_all(self, messages: list[str]) -> list[Reading]:
        """Understand several messages at once."""
        if self._fitted is None:
            self._fitted = await self._prepared()
        shares = self._fitted.shares(await _vectors(messages, self._embedder, self._pairs))
        return [_reading(self._fitted.labels, row.tolist()) for row in shares]

    async def _prepared(self) -> Fitted:
        made = load(FITTED)
        if made is not None and made.digest == digest(self._embedder, self._pairs):
            return made
        return await fitted_on_examples(self._embedder, self._pairs)


async def fitted_on_examples(embedder: Embedder, pairs: PairedEmbedder) -> Fitted:
    """What all examples teach to tell apart, by the vectors of these encoders."""
    told = examples()
    vectors = await _vectors([text for _, text in told], embedder, pairs)
    labels = [_label(intent, kind) for (intent, kind), _ in told]
    return await asyncio.to_thread(fit, vectors, labels, digest(embedder, pairs))


def digest(embedder: Embedder, pairs: PairedEmbedder) -> str:
    """Names what was fitted: the same for the same examples and encoders alone."""
    names = f"{embedder.name}\n{pairs.name}\n".encode()
    return hashlib.sha256(names + EXAMPLES.read_bytes()).hexdigest()


async def _vectors(texts: list[str], embedder: Embedder, pairs: PairedEmbedder) -> Vectors:
    """A row for each text: its vector by the one encoder, and that by the other beside it."""
    meanings, wordings = await asyncio.gather(embedder.embed(texts), pairs.embed_queries(texts))
    # Rows of e5 all point much the same way; what sets them apart is a third of their length.
    return np.concatenate([meanings, WORDING * wordings], axis=1)


@cache
def examples() -> tuple[tuple[tuple[Intent, str], str], ...]:
    """The example utterances, each with its intent and, for small talk, its kind."""
    told = json.loads(EXAMPLES.read_text("utf-8"))
    found: list[tuple[tuple[Intent, str], str]] = []
    for intent in get_args(Intent):
        texts = told[intent]
        groups = cast("dict[str, list[str]]", texts if isinstance(texts, dict) else {"": texts})
        found += [((intent, kind), text) for kind, group in groups.items() for text in group]
    return tuple(found)


def _label(intent: Intent, kind: str) -> str:
    return f"{intent}.{kind}" if kind else intent


def _reading(labels: tuple[str, ...], shares: list[float]) -> Reading:
    confidence: dict[Intent, float] = dict.fromkeys(get_args(Intent), 0.0)
    talks: dict[Talk, float] = {}
    for label, share in zip(labels, shares, strict=True):
        intent, _, kind = label.partition(".")
        confidence[cast("Intent", intent)] += share
        if kind:
            talks[cast("Talk", kind)] = share
    return Reading(
        {intent: round(share, 3) for intent, share in confidence.items()},
        max(talks, key=lambda kind: talks[kind]),
    )
