"""How an answer was made, and what it rests on: a panel beside the conversation."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.agents import agent_name, step_icon, step_state
from components.icons import icon
from components.text import _
from state.how import HowState, HowStep
from state.messages import Card, Message


def how_button(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """Under an answer: opens and closes the panel."""
    return rx.cond(
        message.explained,
        rx.el.button(
            icon("help-circle", "size-4"),
            _("How was this answered?"),
            type="button",
            on_click=HowState.show(message.id),
            aria_expanded=HowState.message_id == message.id,
            aria_controls="how",
            class_name="how-button",
        ),
    )


def how_panel() -> rx.Component:
    """The panel; on a narrow screen it lies over the conversation."""
    return rx.cond(
        HowState.message_id != "",
        rx.el.aside(
            rx.el.div(
                rx.el.h2(_("How this was answered"), class_name="text-lg"),
                rx.el.button(
                    icon("x"),
                    rx.el.span(_("Close"), class_name="sr-only"),
                    type="button",
                    on_click=HowState.close,
                    auto_focus=True,
                    class_name="nav px-2.5",
                ),
                class_name="flex items-center justify-between gap-3",
            ),
            _part(_("Who worked on it"), HowState.steps, _step, _("Maestro answered alone.")),
            _part(_("Sources"), HowState.sources, _source, _("Nothing was cited.")),
            rx.el.section(
                rx.el.h3(_("Model and cost"), class_name="font-semibold"),
                rx.el.dl(
                    _fact(
                        _("Written by"),
                        rx.cond(
                            (HowState.model == "composer") | (HowState.model == ""),
                            _("Composed without a model"),
                            HowState.model,
                        ),
                    ),
                    rx.cond(
                        HowState.tried.length() > 0,
                        _fact(_("Asked in vain"), HowState.tried.join(", ")),
                    ),
                    _fact(
                        _("Tokens"),
                        _(
                            "%(read)s read, %(written)s written",
                            read=HowState.tokens_in,
                            written=HowState.tokens_out,
                        ),
                    ),
                    _fact(_("Cost"), HowState.cost),
                    _fact(_("Time"), _("%(count)s s", count=HowState.seconds)),
                    class_name="grid gap-1.5",
                ),
                class_name="grid gap-2",
            ),
            id="how",
            class_name="how-panel",
            aria_label=_("How this was answered"),
        ),
    )


def _part(title: rx.Var[str], told: Any, one: Any, nothing: rx.Var[str]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="font-semibold"),
        rx.cond(
            told.length() > 0,
            rx.el.ol(rx.foreach(told, one), class_name="grid gap-2"),
            rx.el.p(nothing, class_name="text-sm text-muted"),
        ),
        class_name="grid gap-2",
    )


def _step(step: rx.vars.ObjectVar[HowStep]) -> rx.Component:
    return rx.el.li(
        step_icon(step.state),
        rx.el.span(agent_name(step.agent)),
        rx.el.span(
            step_state(step.state),
            " · ",
            _("%(count)s s", count=step.seconds),
            class_name="text-sm text-muted ms-auto",
        ),
        class_name="flex items-center gap-2",
    )


def _source(card: rx.vars.ObjectVar[Card]) -> rx.Component:
    return rx.el.li(
        rx.el.span(card.number, class_name="text-muted tabular-nums"),
        rx.el.span(
            link(rx.el.bdi(card.title), href=card.url, class_name="link wrap-anywhere"),
            rx.el.bdi(card.detail, class_name="block text-sm text-muted"),
            class_name="min-w-0",
        ),
        class_name="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-1",
    )


def _fact(name: rx.Var[str], told: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-sm text-muted"),
        rx.el.dd(rx.el.bdi(told), class_name="wrap-anywhere"),
        class_name="grid grid-cols-[7rem_minmax(0,1fr)] gap-2",
    )
