"""The pages of one event, and which of them is open."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.modules import where_on
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
            *(_part(place, symbol, name, home, place == current) for place, symbol, name in named),
            where_on("chat", _part("texts", "file-text", _("Texts"), home, current == "texts")),
            class_name="flex gap-1 overflow-x-auto",
        ),
        aria_label=_("Pages of this event"),
        class_name="event-parts",
    )


def _part(
    place: str, symbol: str, name: rx.Var[str], home: rx.vars.StringVar[str], is_open: bool
) -> rx.Component:
    return rx.el.li(
        link(
            icon(symbol),
            name,
            href=home + (f"/{place}" if place else ""),
            class_name="event-part",
            **({"custom_attrs": {"aria-current": "page"}} if is_open else {}),
        ),
        class_name="flex-none",
    )
