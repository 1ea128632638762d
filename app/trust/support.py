"""Whether what a model says is said by the sources that it was given.

Numbers, days, prices, telephones and names must stand in the source itself. The rest is compared
by meaning, which a small encoder sees across languages, and by whether both deny. What it cannot
see is a claim about the same thing that is otherwise: docs/trust.md has the figures.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from app.trust.facts import Facts, denies, facts_of

NEAR: Final = 0.42
"""How near a sentence must be to what a source says; fitted on tests/evals/claims/tuned.txt."""

CLEARLY: Final = 0.5
"""From here on a sentence that denies what its source says, or the reverse, is its opposite."""

_END = re.compile(r"(?<=[.!?…؟。])\s+|\n+")
_CONTEXT = 300


class Encoder(Protocol):
    """Gives texts their vectors; the dot product of two says how near their meanings are."""

    async def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """One row of length 1 per text."""
        ...


@dataclass(frozen=True)
class Source:
    """What an answer may rest on: its title, short facts, and text."""

    title: str
    facts: tuple[str, ...]
    text: str

    @property
    def windows(self) -> list[str]:
        """The stretches that a sentence is compared with."""
        said = [part.strip() for part in _END.split(self.text) if len(part.split()) > 1]
        whole = f"{self.title}. {self.text[:_CONTEXT]}"
        return list(
            dict.fromkeys([*said, self.title, whole, " · ".join((self.title, *self.facts))])
        )

    def told(self, market: str) -> Facts:
        """Everything hard that it says; the market's own name may always be said."""
        return facts_of("\n".join((self.title, *self.facts, self.text, market)))


class Support:
    """Judges sentences by the sources of one answer, which are read while the model thinks."""

    def __init__(self, sources: Mapping[int, Source], market: str, encoder: Encoder) -> None:
        self._sources, self._market, self._encoder = sources, market, encoder
        self._windows: list[tuple[int, str]] = [
            (number, window) for number, source in sources.items() for window in source.windows
        ]
        self._reading: asyncio.Task[tuple[dict[int, Facts], NDArray[np.float32]]] | None = None

    def begin(self) -> None:
        """Begin to read the sources."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())

    async def holds(self, sentence: str, cited: frozenset[int]) -> bool:
        """Whether one of the cited sources (of all, where none is) says what the sentence says."""
        self.begin()
        assert self._reading is not None
        facts, vectors = await asyncio.shield(self._reading)
        claimed = await asyncio.to_thread(facts_of, sentence)
        able = {
            number
            for number in (cited or facts.keys())
            if number in facts and claimed.are_in(facts[number])
        }
        if not able:
            return False
        (vector,) = await self._encoder.embed([sentence])
        near, window = max(
            (float(row @ vector), text)
            for row, (number, text) in zip(vectors, self._windows, strict=True)
            if number in able
        )
        return near >= NEAR and not (near >= CLEARLY and denies(sentence) != denies(window))

    def close(self) -> None:
        """Stop reading."""
        if self._reading is not None and not self._reading.done():
            self._reading.cancel()

    async def _read(self) -> tuple[dict[int, Facts], NDArray[np.float32]]:
        facts = await asyncio.to_thread(
            lambda: {number: source.told(self._market) for number, source in self._sources.items()}
        )
        return facts, await self._encoder.embed([window for _, window in self._windows])
