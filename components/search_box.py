"""The search box: a plain form that works before and without JavaScript."""

import reflex as rx

from app.rendering.native import form
from components.icons import icon
from components.modules import where_on
from components.text import _
from state.page import PageState


def search_box(name: str, *, small: bool = False) -> rx.Component:
    """A form that asks the market's search page; `name` keeps ids apart on one page."""
    return where_on(
        "search",
        form(search_field(name, small=small), action=PageState.home + "/search", role="search"),
    )


def search_field(name: str, *, small: bool = False, value: str | rx.Var[str] = "") -> rx.Component:
    """The field of a search form, with its button where it is not `small`."""
    size = "min-h-11 ps-11 py-2 text-sm" if small else "min-h-14 ps-13 pe-16 sm:pe-36 shadow-lift"
    return rx.el.div(
        rx.el.label(_("Search for a service"), html_for=f"q-{name}", class_name="sr-only"),
        icon(
            "search",
            "size-5 absolute top-1/2 -translate-y-1/2 text-muted "
            + ("start-4" if small else "start-5"),
        ),
        rx.el.input(
            type="search",
            name="q",
            id=f"q-{name}",
            default_value=value,
            placeholder=(
                _("Search for a service")
                if small
                else _("What do you need? Describe it in any language")
            ),
            auto_complete="off",
            max_length=300,
            # What suggests while somebody types is fetched when they come to the field.
            custom_attrs={"enterkeyhint": "search", "data-script": "/suggest.js"},
            class_name=f"field rounded-full! {size}",
        ),
        *([] if small else [_send()]),
        class_name="relative",
    )


def _send() -> rx.Component:
    return rx.el.button(
        icon("arrow-right", "size-5 icon-along sm:hidden"),
        rx.el.span(_("Search"), class_name="max-sm:sr-only"),
        type="submit",
        class_name="btn absolute end-1.5 top-1.5 bottom-1.5 max-sm:px-3.5",
    )
