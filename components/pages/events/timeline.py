"""The timeline: a bar for each task, drawn as SVG by the server, and the hours of the day.

The drawings hold no words, so a reader from right to left gets them mirrored.
"""

import reflex as rx

from components.design import inline_style
from components.text import _
from state.projects.timeline import Bar, HourRow, Tick, TimelineState

_FILLS = (
    ("done", "var(--line)"),
    ("overdue", "var(--danger)"),
    ("critical", "var(--brand)"),
)
_PLAIN = "color-mix(in oklab, var(--brand) 45%, var(--paper))"


def chart() -> rx.Component:
    """The bars under each other over one scale of days."""
    return rx.el.div(
        rx.el.ol(
            rx.foreach(TimelineState.bars, _bar),
            class_name="grid grid-cols-[minmax(0,1fr)] gap-y-2 sm:gap-y-1",
            id="timeline",
        ),
        rx.el.div(
            rx.el.div(class_name="hidden sm:block"),
            rx.el.div(rx.foreach(TimelineState.ticks, _tick), class_name="relative h-6 mt-1"),
            class_name="sm:grid sm:grid-cols-[14rem_minmax(0,1fr)] sm:gap-x-4",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.ul(
            _key(_PLAIN, _("planned")),
            _key("var(--brand)", _("longest chain")),
            _key("var(--danger)", _("overdue")),
            _key("var(--line)", _("done")),
            _key("var(--ink)", _("today, and the day of the event")),
            class_name="flex flex-wrap gap-x-5 gap-y-1 mt-3 text-sm text-muted",
        ),
    )


def _bar(one: rx.vars.ObjectVar[Bar]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.bdi(one.title, class_name="block truncate"),
            rx.el.span(one.told, class_name="block text-xs text-muted"),
            class_name="min-w-0 text-sm",
            title=one.title,
        ),
        rx.el.svg(
            _mark(TimelineState.today_x, "3 3"),
            rx.cond(TimelineState.day_x != "", _mark(TimelineState.day_x, "0")),
            rx.el.svg.rect(
                x=one.x,
                y="25%",
                width=one.width,
                height="50%",
                rx="4",
                fill=rx.match(one.kind, *_FILLS, _PLAIN),
                custom_attrs={"style": rx.Var.create({"minWidth": "4px"})},
            ),
            width="100%",
            height="100%",
            class_name="chart-along h-6 sm:h-9 rounded-sm bg-sunken",
            custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "none"},
        ),
        key=one.id,
        class_name=(
            "grid grid-cols-[minmax(0,1fr)] sm:grid-cols-[14rem_minmax(0,1fr)] gap-x-4 items-center"
        ),
        custom_attrs={"data-kind": one.kind},
    )


def _mark(x: rx.Var[str], dashes: str) -> rx.Component:
    return rx.el.svg.line(
        x1=x,
        x2=x,
        y1="0",
        y2="100%",
        stroke="var(--ink)",
        stroke_width="1",
        stroke_dasharray=dashes,
        stroke_opacity="0.55",
    )


def _tick(one: rx.vars.ObjectVar[Tick]) -> rx.Component:
    return rx.el.span(
        one.name,
        class_name="absolute text-xs text-muted whitespace-nowrap",
        custom_attrs=inline_style({"insetInlineStart": one.x}),
    )


def _key(colour: str, name: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            class_name="inline-block size-3 rounded-sm me-2 align-baseline",
            custom_attrs={**inline_style({"background": colour}), "aria-hidden": "true"},
        ),
        name,
    )


def hours() -> rx.Component:
    """The parts of the day with their hours."""
    return rx.el.ol(rx.foreach(TimelineState.hours, _hour), class_name="grid gap-0", id="hours")


def _hour(one: rx.vars.ObjectVar[HourRow]) -> rx.Component:
    return rx.el.li(
        rx.cond(one.day != "", rx.el.p(one.day, class_name="font-medium mt-3 mb-1")),
        rx.el.div(
            rx.el.bdi(one.hours, class_name="tabular-nums text-muted w-36 flex-none text-sm"),
            rx.el.span(one.title, class_name="min-w-0"),
            class_name="flex gap-4 py-1.5 border-b border-line items-baseline",
        ),
        key=one.key,
    )
