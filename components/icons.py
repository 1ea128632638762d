"""Symbols from the one sprite, `assets/icons.svg`, which `scripts/icons.py` makes."""

from typing import Any

import reflex as rx

INTERFACE = (
    "alert-circle",
    "arrow-right",
    "arrow-up",
    "check",
    "chevron-down",
    "chevron-right",
    "help-circle",
    "history",
    "language",
    "map-pin",
    "menu-2",
    "message-circle",
    "message-2-question",
    "player-stop",
    "plus",
    "refresh",
    "search",
    "sparkles",
    "user",
    "world",
    "x",
)
"""The symbols that the interface itself uses."""


def icon(name: str | rx.Var[str], class_name: str = "size-5", **props: Any) -> rx.Component:
    """The symbol called `name`, in the colour of the text around it; hidden from screen readers."""
    return rx.el.svg(
        rx.el.svg.use(href=f"/icons.svg#{name}"),
        class_name=f"icon {class_name}",
        custom_attrs={"aria-hidden": "true"},
        **props,
    )
