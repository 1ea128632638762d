"""Putting down how an answer is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.base import Request, Route
from agents.merging import sources_of
from agents.settling import Settled
from agents.slots.keeping import told
from app.conversations.traces import Trace, TracedStep, TracedWant

if TYPE_CHECKING:
    from agents.maestro import Understood


def trace_of(
    understood: Understood, agents: tuple[str, ...], steps: tuple[TracedStep, ...] = ()
) -> Trace:
    """The record of a message that was understood so, and of the steps so far."""
    request = understood.request
    return Trace(
        message=request.message,
        locale=request.locale,
        wants=tuple(
            TracedWant(want.intent, want.message, want.confidence) for want in understood.wants
        ),
        agents=agents,
        confidence={str(name): share for name, share in understood.reading.confidence.items()},
        slots=slots_told(request),
        steps=steps,
    )


def trace_of_settled(
    understood: Understood, route: Route, settled: Settled, began: float, took: float
) -> Trace:
    """The record of a want that was settled by what the market has."""
    by_agent = {
        "vendor": [one for one in settled.findings if one.kind == "listing"],
        "communication": [one for one in settled.findings if one.kind != "listing"],
    }
    steps = tuple(
        TracedStep(
            key=f"{settled.intent}/{agent}",
            agent=agent,
            intent=settled.intent,
            state="done",
            began=round(began, 4),
            took=round(took, 4),
            sources=sources_of(by_agent.get(agent, [])),
        )
        for agent in settled.looked
    )
    return trace_of(understood, route.agents, steps)


def slots_told(request: Request) -> tuple[str, ...]:
    """What is known of dates, money and guests, in words."""
    return tuple(f"{slot.kind}: {told(slot.value, request.locale)}" for slot in request.slots)
