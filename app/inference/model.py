"""What a chat model is given and what it gives back."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Literal, Protocol
from uuid import UUID

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
    "proposal",
    "marketing",
]
"""What the answer is for. `offer` shows services, `explain` answers from articles; `exhausted`
says that all that fits was shown. `proposal` and `marketing` are texts that somebody asked for:
services put forward for an event, and what makes known what the first evidence is."""


@dataclasses.dataclass(frozen=True)
class Evidence:
    """Something that an answer may rest on, and by which number it is cited.

    `text` is in the reader's language where there is such a text. `facts` are short phrases to
    show beside a service: who, where, for how much.
    """

    number: int
    kind: Literal["listing", "article", "passage", "file", "event", "provider"]
    title: str
    text: str
    facts: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Caller:
    """For whom an answer is written; decides the chain, the budget and the replica."""

    market_id: UUID
    agent: str
    conversation_id: UUID | None = None
    person_id: UUID | None = None


Tone = Literal["", "warm", "formal", "lively"]
Channel = Literal["", "page", "post", "letter", "leaflet"]


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
    hosts: tuple[str, ...] = ()
    """The market's own; an answer has links to nowhere else."""
    caller: Caller | None = None
    open: tuple[str, ...] = ()
    """Of a proposal: what of its event nobody has decided yet, in the reader's language."""
    short: bool = False
    """Of a marketing text: whether a few sentences are wanted, and nothing beside them."""
    tone: Tone = ""
    """How a proposal or a marketing text should sound."""
    channel: Channel = ""
    """Where a marketing text will stand."""


@dataclasses.dataclass(frozen=True)
class Afresh:
    """All that was said so far is void: `model` did not finish, and another begins anew."""

    model: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Credit:
    """Who wrote the answer, who did not and why (`{"model", "reason"}`), and what it took."""

    model: str
    tried: tuple[dict[str, str], ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    money: str = "0"
    currency: str = ""
    first_token: float = 0.0
    masked: dict[str, int] = dataclasses.field(default_factory=dict[str, int], hash=False)
    """How many values of each kind of personal data were masked before anything went outside."""


Written = str | Afresh | Credit
"""A piece of the text, or a word on who writes it."""


class ChatModel(Protocol):
    """Writes the words of an answer."""

    name: str

    def stream(self, brief: Brief) -> AsyncIterator[Written]:
        """Yield the answer in pieces: plain text, `• ` before items, `[n]` cites evidence n.

        `Afresh` may stand between, and a `Credit` last; without one, `name` wrote the answer.
        """
        ...
