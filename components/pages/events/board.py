"""The board: three columns of cards, each moved by its buttons."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import text_field, tick
from components.pages.admin.panels import badge, confirm_of
from components.text import _
from state.filters import Option
from state.projects.board import BoardState, Card, Column

_TOOL = (
    "grid place-items-center size-11 flex-none rounded-md text-muted hover:text-ink hover:bg-sunken"
)


def board() -> rx.Component:
    """The columns, and the form of a new task."""
    return rx.el.div(
        rx.cond(
            BoardState.count > 0,
            rx.el.div(
                rx.foreach(BoardState.columns, _column),
                class_name="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-3 items-start",
                id="board",
            ),
        ),
        rx.el.form(
            text_field(
                "title",
                _("A task of your own"),
                problem=rx.cond(BoardState.problem_field == "new", BoardState.problem, "").to(str),
                max_length=200,
                required=True,
                dir="auto",
                auto_complete="off",
                class_name="flex-1 basis-56",
            ),
            rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn btn-quiet"),
            on_submit=BoardState.add,
            key=BoardState.added.to(str),
            class_name="flex flex-wrap items-end gap-3 mt-5",
        ),
    )


def _column(one: rx.vars.ObjectVar[Column]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(
            one.name,
            rx.el.span(one.count, class_name="ms-2 text-muted tabular-nums font-normal"),
            class_name="font-medium px-1 mb-2",
        ),
        rx.cond(
            one.cards.length() > 0,
            rx.el.ul(
                rx.foreach(one.cards, lambda card: _card(card, one)),
                class_name="grid grid-cols-[minmax(0,1fr)] gap-2",
            ),
            rx.el.p(_("Nothing here"), class_name="text-sm text-muted px-1 py-3"),
        ),
        key=one.state,
        class_name="rounded-md bg-sunken p-3 min-w-0",
        custom_attrs={"data-column": one.state},
    )


def _card(card: rx.vars.ObjectVar[Card], column: rx.vars.ObjectVar[Column]) -> rx.Component:
    return rx.el.li(
        rx.cond(BoardState.editing == card.id, _editing(card), _shown(card, column)),
        key=card.id,
    )


def _shown(card: rx.vars.ObjectVar[Card], column: rx.vars.ObjectVar[Column]) -> rx.Component:
    return rx.el.div(
        rx.el.p(card.title, class_name="font-medium break-words", dir="auto"),
        rx.el.div(
            rx.cond(
                card.due != "",
                rx.el.span(
                    icon("calendar", "size-4"),
                    card.due,
                    class_name=rx.cond(
                        card.overdue,
                        "inline-flex items-center gap-1 text-danger",
                        "inline-flex items-center gap-1",
                    ),
                ),
            ),
            rx.cond(
                card.assignee != "",
                rx.el.span(
                    icon("user", "size-4"),
                    rx.el.bdi(card.assignee),
                    class_name="inline-flex items-center gap-1",
                ),
            ),
            rx.cond(card.overdue, badge(_("overdue"), "bad")),
            rx.cond(card.critical, badge(_("longest chain"), "warn")),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted mt-1",
        ),
        rx.cond(
            card.waits != "",
            rx.el.p(card.waits, class_name="text-sm text-muted mt-1 break-words", dir="auto"),
        ),
        rx.el.div(
            rx.cond(
                column.before != "",
                _tool(
                    "chevron-left",
                    _("Move to “%(column)s”", column=column.before_name),
                    BoardState.move(card.id, column.before),
                    along=True,
                ),
            ),
            rx.cond(
                column.after != "",
                _tool(
                    "chevron-right",
                    _("Move to “%(column)s”", column=column.after_name),
                    BoardState.move(card.id, column.after),
                    along=True,
                ),
            ),
            rx.cond(
                ~card.first,
                _tool("arrow-up", _("Move up"), BoardState.shift(card.id, -1)),
            ),
            rx.cond(
                ~card.last,
                _tool("arrow-down", _("Move down"), BoardState.shift(card.id, 1)),
            ),
            _tool("pencil", _("Change this task"), BoardState.begin_editing(card.id)),
            class_name="flex flex-wrap -mx-2 -mb-2 mt-1",
            role="group",
            aria_label=card.title,
        ),
        tab_index=-1,
        class_name="p-3 rounded-md border border-line bg-surface focus-visible:outline-2",
        custom_attrs={"data-task": card.id},
    )


def _tool(symbol: str, name: rx.Var[str], on_click: Any, *, along: bool = False) -> rx.Component:
    return rx.el.button(
        icon(symbol, "size-5 icon-along" if along else "size-5"),
        rx.el.span(name, class_name="sr-only"),
        type="button",
        title=name,
        on_click=on_click,
        class_name=_TOOL,
    )


def _editing(card: rx.vars.ObjectVar[Card]) -> rx.Component:
    def wrong(name: str) -> rx.Var[str]:
        return rx.cond(BoardState.problem_field == name, BoardState.problem, "").to(str)

    return rx.el.div(
        rx.el.form(
            text_field(
                "title",
                _("Task"),
                card.title,
                problem=wrong("title"),
                max_length=200,
                auto_focus=True,
                dir="auto",
            ),
            text_field(
                "due", _("To be done by"), card.due_value, kind="date", problem=wrong("due")
            ),
            text_field(
                "days",
                _("Days of work"),
                card.days,
                problem=wrong("days"),
                input_mode="numeric",
                max_length=3,
            ),
            text_field(
                "assignee",
                _("Who does it"),
                card.assignee,
                problem=wrong("assignee"),
                max_length=100,
                dir="auto",
            ),
            rx.cond(
                BoardState.others.length() > 0,
                rx.el.details(
                    rx.el.summary(_("Waits for other tasks"), class_name="nav px-0! text-sm"),
                    rx.el.div(
                        rx.foreach(BoardState.others, _other), class_name="max-h-56 overflow-y-auto"
                    ),
                ),
            ),
            rx.el.div(
                rx.el.button(_("Save"), type="submit", class_name="btn px-4!"),
                rx.el.button(
                    _("Cancel"),
                    type="button",
                    on_click=BoardState.leave,
                    class_name="btn btn-quiet px-4!",
                ),
                class_name="flex flex-wrap gap-2",
            ),
            on_submit=BoardState.save,
            class_name="grid gap-3",
        ),
        rx.el.div(
            confirm_of(
                card.id.to(str),
                _("Delete this task"),
                _("Delete this task?"),
                _("Planning anew does not bring it back."),
                _("Delete for good"),
                BoardState.remove(card.id),
                opener_class="btn btn-danger px-3! text-sm",
            ),
            class_name="mt-3",
        ),
        class_name="p-3 rounded-md border border-line bg-surface",
    )


def _other(one: rx.vars.ObjectVar[Option]) -> rx.Component:
    return tick(
        "needs." + one.value.to(str),  # pyright: ignore[reportArgumentType]
        one.name,
        BoardState.waits_for.contains(one.value),
    )
