"""One event: how much time there is, the board, the timeline, the day's hours and the facts."""

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import save_bar
from components.pages.admin.panels import badge, confirm, conflict, empty, panel, skeleton
from components.pages.events.board import board
from components.pages.events.facts import fact_fields
from components.pages.events.parts import parts
from components.pages.events.report import report
from components.pages.events.timeline import chart, hours
from components.pages.office.frame import frame
from components.text import _
from state.projects.board import BoardState
from state.projects.event import EventState
from state.projects.timeline import TimelineState


def event() -> rx.Component:
    """The page."""
    return frame(
        rx.cond(EventState.title != "", EventState.title, _("Event")).to(str),
        rx.cond(EventState.ready, _content(), skeleton(8)),
        undo=EventState.undo,
    )


def _content() -> rx.Component:
    return rx.el.div(
        _standing(),
        report(),
        conflict(
            EventState.conflicts,
            keep_mine=EventState.keep_mine,
            take_theirs=EventState.take_theirs,
        ),
        panel(
            _("Tasks"),
            rx.cond(
                BoardState.count > 0,
                rx.fragment(),
                empty("list-details", _("No tasks yet"), _plan_hint()),
            ),
            board(),
        ),
        rx.cond(
            TimelineState.bars.length() > 0,
            panel(
                _("Timeline"),
                chart(),
                about=_("When each task is worked at, by its date and how long it takes."),
            ),
        ),
        rx.cond(
            TimelineState.hours.length() > 0,
            panel(
                _("Hours of the day"),
                hours(),
                about=_("A proposal by the kind of event, its beginning and its guests."),
            ),
        ),
        _facts(),
        _end(),
        class_name="grid grid-cols-[minmax(0,1fr)] gap-5",
    )


def _plan_hint() -> rx.Var[str]:
    return rx.cond(
        EventState.dated,
        _("Plan it, and tasks with dates stand here."),
        _("Say below when it is, then plan it; or write tasks down yourself."),
    ).to(str)


def _standing() -> rx.Component:
    return rx.el.div(
        parts("", EventState.project_id),
        rx.el.div(
            badge(EventState.state_name, rx.cond(EventState.state == "active", "good", "plain")),
            rx.cond(
                EventState.dated & (EventState.state != "completed"),
                rx.el.button(
                    icon("calendar"),
                    rx.cond(EventState.planned, _("Plan anew"), _("Plan it")),
                    type="button",
                    on_click=EventState.plan,
                    class_name=rx.cond(EventState.planned, "btn btn-quiet", "btn"),
                ),
            ),
            rx.cond(
                EventState.can_complete,
                rx.el.button(
                    icon("check"),
                    _("It took place"),
                    type="button",
                    on_click=EventState.complete,
                    class_name="btn btn-quiet",
                ),
            ),
            rx.cond(
                EventState.state == "completed",
                rx.el.button(
                    icon("arrow-back-up", "size-5 icon-along"),
                    _("It did not take place yet"),
                    type="button",
                    on_click=EventState.reopen,
                    class_name="btn btn-quiet",
                ),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            TimelineState.remarks.length() > 0,
            rx.el.ul(
                rx.foreach(
                    TimelineState.remarks,
                    lambda told: rx.el.li(
                        icon("alert-triangle", "size-5 mt-0.5 flex-none"),
                        rx.el.span(told),
                        class_name="flex gap-2.5",
                    ),
                ),
                class_name="grid gap-2 mt-4 p-3.5 rounded-md border border-line bg-surface",
                id="remarks",
            ),
        ),
    )


def _facts() -> rx.Component:
    return panel(
        _("What is known"),
        rx.el.form(
            *fact_fields(
                EventState.facts,
                EventState.kinds,
                EventState.problem,
                EventState.problem_field,
            ),
            rx.el.div(save_bar(), class_name="sm:col-span-2"),
            on_submit=EventState.save,
            key=EventState.project_id.to(str) + "-" + EventState.version.to(str),
            id="facts",
            class_name="grid gap-4 sm:grid-cols-2",
        ),
    )


def _end() -> rx.Component:
    return rx.el.div(
        confirm(
            "event",
            _("Delete this event"),
            _("Delete this event?"),
            _("Its tasks go with it, and what is known of its guests. It cannot be taken back."),
            _("Delete for good"),
            EventState.delete,
            opener_icon="trash",
        ),
    )
