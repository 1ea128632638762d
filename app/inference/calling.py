"""Calling a chat model: one protocol, whoever serves it."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from app.inference.presets import Profile

Failure = Literal[
    "unreachable",
    "address",
    "unauthorized",
    "unknown_model",
    "refused",
    "busy",
    "broken",
    "garbled",
    "slow",
    "too_slow",
    "cut",
    "empty",
    "uncited",
    "unsupported",
    "leaked",
    "resting",
    "too_long",
    "budget",
    "currency",
    "unavailable",
    "unmasked",
    "dimensions",
]
"""Why a model did not answer. `slow`: no first word in time; `cut`: ended in the middle;
`resting`: its endpoint failed often and is left alone for a while; `uncited`: what it said rests
on nothing that was found; `unsupported`: its sources say nothing of it; `leaked`: it tells what it
was told;
`unmasked`: personal data could not be masked, and nothing was sent; `dimensions`: its vectors have
another size than was said."""

MAY_RETRY: frozenset[Failure] = frozenset({"unreachable", "broken", "busy"})
"""After which another try may help, as long as nothing was said yet."""

OF_THE_ENDPOINT: frozenset[Failure] = frozenset(
    {"unreachable", "unauthorized", "busy", "broken", "garbled", "slow", "cut"}
)
"""Failures that say something of the endpoint, not of one question or one model."""


class CallFailed(Exception):
    """The model did not answer; never holds what was asked or a key."""

    def __init__(self, kind: Failure, *, retry_after: float = 0.0) -> None:
        super().__init__(kind)
        self.kind: Failure = kind
        self.retry_after = retry_after


@dataclass(frozen=True)
class ToolCall:
    """A model's wish to have a tool called; `arguments` are JSON."""

    id: str
    name: str
    arguments: str


Role = Literal["system", "person", "agent", "tool"]


@dataclass(frozen=True)
class Turn:
    """Something said. `calls` are an agent's; `answers` is the call that a tool answers."""

    role: Role
    text: str
    calls: tuple[ToolCall, ...] = ()
    answers: ToolCall | None = None


@dataclass(frozen=True)
class Tool:
    """A tool that a model may wish for; `schema` is the JSON schema of its arguments."""

    name: str
    about: str
    schema: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Call:
    """A question to a model. With `schema` the answer is JSON that follows it; with `must_call`
    it is the wish for one of the tools, and not words.

    `salt` keeps the prompt caches of markets apart; `sticky` is what stays with one replica.
    Personal data is masked before the question goes outside, unless it `may_leave`.
    """

    turns: tuple[Turn, ...]
    profile: Profile
    tools: tuple[Tool, ...] = ()
    must_call: bool = False
    schema: Mapping[str, Any] | None = field(default=None, hash=False)
    salt: str = ""
    sticky: str = ""
    may_leave: bool = False
    masked: Counter[str] = field(default_factory=Counter[str], compare=False)
    """How many values of each kind were masked; filled in when the question goes outside."""

    @property
    def size(self) -> int:
        """About how many tokens the question has, rather too many than too few."""
        said = sum(len(turn.text.encode()) for turn in self.turns)
        return said // 3 + 8 * len(self.turns) + 400 * len(self.tools)


@dataclass(frozen=True)
class Text:
    """Some more of the answer."""

    text: str


@dataclass(frozen=True)
class Called:
    """A tool that the model wants called, once its arguments are complete."""

    call: ToolCall


@dataclass(frozen=True)
class Finished:
    """The answer is complete; tokens are 0 where the endpoint did not count them."""

    tokens_in: int = 0
    tokens_out: int = 0
    reason: str = "stop"


ChatEvent = Text | Called | Finished


class Chat(Protocol):
    """A model that can be called."""

    def stream(self, call: Call) -> AsyncGenerator[ChatEvent]:
        """Yield the answer as it comes, then `Finished`; raises `CallFailed`.

        Closing the generator ends the request at the server.
        """
        ...


def tokens_of(text: str) -> int:
    """About how many tokens a text has."""
    return len(text.encode()) // 4 + 1 if text else 0


def status_failure(status: int, headers: Mapping[str, str] | None) -> CallFailed:
    """What an HTTP status other than 200 says of a model."""
    try:
        pause = min(float((headers or {}).get("retry-after", 0)), 600.0)
    except ValueError:
        pause = 0.0
    return CallFailed(_STATUSES.get(status) or _other(status), retry_after=pause)


_STATUSES: dict[int, Failure] = {
    401: "unauthorized",
    403: "unauthorized",
    404: "unknown_model",
    408: "slow",
    429: "busy",
}


def _other(status: int) -> Failure:
    return "broken" if status >= 500 or status < 400 else "refused"
