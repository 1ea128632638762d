"""How well messages are routed: a labelled set, read without a model, and what came of it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.base import Intent
from agents.intents import Intents
from agents.routing import agents_of, wants_of
from app.errors import AppError

SAME = {"small_talk": "chat"}
"""Other names of an intent that a set may use."""


class Utterance(BaseModel):
    """One labelled message; what else its line says is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    locale: str = "?"
    intents: list[str]
    agents: list[str] | None = None


@dataclass(frozen=True)
class Routed:
    """A message with what it was taken for."""

    said: Utterance
    intents: tuple[str, ...]
    agents: tuple[str, ...]
    confidence: float

    @property
    def right(self) -> bool:
        """Whether all wants were understood and nothing else."""
        return {SAME.get(name, name) for name in self.said.intents} == set(self.intents)

    @property
    def agents_right(self) -> bool:
        """Whether the right agents would be sent; true where the set does not say."""
        return self.said.agents is None or set(self.said.agents) == set(self.agents)


@dataclass
class Report:
    """What came of a set."""

    routed: list[Routed] = field(default_factory=list[Routed])

    @property
    def accuracy(self) -> float:
        """The share of messages whose intents are all right."""
        return _share(one.right for one in self.routed)

    @property
    def agents_accuracy(self) -> float:
        """The share of messages to which the right agents would be sent."""
        return _share(one.agents_right for one in self.routed)

    @property
    def locales(self) -> dict[str, "Report"]:
        """The same for each language, in the order of their names."""
        found: dict[str, Report] = defaultdict(Report)
        for one in self.routed:
            found[one.said.locale].routed.append(one)
        return dict(sorted(found.items()))

    @property
    def confusion(self) -> Counter[tuple[str, str]]:
        """How often an intent (or several, joined) was taken for which."""
        return Counter(
            (
                "+".join(sorted(SAME.get(name, name) for name in one.said.intents)),
                "+".join(sorted(one.intents)),
            )
            for one in self.routed
        )

    @property
    def unknown(self) -> list[str]:
        """Intents that the set names and Maestro does not know."""
        named = {SAME.get(name, name) for one in self.routed for name in one.said.intents}
        return sorted(named - set(get_args(Intent)))


def utterances(path: Path) -> list[Utterance]:
    """Read a set of JSON Lines; raises `AppError` with the number of a line that is none."""
    found: list[Utterance] = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            told: dict[str, Any] = json.loads(line)
            found.append(Utterance.model_validate(told))
        except (json.JSONDecodeError, ValidationError) as error:
            raise AppError(
                'Line %(number)s is not {"text", "locale", "intents", "agents"}.', number=number
            ) from error
    if not found:
        raise AppError("The file holds no messages.")
    return found


async def evaluated(said: Sequence[Utterance], intents: Intents) -> Report:
    """Route every message as Maestro would route it as the first of a conversation."""
    readings = await intents.read_all([one.text for one in said])
    report = Report()
    for one, reading in zip(said, readings, strict=True):
        wants = await wants_of(one.text, reading, intents)
        names = tuple(dict.fromkeys(want.intent for want in wants))
        report.routed.append(Routed(one, names, agents_of(wants), wants[0].confidence))
    return report


def _share(right: Iterable[bool]) -> float:
    every = list(right)
    return sum(every) / len(every) if every else 0.0
