"""The categories of the market: named, hidden, put in order."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import badge, conflict, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.text import _
from state.admin.categories import CategoriesState, CategoryName, CategoryRow


def categories() -> rx.Component:
    """The page."""
    state = CategoriesState
    return shell(
        _("Categories"),
        conflict(state.conflicts, keep_mine=state.keep_mine, take_theirs=state.take_theirs),
        panel(
            _("In your market"),
            rx.cond(
                state.loaded,
                rx.cond(
                    state.rows.length() > 0,
                    rx.el.ul(rx.foreach(state.rows, _category), class_name="grid gap-2"),
                    empty("category", _("Nothing yet"), _("Choose a category below.")),
                ),
                skeleton(6),
            ),
            about=_("Those you move come first, in this order; then those with most services."),
            actions=(
                rx.el.button(
                    _("Forget the order"),
                    type="button",
                    on_click=state.forget_order,
                    class_name="btn btn-quiet",
                ),
            ),
        ),
        panel(
            _("More categories"),
            rx.el.form(
                choice_field("category", _("Category"), state.others, class_name="flex-1 basis-64"),
                rx.el.button(icon("plus"), _("Choose"), type="submit", class_name="btn btn-quiet"),
                on_submit=state.add,
                key=state.shown.to(str),
                class_name="flex flex-wrap items-end gap-3",
            ),
            class_name="admin-panel mt-5",
        ),
        about=_("What they are called, which are shown, and which come first."),
    )


def _category(one: rx.vars.ObjectVar[CategoryRow]) -> rx.Component:
    state = CategoriesState
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="font-medium flex-1 min-w-0 break-words"),
            rx.cond(one.hidden, badge(_("hidden"), "warn")),
            rx.cond(one.used, rx.fragment(), badge(_("no services"))),
            _step("arrow-up", _("Move up"), one, -1),
            _step("arrow-down", _("Move down"), one, 1),
            rx.el.button(
                icon("pencil"),
                rx.el.span(_("Edit"), class_name="sr-only"),
                rx.el.span(one.name, class_name="sr-only"),
                type="button",
                on_click=state.open(one.key),
                custom_attrs={"aria-expanded": rx.cond(state.opened == one.key, "true", "false")},
                class_name="nav px-2.5",
            ),
            class_name="flex flex-wrap items-center gap-1.5",
        ),
        rx.cond(state.opened == one.key, _form(one)),
        key=one.key,
        class_name="p-3 rounded-md border border-line",
    )


def _step(symbol: str, text: rx.Var[str], one: Any, steps: int) -> rx.Component:
    return rx.el.button(
        icon(symbol),
        rx.el.span(text, class_name="sr-only"),
        rx.el.span(one.name, class_name="sr-only"),
        type="button",
        on_click=CategoriesState.move(one.key, steps),
        class_name="nav px-2.5",
    )


def _form(one: rx.vars.ObjectVar[CategoryRow]) -> rx.Component:
    def name(text: rx.vars.ObjectVar[CategoryName]) -> rx.Component:
        return text_field(
            f"name.{text.code}",
            text.language,
            text.name,
            placeholder=text.usual,
            lang=text.code,
            dir="auto",
            max_length=200,
        )

    return rx.el.form(
        rx.el.input(type="hidden", name="category", value=one.key, read_only=True),
        rx.el.input(type="hidden", name="version", value=one.version, read_only=True),
        rx.el.div(
            rx.foreach(one.names.to(list[CategoryName]), name),
            choice_field(
                "hidden",
                _("State"),
                (("no", _("shown")), ("yes", _("hidden"))),
                rx.cond(one.hidden, "yes", "no"),
                hint=_("The page of a hidden category is gone; its services stay."),
            ),
            class_name="grid gap-4 sm:grid-cols-2 mt-3",
        ),
        save_bar(),
        on_submit=CategoriesState.save,
        key=CategoriesState.shown.to(str),
    )
