"""The list of one's events, and the form of a new one."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.office.frame import frame
from components.text import _
from state.page import PageState
from state.projects.listing import EventRow, EventsState


def events() -> rx.Component:
    """The page."""
    return frame(
        _("Your events"),
        rx.cond(
            EventsState.loaded,
            rx.el.div(_listed(), _new(), class_name="grid gap-5"),
            skeleton(6),
        ),
        about=_("What you prepare here nobody else sees."),
    )


def _listed() -> rx.Component:
    return panel(
        _("Events"),
        rx.cond(
            EventsState.events.length() > 0,
            rx.el.ul(rx.foreach(EventsState.events, _event), class_name="grid gap-3"),
            empty(
                "calendar",
                _("Nothing to prepare yet"),
                _("Say what you plan below; its tasks and dates are reckoned for you."),
            ),
        ),
    )


def _event(one: rx.vars.ObjectVar[EventRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            link(
                rx.el.bdi(one.title),
                href=PageState.home + "/events/" + one.id.to(str),
                class_name="link font-medium break-words inline-flex py-1",
            ),
            rx.el.p(
                rx.cond(one.kind_name != "", rx.fragment(one.kind_name, " · ")),
                one.when,
                class_name="text-sm text-muted",
            ),
            rx.cond(
                one.facts != "", rx.el.p(one.facts, class_name="text-sm text-muted", dir="auto")
            ),
            class_name="min-w-0 flex-1 basis-56",
        ),
        rx.el.div(
            badge(one.state_name, rx.cond(one.state == "active", "good", "plain")),
            rx.cond(
                one.progress != "",
                rx.el.p(one.progress, class_name="text-sm text-muted tabular-nums"),
            ),
            rx.cond(one.overdue != "", rx.el.p(one.overdue, class_name="text-sm text-danger")),
            class_name="grid gap-1 justify-items-start sm:justify-items-end",
        ),
        key=one.id,
        class_name="flex flex-wrap items-start gap-3 p-4 rounded-md border border-line",
    )


def _wrong(name: str) -> rx.Var[str]:
    return rx.cond(EventsState.problem_field == name, EventsState.problem, "").to(str)


def _new() -> rx.Component:
    return panel(
        _("A new event"),
        rx.el.form(
            choice_field("kind", _("Kind of event"), EventsState.kinds, problem=_wrong("kind")),
            text_field("title", _("Title"), problem=_wrong("title"), max_length=200, dir="auto"),
            text_field("day", _("Day"), kind="date", problem=_wrong("day")),
            text_field(
                "guests",
                _("Guests"),
                problem=_wrong("guests"),
                input_mode="numeric",
                max_length=9,
            ),
            text_field("place", _("Place"), problem=_wrong("place"), max_length=200, dir="auto"),
            text_field(
                "budget_amount",
                _("Budget in %(currency)s", currency=EventsState.currency),
                problem=_wrong("budget_amount"),
                input_mode="decimal",
                max_length=20,
            ),
            rx.el.div(
                save_bar(verb=rx.fragment(icon("plus"), _("Begin"))),  # pyright: ignore[reportArgumentType]
                class_name="sm:col-span-2",
            ),
            on_submit=EventsState.create,
            class_name="grid gap-4 sm:grid-cols-2",
        ),
        about=_("Only the kind is needed; all else can be said later."),
    )
