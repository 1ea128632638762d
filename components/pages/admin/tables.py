"""Tables of the console; on a phone each row becomes a block of named lines."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.text import _


def table(
    caption: str | rx.Var[str], heads: tuple[str | rx.Var[str], ...], *rows: Any
) -> rx.Component:
    """A table whose `caption` is for screen readers; rows are `row(...)`, or a foreach of them."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr-only"),
            rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
            rx.el.tbody(*rows),
            class_name="admin-table",
        ),
        role="region",
        tab_index=0,
        aria_label=caption,
        class_name="overflow-x-auto",
    )


def row(*cells: rx.Component, **props: Any) -> rx.Component:
    """A row of `cell`s."""
    return rx.el.tr(*cells, **props)


def cell(head: str | rx.Var[str], *content: Any, **props: Any) -> rx.Component:
    """A cell; `head` is its column's name again, for the narrow form."""
    return rx.el.td(
        rx.el.div(*content, class_name="min-w-0"), custom_attrs={"data-head": head}, **props
    )


def pages(
    number: rx.vars.NumberVar[int], total: rx.vars.NumberVar[int], earlier: Any, later: Any
) -> rx.Component:
    """Steps through a long list; nothing where it fits on one page. Counts from 1."""
    return rx.cond(
        total > 1,
        rx.el.nav(
            rx.el.button(
                icon("chevron-left", "size-5 icon-along"),
                _("Back"),
                type="button",
                on_click=earlier,
                disabled=number <= 1,
                class_name="btn btn-quiet",
            ),
            rx.el.span(
                _("Page %(number)s of %(total)s", number=number, total=total),
                class_name="text-sm text-muted tabular-nums",
            ),
            rx.el.button(
                _("Next"),
                icon("chevron-right", "size-5 icon-along"),
                type="button",
                on_click=later,
                disabled=number >= total,
                class_name="btn btn-quiet",
            ),
            aria_label=_("Pages"),
            class_name="flex items-center justify-between gap-3 mt-4",
        ),
    )
