"""The repeated parts of the design: buttons, chips, section headings, tiles of listings.

The tokens themselves stand in `assets/agora.css`; a class named here that is not a Tailwind utility
is defined there.
"""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.icons import icon


def inline_style(variables: dict[str, Any] | rx.Var[Any]) -> dict[str, Any]:
    """A style attribute as custom attributes; `style=` would bring a style sheet at run time."""
    return {"style": rx.Var.create(variables)}


def tile(
    symbol: rx.Var[str], hue: rx.Var[int], pattern: rx.Var[int], class_name: str = "h-32"
) -> rx.Component:
    """The picture of a listing that has no photo."""
    return rx.el.div(
        rx.el.span(icon(symbol, "size-8"), class_name="seal size-14"),
        class_name=f"tile tile-{pattern} {class_name}",
        custom_attrs={**inline_style({"--h": hue}), "aria-hidden": "true"},
    )


def dot(symbol: rx.Var[str], hue: rx.Var[int], class_name: str = "size-11") -> rx.Component:
    """The small picture of a category."""
    return rx.el.span(
        icon(symbol, "size-6"),
        class_name=f"dot {class_name}",
        custom_attrs=inline_style({"--h": hue}),
    )


def button_link(*children: Any, href: Any, quiet: bool = False, **props: Any) -> rx.Component:
    """A link that looks like a button."""
    classes = "btn btn-quiet" if quiet else "btn"
    more = props.pop("class_name", "")
    return link(*children, href=href, class_name=f"{classes} {more}".strip(), **props)


def section(
    title: str | rx.Var[str],
    *children: rx.Component,
    more: rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """A part of a page with a heading, and a link to more of the same beside it."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, class_name="text-xl"),
            *([more] if more else []),
            class_name="flex items-end justify-between gap-4 mb-5",
        ),
        *children,
        **{"class_name": "wrap mt-14 md:mt-20", **props},
    )
