"""The parts of an answer that are more than text: plans, tasks, budgets, tables and charts.

Complete as the server renders them; the drawings hold no words, so that a reader from right to left
gets them mirrored, and what they show stands beside them in words.
"""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.text import _
from state.blocks import (
    CHART_HEIGHT,
    CHART_WIDTH,
    Bar,
    BlockView,
    Cell,
    Curve,
    HourRow,
    TableRow,
    TaskRow,
)
from state.messages import Message


def blocks(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """All blocks of a message, each in a frame of its own."""
    return rx.cond(
        message.blocks.length() > 0,
        rx.el.div(rx.foreach(message.blocks, _block), class_name="blocks"),
    )


def _block(block: rx.vars.ObjectVar[BlockView]) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h3(rx.el.bdi(block.title), class_name="font-semibold leading-snug"),
            rx.cond(
                block.summary != "",
                rx.el.p(rx.el.bdi(block.summary), class_name="text-sm text-muted"),
            ),
            class_name="grid gap-0.5",
        ),
        rx.match(
            block.kind,
            ("plan", _plan(block)),
            ("tasks", _tasks(block)),
            ("budget", _budget(block)),
            ("comparison", table(block.columns, block.rows, block.title)),
            ("table", table(block.columns, block.rows, block.title)),
            _chart(block),
        ),
        rx.cond(
            block.url != "",
            link(
                rx.match(
                    block.kind,
                    ("budget", _("Open the budget")),
                    ("plan", _("Open the plan")),
                    ("tasks", _("Open the plan")),
                    _("Open"),
                ),
                icon("arrow-right", "size-4 icon-along"),
                href=block.url,
                class_name="link inline-flex items-center gap-1.5 min-h-11 text-sm w-fit",
            ),
        ),
        key=block.key,
        class_name="block-frame",
        aria_label=block.title,
        custom_attrs={"data-block": block.kind},
    )


def _plan(block: rx.vars.ObjectVar[BlockView]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(
            rx.foreach(
                block.bars,
                lambda bar: rx.el.li(
                    rx.el.p(
                        rx.el.span(bar.name, class_name="font-medium"),
                        rx.el.bdi(bar.told, class_name="text-sm text-muted"),
                        class_name="bar-words",
                    ),
                    _drawn(bar, "bar-planned"),
                ),
            ),
            class_name="grid gap-2.5",
        ),
        rx.cond(
            block.hours.length() > 0,
            rx.el.details(
                rx.el.summary(_("The hours of the day"), class_name="block-fold"),
                rx.el.ol(rx.foreach(block.hours, _hour), class_name="grid gap-1 pt-1 text-sm"),
            ),
        ),
    )


def _drawn(bar: rx.vars.ObjectVar[Bar], kind: str) -> rx.Component:
    return rx.el.svg(
        rx.el.svg.rect(
            x=bar.x, y="0", width=bar.width, height="100%", rx="3", class_name=f"bar-min {kind}"
        ),
        rx.el.svg.rect(
            x=bar.x, y="0", width=bar.filled, height="100%", rx="3", class_name="bar-filled"
        ),
        width="100%",
        height="10",
        class_name="chart-along bar-track",
        custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "none"},
    )


def _hour(hour: rx.vars.ObjectVar[HourRow]) -> rx.Component:
    return rx.el.li(
        rx.el.bdi(hour.hours, class_name="text-muted tabular-nums whitespace-nowrap"),
        rx.el.bdi(hour.name),
        class_name="grid grid-cols-[9.5rem_minmax(0,1fr)] gap-3",
    )


def _tasks(block: rx.vars.ObjectVar[BlockView]) -> rx.Component:
    return rx.fragment(
        rx.el.ol(rx.foreach(block.tasks, _task), class_name="grid gap-1.5"),
        rx.cond(
            block.more.length() > 0,
            rx.el.details(
                rx.el.summary(
                    _("The other tasks: %(count)s", count=block.more.length()),
                    class_name="block-fold",
                ),
                rx.el.ol(rx.foreach(block.more, _task), class_name="grid gap-1.5 pt-1"),
            ),
        ),
    )


