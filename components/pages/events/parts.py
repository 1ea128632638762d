"""The pages of one event, and which of them is open."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.text import _
from state.page import PageState


def parts(current: str, project_id: rx.Var[str]) -> rx.Component:
    """Links to the pages of an event; `current` is the last part of the open one's path."""
    home = PageState.home + "/events/" + project_id.to(str)
    named: tuple[tuple[str, str, rx.Var[str]], ...] = (
        ("", "list-details", _("Plan")),
        ("guests", "users", _("Guest list")),
        ("budget", "chart-bar", _("Budget")),
    )
    return rx.el.nav(
        rx.el.ul(
            *(
                rx.el.li(
                    link(
                        icon(symbol),
                        name,
                        href=home + (f"/{place}" if place else ""),
                        class_name="event-part",
                        **({"custom_attrs": {"aria-current": "page"}} if place == current else {}),
                    ),
                    class_name="flex-none",
                )
                for place, symbol, name in named
            ),
            class_name="flex gap-1 overflow-x-auto",
        ),
        aria_label=_("Pages of this event"),
        class_name="event-parts",
    )
