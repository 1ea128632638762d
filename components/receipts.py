"""That a message has arrived, and that it is being answered; below it, until an answer stands."""

import reflex as rx

from components.icons import icon
from components.text import _
from state.conversations import ReplyState
from state.messages import Message
from state.receipts import ReceiptState


def receipt(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """A tick and a word; read aloud only by who looks for it, for the answer comes soon."""
    read = ReceiptState.taken_up | ReplyState.writing
    return rx.cond(
        ReceiptState.message_id == message.id,
        rx.el.p(
            icon("check", "size-3.5"),
            rx.cond(read, icon("check", "size-3.5 -ms-2.5"), rx.fragment()),
            rx.cond(read, _("Read"), _("Delivered")),
            class_name="flex items-center justify-end gap-1 mt-1 text-xs text-muted",
            aria_live="off",
            custom_attrs={"data-receipt": rx.cond(read, "read", "delivered")},
        ),
    )