def _task(task: rx.vars.ObjectVar[TaskRow]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            task.done,
            rx.fragment(
                icon("circle-check", "size-5 text-brand-ink"),
                rx.el.span(_("Done"), class_name="sr-only"),
            ),
            rx.el.span(class_name="task-ring", custom_attrs={"aria-hidden": "true"}),
        ),
        rx.el.bdi(task.name, class_name=rx.cond(task.done, "text-muted line-through", "")),
        rx.el.bdi(task.due, class_name="text-sm text-muted whitespace-nowrap"),
        class_name="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] gap-2.5 items-baseline",
    )


def _budget(block: rx.vars.ObjectVar[BlockView]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            block.has_actual,
            rx.el.p(
                rx.el.span(class_name="bar-key bar-planned-key"),
                _("Planned"),
                rx.el.span(class_name="bar-key bar-filled-key ms-3"),
                _("Actual"),
                class_name="flex items-center gap-1.5 text-sm text-muted",
                custom_attrs={"aria-hidden": "true"},
            ),
        ),
        rx.el.ul(
            rx.foreach(
                block.bars,
                lambda bar: rx.el.li(
                    rx.el.p(
                        rx.el.bdi(bar.name, class_name="font-medium"),
                        rx.el.bdi(bar.told, class_name="text-sm text-muted tabular-nums"),
                        class_name="bar-words",
                    ),
                    _drawn(bar, "bar-planned"),
                    rx.cond(
                        bar.over != "",
                        rx.el.p(
                            _("%(amount)s over the plan", amount=bar.over),
                            class_name="text-sm text-danger",
                        ),
                    ),
                ),
            ),
            class_name="grid gap-2.5",
        ),
    )


def table(columns: Any, rows: Any, caption: rx.Var[str]) -> rx.Component:
    """A table that scrolls in itself; on a phone each row becomes a block of named lines.

    `columns` is a var of texts, `rows` one of `TableRow`s.
    """
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(rx.foreach(columns, lambda name: rx.el.th(name, scope="col", dir="auto")))
            ),
            rx.el.tbody(rx.foreach(rows, _row)),
            class_name="said-table",
        ),
        role="region",
        tab_index=0,
        aria_label=caption,
        class_name="overflow-x-auto",
    )


def _row(row: rx.vars.ObjectVar[TableRow]) -> rx.Component:
    return rx.el.tr(rx.foreach(row.cells, _cell))


def _cell(cell: rx.vars.ObjectVar[Cell]) -> rx.Component:
    return rx.el.td(
        rx.cond(
            cell.url != "",
            link(
                rx.el.bdi(cell.text), href=cell.url, class_name="link font-medium wrap-break-word"
            ),
            rx.el.bdi(cell.text, class_name="wrap-break-word"),
        ),
        custom_attrs={"data-head": cell.head},
    )


def _chart(block: rx.vars.ObjectVar[BlockView]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            block.bars.length() > 0,
            rx.el.ul(
                rx.foreach(
                    block.bars,
                    lambda bar: rx.el.li(
                        rx.el.p(
                            rx.el.bdi(bar.name),
                            rx.el.bdi(bar.told, class_name="text-sm text-muted tabular-nums"),
                            class_name="bar-words",
                        ),
                        _drawn(bar, "bar-filled"),
                    ),
                ),
                class_name="grid gap-2",
            ),
        ),
        rx.cond(
            block.curves.length() > 0,
            rx.fragment(
                rx.el.svg(
                    rx.foreach(block.curves, _curve),
                    view_box=f"0 0 {CHART_WIDTH} {CHART_HEIGHT}",
                    class_name="chart-along curves",
                    custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "none"},
                ),
                rx.el.ul(
                    rx.foreach(
                        block.curves,
                        lambda one: rx.el.li(
                            rx.el.span(class_name="bar-key curve-key"),
                            rx.el.bdi(one.name),
                            rx.el.bdi(one.latest, class_name="text-muted tabular-nums"),
                            class_name="flex items-center gap-2 text-sm",
                        ),
                    ),
                    class_name="flex flex-wrap gap-x-5 curve-keys",
                ),
            ),
        ),
        rx.el.details(
            rx.el.summary(_("All values"), class_name="block-fold"),
            table(block.columns, block.rows, block.title),
        ),
    )


def _curve(curve: rx.vars.ObjectVar[Curve]) -> rx.Component:
    return rx.el.svg.polyline(points=curve.points, class_name="curve")
