"""The search box: a plain form that works before and without JavaScript."""

import reflex as rx

from app.rendering.native import form
from components.icons import icon
from components.text import _
from state.page import PageState


def search_box(
    name: str,
    *,
    small: bool = False,
    value: str | rx.Var[str] = "",
    extra: rx.Component | None = None,
) -> rx.Component:
    """A form that asks the market's search page; `name` keeps ids apart on one page.

    `extra` are hidden fields that a search keeps.
    """
    size = "min-h-11 ps-11 text-sm" if small else "min-h-14 ps-13 text-base shadow-lift"
    return form(
        rx.el.label(_("Search for a service"), html_for=f"q-{name}", class_name="sr-only"),
        rx.el.div(
            icon(
                "search",
                "absolute top-1/2 -translate-y-1/2 text-muted "
                + ("start-3.5" if small else "start-5"),
            ),
            rx.el.input(
                type="search",
                name="q",
                id=f"q-{name}",
                default_value=value,
                placeholder=_("What do you need? Describe it in any language"),
                auto_complete="off",
                custom_attrs={"enterkeyhint": "search"},
                max_length=300,
                class_name=f"field rounded-full! {size} {'' if small else 'pe-16 sm:pe-36'}",
            ),
            *(
                []
                if small
                else [
                    rx.el.button(
                        icon("arrow-right", "size-5 icon-along sm:hidden"),
                        rx.el.span(_("Search"), class_name="max-sm:sr-only"),
                        type="submit",
                        class_name="btn absolute end-1.5 top-1.5 bottom-1.5 max-sm:px-3.5",
                    )
                ]
            ),
            class_name="relative",
        ),
        *([extra] if extra else []),
        action=PageState.home + "/search",
        method="get",
        role="search",
    )
