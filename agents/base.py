"""What every agent has: explicit dependencies, and one typed piece of work."""

import asyncio
import dataclasses
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from agents.life import Life, Memory
from agents.slots.values import Kind as SlotKind
from agents.slots.values import Slot
from app.inference.model import ChatModel
from app.markets.directory import MarketCard
from app.search.embeddings import Embedder
from app.search.index import PUBLIC, Access, SearchIndex

_log = logging.getLogger(__name__)

MESSAGE_LIMIT = 4000
"""The most characters of one message."""

Intent = Literal[
    "find_service",
    "create_plan",
    "track_plan",
    "manage_budget",
    "optimize_pricing",
    "analyze_conversion",
    "track_mentions",
    "write_text",
    "overview",
    "question",
    "chat",
    "out_of_scope",
]
"""What a message can want; `agents.routing` says who works on which."""

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
    conversation_id: UUID | None = None
    person_id: UUID | None = None
    files: tuple[UUID, ...] = ()
    """The attachments that the message was sent with."""
    earlier_files: tuple[UUID, ...] = ()
    """Those that were sent before it, newest first."""
    access: tuple[Access, ...] = PUBLIC
    """Which documents the reader may see."""
    intent: Intent = "question"
    """For which of the message's wants a specialist is sent."""
    slots: tuple[Slot, ...] = ()
    """What the conversation says of dates, money, guests and places; see `agents.slots`."""
    kept: tuple[Slot, ...] = ()
    """What it said before this message, or was corrected to by the person."""
    corrected: tuple[SlotKind, ...] = ()
    """Of what the person has said in `kept` that this message was read wrongly."""
    agent: str = ""
    """The specialist that the conversation is bound to; Maestro decides where it is none."""
    course_id: str = ""
    """The course that the conversation is about, where it is bound to a tutor."""
    given: Mapping[str, "Result"] = dataclasses.field(default_factory=dict[str, "Result"])
    """What the agents have given back that this one had to wait for, by their names."""


@dataclasses.dataclass(frozen=True)
class Route:
    """Maestro's decision: what is wanted, how sure that is (0 to 1), and who works on it."""

    intent: Intent
    confidence: float
    agents: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Finding:
    """A listing, an article, or a passage of a document or of a file of the person's own, ready to
    be cited."""

    kind: Literal["listing", "article", "passage", "file"]
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
class Block:
    """A part of an answer that is more than text, and where to go on with it.

    `data` is what JSON can hold, with amounts as strings; each kind has one shape, which
    `docs/agents.md` describes. `url` is a path on the market's host.
    """

    kind: Literal["plan", "budget", "comparison", "table", "chart", "tasks"]
    title: str
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    url: str = ""


@dataclasses.dataclass(frozen=True)
class Result:
    """What a specialist gives back.

    `findings` are what the answer may rest on and cite, best first. `unmet` are wishes that
    nothing in the market meets, as short phrases in the reader's language, such as "at most €40".
    `text` is said as it is, in the reader's language and composed in code, and cites nothing.
    `asks` are the slots without which the work could not be done, or not done well.
    """

    findings: tuple[Finding, ...] = ()
    unmet: tuple[str, ...] = ()
    text: str = ""
    blocks: tuple[Block, ...] = ()
    asks: tuple[SlotKind, ...] = ()


@dataclasses.dataclass(frozen=True)
class Citation:
    """What a number in the answer refers to; `url` is a path on the market's host."""

    number: int
    kind: Literal["listing", "article", "passage", "file"]
    external_id: str
    title: str
    url: str
    detail: str
    price: str


class BaseAgent(ABC):
    """A specialist: does what one kind of request needs.

    To have one take part, put it where `agents.registry` looks for its name. It is made with what
    it works with (configured), registered by Maestro, gets ready before its first work, and runs.
    """

    name: str
    needs: tuple[str, ...] = ()
    """The names of the agents whose results it uses where they work on the same message."""
    tools: tuple[str, ...] = ()
    """The names of the tools that it may use."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self.life = Life()
        self.memory: Memory[Result] = Memory()
        self._preparing = asyncio.Lock()

    async def prepare(self) -> None:  # noqa: B027  (most agents are ready at once)
        """Get ready for the first work; by default there is nothing to do."""

    @abstractmethod
    async def run(self, request: Request) -> Result:
        """Return what was done and found; nothing when nothing in the market fits.

        Is cancelled when it takes too long or the person stops the answer.
        """

    async def perform(self, request: Request) -> Result:
        """Run, and put down how that went: stage, counts, a line in the log, the memory."""
        async with self._preparing:
            if self.life.stage in ("configured", "registered"):
                await self.prepare()
                self.life.prepared()
        start, ending = time.monotonic(), "cancelled"
        result = Result()
        try:
            with self.life.working():
                result = await self.run(request)
            ending = "done"
        except Exception:
            ending = "failed"
            raise
        finally:
            # No words of the person: they are in the conversation, which can be erased.
            _log.info(
                "agent=%s intent=%s ending=%s ms=%d findings=%d blocks=%d"
                " market=%s conversation=%s",
                self.name,
                request.intent,
                ending,
                round(1000 * (time.monotonic() - start)),
                len(result.findings),
                len(result.blocks),
                request.market.key,
                request.conversation_id,
            )
        self.memory.keep(request.market.id, request.conversation_id, result)
        return result

    def remembered(self, request: Request) -> tuple[Result, ...]:
        """What this agent gave back before in the request's conversation, the oldest first."""
        return self.memory.of(request.market.id, request.conversation_id)
