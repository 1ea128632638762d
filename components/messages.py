"""What was said in a conversation: messages, their sources, and the reply being written."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.text import _
from state.conversations import ConversationState, ReplyState
from state.messages import Card, Line, Message, Span


def message(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """What a person said, or an agent with the sources of it."""
    return rx.cond(
        message.author == "person",
        rx.el.div(
            rx.el.p(
                message.text,
                class_name=(
                    "ms-auto max-w-[85%] w-fit rounded-lg rounded-ee-sm px-4 py-2.5 bg-brand"
                    " text-on-brand whitespace-pre-line wrap-anywhere"
                ),
                dir="auto",
            ),
            custom_attrs={"data-author": "person"},
        ),
        rx.el.article(
            face(),
            rx.el.div(
                rx.el.div(
                    rx.foreach(message.lines, _line),
                    class_name="grid gap-2.5 wrap-anywhere",
                    dir="auto",
                ),
                rx.cond(
                    message.citations.length() > 0,
                    rx.el.ul(
                        rx.foreach(message.citations, _card),
                        class_name="grid gap-2.5 sm:grid-cols-2 mt-5",
                        aria_label=_("Sources"),
                    ),
                ),
                rx.cond(message.ending != "done", _ended(message.ending)),
                class_name="min-w-0 flex-1",
            ),
            class_name="flex gap-3 md:gap-4",
            custom_attrs={"data-author": "agent", "data-agent": message.agent},
        ),
    )


def _line(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    return rx.el.p(
        rx.foreach(line.spans, _span),
        class_name=rx.match(
            line.kind,
            ("item", "ps-4 border-s-2 border-line"),
            ("detail", "ps-4 -mt-2 border-s-2 border-line text-muted"),
            "",
        ),
    )


def _span(span: rx.vars.ObjectVar[Span]) -> rx.Component:
    return rx.cond(
        span.number.to(int) > 0,
        link(
            span.text,
            href=span.url,
            class_name=(
                "mx-1 inline-grid place-items-center size-5 rounded-full bg-brand-tint"
                " text-brand-ink text-xs font-semibold align-text-top no-underline"
            ),
        ),
        rx.el.span(span.text),
    )


def _card(card: rx.vars.ObjectVar[Card]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                card.number,
                class_name=(
                    "grid place-items-center flex-none size-7 rounded-full bg-brand-tint"
                    " text-brand-ink text-sm font-semibold"
                ),
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.el.span(
                rx.el.span(card.title, class_name="block font-medium leading-snug"),
                rx.el.span(
                    rx.cond(card.kind == "article", _("Help article"), card.detail),
                    class_name="block text-sm text-muted mt-1",
                ),
                class_name="min-w-0",
                dir="auto",
            ),
            href=card.url,
            class_name="card flex-row! items-start gap-3 p-3.5 h-full",
            custom_attrs={"data-kind": card.kind},
        )
    )


def writing() -> rx.Component:
    """The reply being written, or what is being done for it."""
    return rx.el.article(
        face(),
        rx.cond(
            ReplyState.text != "",
            rx.el.p(ReplyState.text, class_name="whitespace-pre-line wrap-anywhere", dir="auto"),
            rx.el.p(
                rx.cond(
                    ReplyState.agents.contains("vendor"),
                    _("Looking through the services…"),
                    rx.cond(
                        ReplyState.agents.contains("communication"),
                        _("Reading the help pages…"),
                        _("Understanding what you need…"),
                    ),
                ),
                class_name="text-muted pulse",
            ),
        ),
        class_name="flex gap-3 md:gap-4",
        id="writing",
        aria_busy="true",
    )


def _ended(ending: rx.Var[str]) -> rx.Component:
    return rx.el.p(
        rx.el.span(
            rx.match(
                ending,
                ("stopped", _("You stopped this answer.")),
                ("interrupted", _("This answer was interrupted.")),
                _("This answer failed."),
            )
        ),
        rx.el.button(
            icon("refresh", "size-4"),
            _("Try again"),
            type="button",
            on_click=ConversationState.retry,
            class_name="link inline-flex items-center gap-1.5 min-h-11",
        ),
        class_name="flex flex-wrap items-center gap-x-3 mt-3 text-sm text-muted",
    )


def face(size: str = "size-9") -> rx.Component:
    """The round sign of the one who answers."""
    return rx.el.span(
        icon("sparkles", "size-1/2"),
        class_name=(
            f"grid place-items-center flex-none rounded-full bg-brand-tint text-brand-ink {size}"
        ),
        custom_attrs={"aria-hidden": "true"},
    )
