"""What an answer consists of, as it comes: events from `agents.maestro.Maestro.answer`."""

import dataclasses
from typing import Literal

from agents.base import Block, Citation, Intent, Route, SlotKind
from agents.slots.values import Slot
from app.conversations.traces import Trace
from app.inference.model import Credit


@dataclasses.dataclass(frozen=True)
class Routed:
    """Exactly once, before anything that is shown: the decision, and how it was come by."""

    route: Route
    trace: Trace | None = None


@dataclasses.dataclass(frozen=True)
class Working:
    """A specialist has begun a step or ended it, where several work on one message."""

    agent: str
    intent: Intent
    state: Literal["began", "done", "failed", "late", "skipped"]


@dataclasses.dataclass(frozen=True)
class Traced:
    """How the answer was made, in place of what `Routed` said of it. For the record alone."""

    trace: Trace


@dataclasses.dataclass(frozen=True)
class Slotted:
    """At most once: what the conversation says now of dates, money and guests, and what is asked.

    To be kept with the conversation and shown, so that the person can correct it.
    """

    slots: tuple[Slot, ...]
    asks: tuple[SlotKind, ...] = ()


@dataclasses.dataclass(frozen=True)
class Cited:
    """Once, before the text: what its numbers refer to."""

    citations: tuple[Citation, ...]


@dataclasses.dataclass(frozen=True)
class Blocked:
    """At most once, before the text: the parts of the answer that are more than text."""

    blocks: tuple[Block, ...]


@dataclasses.dataclass(frozen=True)
class Piece:
    """Some more of the text."""

    text: str


@dataclasses.dataclass(frozen=True)
class Anew:
    """All text so far is void, for its model did not finish; the answer begins anew."""

    model: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Done:
    """Last, exactly once: who answered, with which model, and the whole text.

    `credit` says which models did not answer and why, and what the answer took.
    """

    agent: str
    text: str
    model: str
    credit: Credit | None = None


Event = Routed | Working | Traced | Slotted | Cited | Blocked | Piece | Anew | Done
