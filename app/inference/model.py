"""What a chat model is given and what it gives back."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Literal, Protocol

Purpose = Literal[
    "offer",
    "explain",
    "both",
    "greeting",
    "thanks",
    "farewell",
    "identity",
    "unclear",
    "exhausted",
    "decline",
]
"""What the answer is for. `offer` shows services, `explain` answers from articles; `exhausted`
says that all that fits was shown."""


@dataclasses.dataclass(frozen=True)
class Evidence:
    """Something that an answer may rest on, and by which number it is cited.

    `text` is in the reader's language where there is such a text. `facts` are short phrases to
    show beside a service: who, where, for how much.
    """

    number: int
    kind: Literal["listing", "article"]
    title: str
    text: str
    facts: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Brief:
    """Everything an answer is written from; a model may use nothing else."""

    purpose: Purpose
    locale: str
    message: str
    market: str
    evidence: tuple[Evidence, ...] = ()
    offers: tuple[str, ...] = ()
    """Names of categories that the market has, to suggest when nothing fits."""
    unmet: tuple[str, ...] = ()
    """Wishes that nothing in the market meets, as short phrases; the evidence comes nearest."""
    by_price: bool = False
    """Whether the services were asked for, and stand, from the lowest price up."""
    cheapest: int | None = None
    """The number of the evidence with the lowest price, where prices can be compared."""
    speaking: tuple[int, ...] = ()
    """The numbers of the services that speak the reader's language, where not all do."""


class ChatModel(Protocol):
    """Writes the words of an answer."""

    name: str

    def stream(self, brief: Brief) -> AsyncIterator[str]:
        """Yield the answer in pieces: plain text, `• ` before items, `[n]` cites evidence n."""
        ...
