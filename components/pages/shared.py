"""A conversation that somebody shared: to be read, with and without JavaScript."""

import reflex as rx

from components.attachments import sent_files
from components.blocks import blocks
from components.design import button_link
from components.icons import icon
from components.layout import page
from components.messages import cards, face, lines
from components.modules import where_on
from components.text import _
from state.messages import Message
from state.page import PageState
from state.shared import SharedState


def shared() -> rx.Component:
    """What was said, and where one asks something oneself."""
    return page(
        rx.el.article(
            rx.el.h1(SharedState.title, class_name="text-2xl wrap-anywhere", dir="auto"),
            rx.el.p(
                _("A conversation with Maestro, shared on %(day)s.", day=SharedState.day),
                class_name="text-sm text-muted mt-2",
            ),
            rx.el.div(
                rx.foreach(SharedState.messages, _message),
                class_name="grid grid-cols-[minmax(0,1fr)] gap-7 mt-8",
            ),
            where_on(
                "chat",
                button_link(
                    icon("sparkles"),
                    _("Ask Maestro"),
                    href=PageState.home + "/chat",
                    class_name="mt-10",
                ),
            ),
            class_name="w-full max-w-3xl mx-auto px-4 py-8",
        )
    )


def _message(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    return rx.cond(
        message.author == "person",
        rx.el.div(
            rx.el.p(
                message.text,
                class_name=(
                    "ms-auto max-w-[85%] w-fit rounded-lg rounded-ee-sm px-4 py-2.5 bg-brand-tint"
                    " whitespace-pre-line wrap-anywhere"
                ),
                dir="auto",
            ),
            sent_files(message),
        ),
        rx.el.div(
            face("size-9 max-sm:hidden"),
            rx.el.div(lines(message), blocks(message), cards(message), class_name="min-w-0 flex-1"),
            class_name="flex gap-3 md:gap-4",
        ),
    )
