"""A text that is being written: its words as they come, and a way to end it."""

import reflex as rx

from components.icons import icon
from components.pages.admin.panels import skeleton
from components.text import _
from state.writings.writing import WritingState


def progress() -> rx.Component:
    """What stands where the text will."""
    return rx.el.div(
        rx.el.p(
            icon("sparkles", "size-5 pulse"),
            _("It is being written…"),
            role="status",
            class_name="flex items-center gap-2 font-medium mb-3",
        ),
        rx.cond(
            WritingState.text != "",
            rx.el.p(WritingState.text, class_name="whitespace-pre-line break-words", dir="auto"),
            skeleton(4),
        ),
        rx.el.button(
            icon("player-stop"),
            _("Cancel"),
            type="button",
            on_click=WritingState.write({}),
            class_name="btn btn-quiet mt-4",
            id="cancel-text",
        ),
        aria_busy="true",
        id="being-written",
    )
