"""The frame of the office: a title, what the page holds, and the last thing said."""

from typing import Any

import reflex as rx

from components.layout import page, way_back
from components.pages.admin.shell import notice
from components.unconfirmed import unconfirmed


def frame(
    title: str | rx.Var[str],
    *content: rx.Component,
    about: str | rx.Var[str] | None = None,
    undo: Any = None,
) -> rx.Component:
    """A page of the office; `undo` is the event that takes the last change back."""
    return page(
        rx.el.link(rel="stylesheet", href="/admin.css"),
        rx.el.div(
            unconfirmed("mb-4"),
            way_back("mb-1"),
            rx.el.h1(title, class_name="text-2xl"),
            *(
                [rx.el.p(about, class_name="text-muted mt-1.5 max-w-prose")]
                if about is not None
                else []
            ),
            rx.el.div(*content, class_name="mt-6 admin-body"),
            class_name="wrap pt-4 pb-16 max-w-5xl",
        ),
        notice(undo),
        crumbed=False,
    )
