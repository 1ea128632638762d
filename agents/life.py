"""The life of an agent: its stages, what it did, and what it remembers of a conversation."""

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar
from uuid import UUID

Stage = Literal["configured", "registered", "ready", "running", "done"]
"""`configured` has what it works with; `registered` is known to Maestro; `ready` has prepared
itself; `running` works on something now; `done` was retired and takes nothing on."""

CONVERSATIONS = 500
REMEMBERED = 8
FRESH_SECONDS = 1800.0


class Retired(RuntimeError):
    """The agent takes nothing on any more."""


@dataclass
class Counts:
    """What an agent did in this process."""

    endings: Counter[str] = field(default_factory=Counter[str])
    """How often its work was `done`, `failed` or `cancelled`."""
    seconds: float = 0.0
    longest: float = 0.0


class Life:
    """Where an agent is in its life."""

    def __init__(self) -> None:
        """Begin as configured."""
        self.counts = Counts()
        self._resting: Stage = "configured"
        self._at_work = 0

    @property
    def stage(self) -> Stage:
        """The stage now."""
        return "running" if self._at_work else self._resting

    def register(self) -> None:
        """Say that Maestro knows the agent."""
        if self._resting == "configured":
            self._resting = "registered"

    def prepared(self) -> None:
        """Say that the agent has what it needs for its first work."""
        if self._resting != "done":
            self._resting = "ready"

    def retire(self) -> None:
        """Take nothing on any more; what is being done is finished."""
        self._resting = "done"

    @contextmanager
    def working(self) -> Generator[None]:
        """Be at work for the block; raises `Retired`. How it ends and how long it takes counts."""
        if self._resting == "done":
            raise Retired
        self._at_work += 1
        start, ending = time.monotonic(), "cancelled"
        try:
            yield
            ending = "done"
        except Exception:
            ending = "failed"
            raise
        finally:
            took = time.monotonic() - start
            self._at_work -= 1
            self.counts.endings[ending] += 1
            self.counts.seconds += took
            self.counts.longest = max(self.counts.longest, took)


Thing = TypeVar("Thing")


class Memory(Generic[Thing]):
    """The last things of each conversation, for as long as people talk; the log has the rest.

    Of few conversations and for a short time, so that it stays small, and so that what was erased
    is soon gone from here too.
    """

    def __init__(self, conversations: int = CONVERSATIONS, each: int = REMEMBERED) -> None:
        """Remember so many conversations, and so many things of each."""
        self._most, self._each = conversations, each
        self._kept: OrderedDict[tuple[UUID, UUID], tuple[float, deque[Thing]]] = OrderedDict()

    def of(self, market_id: UUID, conversation_id: UUID | None) -> tuple[Thing, ...]:
        """What is remembered of a conversation, the oldest first."""
        if conversation_id is None:
            return ()
        at, things = self._kept.get((market_id, conversation_id), (0.0, deque[Thing]()))
        return tuple(things) if time.monotonic() - at < FRESH_SECONDS else ()

    def keep(self, market_id: UUID, conversation_id: UUID | None, thing: Thing) -> None:
        """Remember one more thing; the oldest is forgotten where it is one too many."""
        if conversation_id is None:
            return
        key = (market_id, conversation_id)
        things = deque(self.of(*key), maxlen=self._each)
        things.append(thing)
        self._kept[key] = (time.monotonic(), things)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
