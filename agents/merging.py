"""Making one answer of what several specialists gave back."""

import dataclasses
from collections.abc import Mapping, Sequence

from babel.lists import format_list

from agents.base import Block, Finding, Intent, Request, Result, SlotKind
from agents.checking import checked
from agents.graph import Outcome
from agents.routing import Step, Want
from app.conversations.traces import TracedSource, TracedStep
from app.i18n import N_, translate

MOST_FINDINGS = 6

ESSENTIAL: Mapping[Intent, tuple[SlotKind, ...]] = {"create_plan": ("date", "guests", "money")}
"""What is asked for where it was not said, whoever works on it."""

PARTS = {
    "vendor": N_("the matching services"),
    "communication": N_("the text"),
    "planning": N_("the plan"),
    "finance": N_("the figures of money"),
    "analytics": N_("the analysis"),
    "social": N_("the mentions"),
    "dashboard": N_("the overview"),
    "course": N_("the course"),
}
"""What is missing from an answer without an agent."""

ASKED = {
    "date": N_("the day"),
    "time": N_("the time of day"),
    "duration": N_("how long it takes"),
    "money": N_("the budget"),
    "guests": N_("the number of guests"),
    "place": N_("the place"),
    "language": N_("the language"),
}
"""How a missing slot is asked for."""


@dataclasses.dataclass(frozen=True)
class Merged:
    """All results as one: what is said first, what is cited, and what stands beside it."""

    text: str
    findings: tuple[Finding, ...]
    unmet: tuple[str, ...]
    blocks: tuple[Block, ...]
    asks: tuple[SlotKind, ...]
    steps: tuple[TracedStep, ...]
    lead: str
    """The agent whose work the answer mostly is."""


def merged(
    request: Request,
    wants: Sequence[Want],
    steps: Sequence[Step],
    outcomes: Mapping[str, Outcome[Result]],
) -> Merged:
    """One answer of the outcomes of these steps, in their order."""
    sound: list[tuple[Step, Result]] = []
    traced: list[TracedStep] = []
    for step in steps:
        outcome = outcomes[step.key]
        result, problems = checked(outcome.made) if outcome.made else (Result(), ())
        if outcome.state == "done":
            sound.append((step, result))
        traced.append(_traced(step, outcome, result, problems))
    asks = _asks(request, wants, [result for _, result in sound])
    said = dict.fromkeys(result.text for _, result in sound if result.text)
    text = [*said, *_missing(request.locale, traced), *_asking(request.locale, asks)]
    lead = next((step.agent for step, result in sound if result != Result()), steps[0].agent)
    return Merged(
        text="\n\n".join(text),
        findings=_best([result.findings for _, result in sound]),
        unmet=tuple(dict.fromkeys(wish for _, result in sound for wish in result.unmet)),
        blocks=tuple(block for _, result in sound for block in result.blocks),
        asks=asks,
        steps=tuple(traced),
        lead=lead,
    )


def asking(locale: str, asks: Sequence[SlotKind]) -> str:
    """One question for all that is missing."""
    things = [translate(locale, ASKED[kind]) for kind in asks]
    return translate(
        locale,
        "To go on I need to know: %(things)s.",
        things=format_list(things, locale=locale.replace("-", "_")),
    )


def _asking(locale: str, asks: Sequence[SlotKind]) -> list[str]:
    return [asking(locale, asks)] if asks else []


def _asks(
    request: Request, wants: Sequence[Want], results: Sequence[Result]
) -> tuple[SlotKind, ...]:
    known = {slot.kind for slot in request.slots}
    every: dict[SlotKind, None] = {}
    for kinds in (
        *(ESSENTIAL.get(want.intent, ()) for want in wants),
        *(one.asks for one in results),
    ):
        every |= dict.fromkeys(kinds)
    return tuple(kind for kind in every if kind not in known)


def _best(found: Sequence[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Of each agent's findings the best ones first; what two found is cited once."""
    longest = max((len(findings) for findings in found), default=0)
    kept: dict[tuple[str, str], Finding] = {}
    for rank in range(longest):
        for findings in found:
            if rank < len(findings):
                one = findings[rank]
                kept.setdefault((one.kind, one.external_id), one)
    chosen = list(kept.values())[:MOST_FINDINGS]
    # Services stand together, before what is written about them.
    return tuple(sorted(chosen, key=lambda one: one.kind != "listing"))


def _missing(locale: str, steps: Sequence[TracedStep]) -> list[str]:
    """What the answer lacks, said as it is."""
    told: list[str] = []
    for state, message in (
        ("skipped", N_("Not available in this market yet: %(parts)s.")),
        ("late", N_("Not ready in time: %(parts)s. Ask once more and I will finish it.")),
        ("failed", N_("Something went wrong with: %(parts)s. The rest holds.")),
    ):
        agents = dict.fromkeys(step.agent for step in steps if step.state == state)
        if agents:
            parts = [translate(locale, PARTS[agent]) for agent in agents]
            listed = format_list(parts, locale=locale.replace("-", "_"))
            told.append(translate(locale, message, parts=listed))
    return told


def _traced(
    step: Step, outcome: Outcome[Result], result: Result, problems: tuple[str, ...]
) -> TracedStep:
    return TracedStep(
        key=step.key,
        agent=step.agent,
        intent=step.intent,
        state=outcome.state,
        needs=step.needs,
        began=round(outcome.began, 4),
        took=round(outcome.took, 4),
        # What went wrong may hold words of the person; its kind does not.
        error=type(outcome.error).__name__ if outcome.error else "",
        sources=sources_of(result.findings),
        blocks=tuple(block.kind for block in result.blocks),
        asks=tuple(result.asks),
        problems=problems,
    )


def sources_of(findings: Sequence[Finding]) -> tuple[TracedSource, ...]:
    """Findings, as a trace keeps them."""
    return tuple(
        TracedSource(one.kind, one.external_id, one.title, one.url, round(one.score, 4))
        for one in findings
    )
