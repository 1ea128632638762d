"""What agents can do to the world: typed tools, of which some wait for a person's approval.

    REQUEST_QUOTES = known(Tool(name="request_quotes", arguments=QuotesWanted, ...))

Tools are defined in `agents.tools`. The registry stands here, below them, so that the job that
carries an approved tool out can find it by the name that the approval has.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.errors import AppError
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted

Arguments = TypeVar("Arguments", bound=BaseModel)
Effect = Literal["reads", "keeps", "commits"]
"""`reads` changes nothing; `keeps` changes what is the person's own and can be undone; `commits`
spends money, writes to others or cannot be undone, and waits for approval."""


class UnknownTool(AppError):
    """No such tool in this version of the program."""


class ArgumentsRefused(NotAccepted):
    """The arguments are not what the tool takes."""


@dataclass(frozen=True)
class Call:
    """In whose name a tool is used, where, and by which key it is known."""

    market: MarketCard
    actor: Actor
    locale: str
    key: str
    """The same however often it is tried: what was done under it is not done again."""
    conversation_id: UUID | None = None


@dataclass(frozen=True)
class Preview:
    """What will happen, in the reader's language: one sentence, to whom, at what cost."""

    what: str
    to: tuple[str, ...] = ()
    cost: str = ""


@dataclass(frozen=True)
class Editable:
    """An argument that a person can change before approving; `label` is a message id.

    `kind` is that of the field: `lines` of text, `text`, `date`, `number` or `choices`, of which
    `options` gives the values and names.
    """

    name: str
    label: str
    kind: Literal["lines", "text", "date", "number", "choices"] = "text"
    longest: int = 200


Told = dict[str, Any]
Options = dict[str, list[tuple[str, str]]]


async def _no_options(_session: TenantSession, _locale: str, _arguments: Any) -> Options:
    return {}


@dataclass(frozen=True)
class Tool(Generic[Arguments]):
    """Something that an agent can do.

    `about` says to a model, in English, when to use it. `do` works in one transaction, which also
    notes that it is done. A tool whose effect is outside has `outside`, which is called with the
    key as often as `repeatable` allows (see `app.approvals.effects`).
    """

    name: str
    about: str
    arguments: type[Arguments]
    permission: Permission
    effect: Effect
    describe: Callable[[TenantSession, str, Arguments], Awaitable[Preview]]
    do: Callable[[TenantSession, Call, Arguments], Awaitable[Told]] | None = None
    outside: Callable[[Call, Arguments], Awaitable[Told]] | None = None
    repeatable: bool = False
    editable: tuple[Editable, ...] = ()
    options: Callable[[TenantSession, str, Arguments], Awaitable[Options]] = _no_options

    @property
    def waits(self) -> bool:
        """Whether it waits for approval."""
        return self.effect == "commits"

    def read(self, told: Mapping[str, Any]) -> Arguments:
        """The arguments, checked; raises `ArgumentsRefused` with the field that is wrong."""
        try:
            return self.arguments.model_validate(dict(told))
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0]) if first["loc"] else ""
            raise ArgumentsRefused(
                "The field %(name)s is missing or cannot be read.", name=field[:40], field=field
            ) from error

    def schema(self) -> dict[str, Any]:
        """The tool as a model is told of it."""
        return {
            "name": self.name,
            "description": self.about,
            "parameters": self.arguments.model_json_schema(),
        }


_known: dict[str, Tool[Any]] = {}


def known(tool: Tool[Arguments]) -> Tool[Arguments]:
    """Register a tool by its name, and return it."""
    if (tool.do is None) == (tool.outside is None):
        raise ValueError(f"{tool.name}: either do or outside")
    _known[tool.name] = tool
    return tool


def tool_named(name: str) -> Tool[Any]:
    """The tool; raises `UnknownTool`."""
    if name not in _known:
        raise UnknownTool("This version of the program does not know this tool.")
    return _known[name]


def all_tools() -> list[Tool[Any]]:
    """Every tool, by name."""
    return [_known[name] for name in sorted(_known)]
