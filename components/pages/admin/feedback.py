"""What people thought of answers: found, looked into, seen to, made into questions to test with."""

from typing import Any

import reflex as rx

from components.agents import agent_name, step_state
from components.icons import icon
from components.pages.admin.fields import labelled
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import pages
from components.text import _, ngettext
from state.admin.feedback import FeedbackState, Row
from state.how import HowStep


def feedback() -> rx.Component:
    """The page."""
    return shell(
        _("Feedback"),
        rx.cond(FeedbackState.loaded, _judgements(), skeleton(6)),
        about=_("What people thought of Maestro's answers, and what became of it."),
    )


def _judgements() -> rx.Component:
    return panel(
        ngettext("%(count)s answer", "%(count)s answers", FeedbackState.total),
        _filters(),
        rx.cond(
            FeedbackState.rows.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(FeedbackState.rows, _one), class_name="grid gap-4"),
                pages(
                    FeedbackState.number,
                    FeedbackState.pages,
                    FeedbackState.earlier,
                    FeedbackState.later,
                ),
            ),
            empty(
                "message-circle",
                _("Nothing found"),
                _("Whoever asks can say below an answer whether it was good."),
            ),
        ),
        id="feedback",
    )


def _filters() -> rx.Component:
    def choice(name: str, label: rx.Var[str], *options: Any) -> rx.Component:
        return labelled(
            f"{name}-sought",
            label,
            rx.el.select(
                rx.el.option(_("All"), value=""),
                *options,
                id=f"{name}-sought",
                name=name,
                default_value=FeedbackState.sought[name].to(str),
                class_name="field",
            ),
            class_name="flex-1 basis-36",
        )

    def option(value: str, name: rx.Var[str]) -> rx.Component:
        return rx.el.option(name, value=value)

    return rx.el.form(
        choice("mark", _("Mark"), option("good", _("Good")), option("bad", _("Not good"))),
        choice(
            "agent",
            _("Agent"),
            rx.foreach(
                FeedbackState.agents, lambda name: rx.el.option(agent_name(name), value=name)
            ),
        ),
        choice(
            "days",
            _("When"),
            *(option(str(days), _("Last %(days)s days", days=days)) for days in (7, 30, 90, 365)),
        ),
        choice("handled", _("State"), option("no", _("Still open")), option("yes", _("Seen to"))),
        rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
        on_submit=FeedbackState.search,
        class_name="flex flex-wrap items-end gap-3 mb-5",
    )


def _one(one: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(one.good, badge(_("Good"), "good"), badge(_("Not good"), "bad")),
            rx.cond(one.handled, badge(_("Seen to"))),
            rx.el.span(agent_name(one.agent.to(str)), class_name="text-sm text-muted"),
            rx.el.span(one.when, class_name="text-sm text-muted ms-auto whitespace-nowrap"),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.cond(
            (one.reason != "") | (one.note != ""),
            rx.el.p(
                rx.cond(one.reason != "", rx.el.span(one.reason, class_name="font-medium")),
                rx.cond((one.reason != "") & (one.note != ""), " · ", ""),  # pyright: ignore[reportArgumentType]
                rx.el.bdi(one.note),
                class_name="wrap-anywhere",
            ),
        ),
        rx.el.p(one.question, dir="auto", class_name="font-medium wrap-anywhere"),
        rx.el.details(
            rx.el.summary(_("The answer"), class_name="link min-h-11 flex items-center"),
            rx.el.p(one.answer, dir="auto", class_name="whitespace-pre-line wrap-anywhere"),
        ),
        rx.el.div(
            rx.el.button(
                icon("check"),
                rx.cond(one.handled, _("Open it again"), _("Seen to")),
                type="button",
                on_click=FeedbackState.handle(one.id),
                class_name="btn btn-quiet",
            ),
            rx.cond(
                one.traced,
                rx.el.button(
                    icon("chart-bar"),
                    _("How this was answered"),
                    type="button",
                    on_click=FeedbackState.show_trace(one.id),
                    aria_expanded=FeedbackState.open_id == one.id,
                    class_name="btn btn-quiet",
                ),
            ),
            rx.cond(one.good & one.cites & (FeedbackState.sets.length() > 0), _ask(one)),
            class_name="flex flex-wrap items-end gap-2",
        ),
        rx.cond(FeedbackState.open_id == one.id, _trace(one)),
        class_name="grid gap-2 p-4 rounded-md border border-line",
        key=one.id,
    )


def _ask(one: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.form(
        rx.el.select(
            rx.foreach(FeedbackState.sets, lambda told: rx.el.option(told.name, value=told.value)),
            name="set",
            aria_label=_("Set of questions"),
            class_name="field w-auto",
        ),
        rx.el.button(icon("plus"), _("Add to the set"), type="submit", class_name="btn btn-quiet"),
        on_submit=lambda form: FeedbackState.ask(one.id, form),
        class_name="flex flex-wrap gap-2",
    )


def _trace(one: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.ol(rx.foreach(FeedbackState.steps, _step), class_name="grid gap-1"),
        rx.el.p(
            _("Written by"),
            ": ",
            rx.cond(one.model == "composer", _("Composed without a model"), one.model),
            " · ",
            _("Tokens"),
            ": ",
            FeedbackState.tokens,
            " · ",
            _("%(count)s s", count=FeedbackState.seconds),
            rx.cond(FeedbackState.cost != "", rx.el.span(" · ", FeedbackState.cost)),
        ),
        rx.cond(
            FeedbackState.tried.length() > 0,
            rx.el.p(_("Asked in vain"), ": ", FeedbackState.tried.join(", ")),
        ),
        class_name="grid gap-2 text-sm p-3 rounded-md bg-surface",
    )


def _step(step: rx.vars.ObjectVar[HowStep]) -> rx.Component:
    return rx.el.li(
        rx.el.span(agent_name(step.agent)),
        rx.el.span(
            step_state(step.state),
            " · ",
            _("%(count)s s", count=step.seconds),
            class_name="text-muted ms-auto",
        ),
        class_name="flex gap-2",
    )
