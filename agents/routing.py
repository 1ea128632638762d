"""Who works on what: the wants of a message, and the steps that they take."""

import dataclasses
from collections.abc import Mapping, Sequence

from agents.base import BaseAgent, Intent
from agents.intents import Intents, Reading
from agents.needs import clauses, sentences

SURE = 0.55
"""Below this confidence two specialists look, and what they find decides."""

ALONE = 0.6
"""How sure a sentence of a message must be to be a want of its own."""

JOINED = 0.85
"""How sure a part of a sentence must be: cut out of what it belongs to, it easily misleads."""

WORKERS: Mapping[Intent, tuple[str, ...]] = {
    "find_service": ("vendor",),
    "create_plan": ("planning", "finance", "vendor"),
    "track_plan": ("planning",),
    "manage_budget": ("finance",),
    "optimize_pricing": ("finance",),
    "analyze_conversion": ("analytics", "social", "communication"),
    "track_mentions": ("social",),
    "write_text": ("communication",),
    "overview": ("dashboard",),
    "question": ("communication",),
    "chat": ("communication",),
    "out_of_scope": ("maestro",),
}
"""Which agents an intent needs; they work at the same time, except where one waits for another."""

SIMPLE: frozenset[Intent] = frozenset({"find_service", "question", "chat", "out_of_scope"})
"""Intents that are settled by what the market has for them; see `agents.settling`."""


NEVER_A_PART: frozenset[Intent] = frozenset({"chat", "out_of_scope", "overview"})
"""Intents that a mere part of a message is not taken for: "what should I do?" ends many."""


@dataclasses.dataclass(frozen=True)
class Want:
    """One thing that a message wants, the part that says it, and how sure that is."""

    intent: Intent
    message: str
    confidence: float


@dataclasses.dataclass(frozen=True)
class Step:
    """One agent's work on one want; `needs` are the keys of the steps that it waits for."""

    agent: str
    intent: Intent
    message: str
    needs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the step within its answer."""
        return f"{self.intent}/{self.agent}"


async def wants_of(message: str, whole: Reading, intents: Intents) -> tuple[Want, ...]:
    """What a message wants: what it is as a whole, or its parts where they are surely different.

    `whole` is how the message was understood with what was said before it.
    """
    single = (Want(whole.intent, message, whole.confidence[whole.intent]),)
    parts, least = sentences(message), ALONE
    if len(parts) < 2:
        parts, least = clauses(message), JOINED
    if len(parts) < 2:
        return single
    found: dict[Intent, list[tuple[str, float]]] = {}
    for part, read in zip(parts, await intents.read_all(parts), strict=True):
        sure = read.confidence[read.intent]
        if sure >= least and read.intent not in NEVER_A_PART:
            found.setdefault(read.intent, []).append((part, sure))
    if len(found) < 2:
        return single
    wants = tuple(
        Want(intent, ". ".join(part for part, _ in said), max(sure for _, sure in said))
        for intent, said in found.items()
    )
    return _without_repeats(wants)


def steps_of(wants: Sequence[Want], kinds: Mapping[str, type[BaseAgent]]) -> tuple[Step, ...]:
    """The steps of all wants; an agent waits for those of the same want whose results it uses."""
    steps: list[Step] = []
    for want in wants:
        workers = WORKERS[want.intent]
        for agent in workers:
            waits = kinds[agent].needs if agent in kinds else ()
            needs = tuple(f"{want.intent}/{other}" for other in waits if other in workers)
            steps.append(Step(agent, want.intent, want.message, needs))
    return tuple(steps)


def agents_of(wants: Sequence[Want]) -> tuple[str, ...]:
    """The agents that these wants need, each once."""
    return tuple(dict.fromkeys(agent for want in wants for agent in WORKERS[want.intent]))


def _without_repeats(wants: tuple[Want, ...]) -> tuple[Want, ...]:
    """Without what another want brings along: a plan looks for services and counts the money."""
    planned = any(want.intent == "create_plan" for want in wants)
    covered = {"find_service", "manage_budget", "track_plan"} if planned else set[str]()
    return tuple(want for want in wants if want.intent not in covered)
