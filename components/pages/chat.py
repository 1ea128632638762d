"""The chat workspace: the conversations on one side, what is said on the other."""

import reflex as rx

from components.attachments import attach_button, attach_parts, drop_hint, waiting_files
from components.conversation_list import conversation_list, drawer
from components.how import how_panel
from components.icons import icon
from components.layout import page
from components.messages import face, message, writing
from components.palette import palette
from components.slots import slot_chips
from components.text import _
from components.unconfirmed import unconfirmed
from state.conversations import ConversationState, ReplyState
from state.page import PageState


def chat() -> rx.Component:
    """The whole workspace; on a phone the conversations fold into a drawer above the thread."""
    return page(
        rx.el.link(rel="stylesheet", href="/chat.css"),
        rx.el.script(src="/attach.js", defer=True, custom_attrs={"data-now": ""}),
        rx.el.script(src="/palette.js", defer=True, custom_attrs={"data-now": ""}),
        rx.el.div(
            rx.el.aside(
                conversation_list("side"),
                class_name=(
                    "hidden md:flex flex-col min-h-0 border-e border-line bg-sunken p-3"
                    " overflow-y-auto"
                ),
                aria_label=_("Conversations"),
            ),
            rx.el.section(
                drawer(),
                unconfirmed("m-3 mb-0"),
                _thread(),
                _composer(),
                drop_hint(),
                class_name="chat-drop relative flex flex-col min-h-0 min-w-0",
                aria_label=_("Conversation"),
                custom_attrs={"data-drop": ""},
            ),
            how_panel(),
            palette(),
            class_name="workspace grid md:grid-cols-[17.5rem_minmax(0,1fr)_auto]",
        ),
        footed=False,
    )


def _thread() -> rx.Component:
    # Turned upside down, the box stays at the newest line while a reply grows.
    return rx.el.div(
        rx.el.div(
            rx.cond((ConversationState.messages.length() == 0) & ~ReplyState.writing, _welcome()),
            rx.foreach(ConversationState.messages, message),
            rx.cond(ReplyState.writing, writing()),
            rx.cond(ConversationState.error != "", _error()),
            class_name=(
                "w-full max-w-3xl mx-auto px-4 py-6 md:py-10 grid grid-cols-[minmax(0,1fr)] gap-7"
            ),
            role="log",
            aria_live="polite",
            id="thread",
        ),
        class_name="flex-1 min-h-0 overflow-y-auto flex flex-col-reverse",
        tab_index=0,
        aria_label=_("What was said"),
    )


def _welcome() -> rx.Component:
    return rx.el.div(
        face("size-14"),
        rx.el.h1(_("What do you need?"), class_name="text-2xl mt-5"),
        rx.el.p(
            _(
                "Describe it in your own words. I look through the services and the help pages of"
                " %(market)s and show where each answer is from.",
                market=PageState.market_name,
            ),
            class_name="text-muted mt-3 max-w-prose",
        ),
        rx.el.ul(
            *(
                _suggestion(text)
                for text in (
                    _("My tap is leaking"),
                    _("I need a photographer for a wedding"),
                    _("Maths tutor for a ten-year-old"),
                    _("How do I cancel a booking?"),
                )
            ),
            class_name="flex flex-wrap gap-2 mt-6",
            aria_label=_("For example"),
        ),
        class_name="py-6 md:py-14",
    )


def _suggestion(text: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            text,
            type="button",
            on_click=ConversationState.ask_this(text),
            class_name="chip text-start",
        )
    )


def _error() -> rx.Component:
    return rx.el.div(
        icon("alert-circle", "size-5 mt-0.5"),
        rx.el.p(ConversationState.error, class_name="flex-1"),
        rx.el.button(
            icon("x", "size-4"),
            rx.el.span(_("Close"), class_name="sr-only"),
            type="button",
            on_click=ConversationState.dismiss_error,
            class_name="nav px-2.5 -my-2",
        ),
        role="alert",
        class_name="flex gap-2.5 p-3.5 rounded-md border border-current text-danger",
    )


def _composer() -> rx.Component:
    return rx.el.div(
        slot_chips(),
        waiting_files(),
        attach_parts(),
        rx.el.form(
            attach_button(),
            rx.el.label(_("Your message"), html_for="message", class_name="sr-only"),
            rx.el.textarea(
                name="message",
                id="message",
                rows="1",
                max_length=4000,
                enter_key_submit=True,
                custom_attrs={"data-enter": "sends"},
                auto_height=True,
                placeholder=_("Write a message"),
                class_name=(
                    "field composer border-0! bg-transparent! resize-none max-h-48"
                    " focus-visible:outline-none!"
                ),
                dir="auto",
            ),
            rx.cond(
                ReplyState.writing,
                rx.el.button(
                    icon("player-stop"),
                    rx.el.span(_("Stop"), class_name="sr-only"),
                    type="button",
                    on_click=ConversationState.stop,
                    class_name="btn px-3! flex-none",
                ),
                rx.el.button(
                    icon("arrow-up"),
                    rx.el.span(_("Send"), class_name="sr-only"),
                    type="submit",
                    class_name="btn px-3! flex-none",
                ),
            ),
            on_submit=ConversationState.ask,
            reset_on_submit=True,
            class_name=(
                "flex items-end gap-2 p-1.5 rounded-lg border border-line bg-surface shadow-lift"
                " focus-within:border-brand-ink focus-within:ring-1 focus-within:ring-brand-ink"
            ),
        ),
        rx.el.p(
            _("Enter sends, Shift and Enter begin a new line."),
            class_name="hidden md:block text-xs text-muted mt-2 text-center",
        ),
        rx.el.noscript(
            rx.el.p(
                _("The chat needs JavaScript. Search and help work without it."),
                class_name="mt-3 text-sm text-danger",
            )
        ),
        class_name="w-full max-w-3xl mx-auto px-4 pb-4",
    )
