"""The chat workspace: the conversations on one side, what is said on the other."""

import reflex as rx

from app.rendering.native import form
from components.design import button_link
from components.icons import icon
from components.layout import page
from components.messages import face, message, writing
from components.text import _
from state.conversations import ConversationState, ReplyState, Row
from state.page import PageState
from state.session import SessionState

_ROW = "flex-1 min-w-0 truncate text-start min-h-11 px-3 rounded-md"


def chat() -> rx.Component:
    """The whole workspace; on a phone the conversations fold into a drawer above the thread."""
    return page(
        rx.el.div(
            rx.el.aside(
                _conversations("side"),
                class_name=(
                    "hidden md:flex flex-col border-e border-line bg-sunken p-3 overflow-y-auto"
                ),
                aria_label=_("Conversations"),
            ),
            rx.el.section(
                _drawer(),
                _thread(),
                _composer(),
                class_name="flex flex-col min-h-0 min-w-0",
                aria_label=_("Conversation"),
            ),
            class_name="workspace grid md:grid-cols-[17.5rem_minmax(0,1fr)] flex-1 min-h-0",
        ),
        footed=False,
    )


def _drawer() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("menu-2"),
            rx.el.span(
                rx.cond(
                    ConversationState.title != "", ConversationState.title, _("New conversation")
                ),
                class_name="truncate",
            ),
            class_name="nav w-full list-none [&::-webkit-details-marker]:hidden",
        ),
        rx.el.div(_conversations("drawer"), class_name="p-2 max-h-[60dvh] overflow-y-auto"),
        class_name="md:hidden border-b border-line bg-sunken px-1 py-0.5",
    )


def _conversations(place: str) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("plus"),
            _("New conversation"),
            type="button",
            on_click=ConversationState.new,
            class_name="btn btn-quiet w-full bg-surface",
        ),
        rx.el.ul(
            rx.foreach(ConversationState.conversations, _row),
            class_name="mt-3 grid gap-0.5",
        ),
        rx.cond(
            SessionState.signed_in,
            rx.el.div(
                rx.el.p(SessionState.name, class_name="truncate font-medium"),
                form(
                    rx.el.button(_("Sign out"), type="submit", class_name="link min-h-11 text-sm"),
                    action="/auth/signout",
                    method="post",
                ),
                class_name="mt-auto pt-6 px-3",
            ),
            rx.el.div(
                rx.el.p(
                    _("Sign in to keep your conversations and find them again."),
                    class_name="text-sm text-muted",
                ),
                button_link(
                    _("Sign in"),
                    href=PageState.home + "/signin?next=" + PageState.home + "/chat",
                    class_name="mt-3 w-full",
                ),
                class_name="mt-auto pt-6",
            ),
        ),
        class_name="flex flex-col flex-1",
        id=f"conversations-{place}",
    )


def _row(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    current = ConversationState.conversation_id == row.id
    return rx.el.li(
        rx.el.button(
            row.title,
            type="button",
            on_click=ConversationState.open(row.id),
            class_name=rx.cond(
                current,
                f"{_ROW} bg-surface font-medium",
                f"{_ROW} hover:bg-surface",
            ),
            custom_attrs={"aria-current": rx.cond(current, "true", rx.Var("undefined"))},
        ),
        rx.el.details(
            rx.el.summary(
                icon("x", "size-4"),
                rx.el.span(_("Delete this conversation"), class_name="sr-only"),
                class_name="nav px-2.5 text-muted list-none [&::-webkit-details-marker]:hidden",
            ),
            # The second press is the confirmation: a conversation cannot be brought back.
            rx.el.button(
                _("Delete for good"),
                type="button",
                on_click=ConversationState.remove(row.id),
                class_name=(
                    "absolute end-0 top-full z-20 min-h-11 px-4 whitespace-nowrap rounded-md border"
                    " border-line bg-surface text-danger shadow-lift"
                ),
            ),
            class_name="relative flex-none",
        ),
        class_name="flex items-center",
    )


def _thread() -> rx.Component:
    # Turned upside down, the box stays at the newest line while a reply grows.
    return rx.el.div(
        rx.el.div(
            rx.cond((ConversationState.messages.length() == 0) & ~ReplyState.writing, _welcome()),
            rx.foreach(ConversationState.messages, message),
            rx.cond(ReplyState.writing, writing()),
            rx.cond(ConversationState.error != "", _error()),
            class_name="w-full max-w-3xl mx-auto px-4 py-6 md:py-10 grid gap-6",
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
        rx.el.form(
            rx.el.label(_("Your message"), html_for="message", class_name="sr-only"),
            rx.el.textarea(
                name="message",
                id="message",
                rows="1",
                max_length=4000,
                enter_key_submit=True,
                auto_height=True,
                placeholder=_("Write a message"),
                class_name=(
                    "field border-0! bg-transparent! resize-none max-h-48"
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
                " focus-within:border-brand-ink"
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
