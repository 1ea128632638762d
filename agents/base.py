"""What every agent has: explicit dependencies, and one typed piece of work."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal
from uuid import UUID

from app.inference.model import ChatModel
from app.markets.directory import MarketCard
from app.search.embeddings import Embedder
from app.search.index import SearchIndex

MESSAGE_LIMIT = 4000
"""The most characters of one message."""

Intent = Literal["find_service", "question", "small_talk", "out_of_scope"]


Wish = Literal["best", "cheaper", "others"]
"""What of all that fits is wanted: the best, the least expensive, or what was not shown yet."""


@dataclasses.dataclass(frozen=True)
class Deps:
    """What agents work with; handed in, never looked up, so that a test can hand in another."""

    index: SearchIndex
    embedder: Embedder
    model: ChatModel


@dataclasses.dataclass(frozen=True)
class Said:
    """An earlier message of the conversation."""

    author: Literal["person", "agent"]
    text: str


@dataclasses.dataclass(frozen=True)
class Request:
    """One message to answer, in the language of `locale`, within one market."""

    market: MarketCard
    locale: str
    message: str
    history: Sequence[Said] = ()
    shown: frozenset[str] = frozenset()
    """External ids that earlier answers cited, so that "others" can leave them out."""
    wish: Wish = "best"


@dataclasses.dataclass(frozen=True)
class Route:
    """Maestro's decision: what is wanted, how sure that is (0 to 1), and who works on it."""

    intent: Intent
    confidence: float
    agents: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Finding:
    """A listing or an article passage that a specialist found, ready to be cited."""

    kind: Literal["listing", "article"]
    id: UUID
    external_id: str
    title: str
    url: str
    text: str
    facts: tuple[str, ...] = ()
    price: str = ""
    amount: Decimal | None = None
    unit: str = ""
    speaks: tuple[str, ...] = ()
    score: float = 0.0


@dataclasses.dataclass(frozen=True)
class Found:
    """What a specialist found, best first, and which wishes nothing in the market meets.

    `unmet` are short phrases in the reader's language, such as "at most €40".
    """

    findings: tuple[Finding, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Citation:
    """What a number in the answer refers to; `url` is a path on the market's host."""

    number: int
    kind: Literal["listing", "article"]
    external_id: str
    title: str
    url: str
    detail: str
    price: str


class BaseAgent(ABC):
    """A specialist: finds what one kind of request needs."""

    name: str

    def __init__(self, deps: Deps) -> None:
        self.deps = deps

    @abstractmethod
    async def run(self, request: Request) -> Found:
        """Return what was found; nothing when nothing in the market fits."""
