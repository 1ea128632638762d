"""The agents, as people are told of them."""

import reflex as rx

from components.icons import icon
from components.text import _
from state.conversations import ReplyState
from state.messages import Step


def agent_name(agent: rx.Var[str]) -> rx.Component | rx.Var[str]:
    """What an agent does, in a word or two."""
    return rx.match(
        agent,
        ("planning", _("Plan")),
        ("finance", _("Budget")),
        ("vendor", _("Services")),
        ("communication", _("Help and texts")),
        ("analytics", _("Analysis")),
        ("social", _("Mentions")),
        ("dashboard", _("Overview")),
        ("course", _("Course")),
        "Maestro",
    )


def at_work() -> rx.Component:
    """Who works on the answer at this moment, and who has done."""
    return rx.cond(
        ReplyState.steps.length() > 0,
        rx.el.ul(
            rx.foreach(ReplyState.steps, _step),
            class_name="flex flex-wrap gap-2 mb-3",
            aria_label=_("Who works on it"),
            id="steps",
        ),
    )


def step_state(state: rx.Var[str]) -> rx.Component | rx.Var[str]:
    """How a step stands, in words."""
    return rx.match(
        state,
        ("began", _("at work")),
        ("done", _("done")),
        ("late", _("not ready in time")),
        ("skipped", _("not available")),
        _("failed"),
    )


def step_icon(state: rx.Var[str]) -> rx.Component:
    """The sign of how a step stands."""
    return rx.fragment(
        rx.match(
            state,
            ("began", icon("clock", "size-4 pulse")),
            ("done", icon("check", "size-4 text-brand-ink")),
            icon("alert-triangle", "size-4 text-danger"),
        )
    )


def _step(step: rx.vars.ObjectVar[Step]) -> rx.Component:
    return rx.el.li(
        step_icon(step.state),
        rx.el.span(agent_name(step.agent)),
        rx.el.span(step_state(step.state), class_name="text-muted"),
        class_name="chip slot-chip",
        custom_attrs={"data-agent": step.agent, "data-state": step.state},
    )
