"""A word to who has not confirmed their address, on the pages where letters matter."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.text import _
from state.page import PageState
from state.session import SessionState


def unconfirmed(more: str = "") -> rx.Component:
    """What is missing and where to mend it; nothing for visitors and for confirmed addresses."""
    return rx.cond(
        SessionState.unconfirmed,
        rx.el.p(
            icon("mail", "size-5 mt-0.5 shrink-0"),
            rx.el.span(
                _(
                    "Your address %(email)s is not confirmed yet. Letters about your requests and"
                    " your account may not reach you.",
                    email=SessionState.email,
                ),
                " ",
                link(
                    _("Confirm it"),
                    href=PageState.home + "/account#unconfirmed",
                    class_name="link font-medium",
                ),
                class_name="min-w-0 break-words",
            ),
            role="status",
            id="address-unconfirmed",
            class_name=f"flex gap-2.5 p-3.5 rounded-md border border-line text-sm {more}",
        ),
    )
