"""What was said in a conversation: messages, their sources, and the reply being written."""

import reflex as rx

from app.rendering.native import link
from components.agents import at_work
from components.approvals import approval, ask_for_quotes
from components.attachments import sent_files
from components.blocks import blocks, table
from components.how import how_button
from components.icons import icon
from components.message_tools import editing, message_tools, reply_tools
from components.receipts import receipt
from components.text import _
from state.conversations import ConversationState, ReplyState
from state.message_tools import MessageToolsState
from state.messages import Card, Line, Message, Span


def message(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """What a person said, an agent with the sources of it, or what waits for the person's word."""
    return rx.cond(message.author == "approval", approval(message.id), _spoken(message))


def _spoken(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    return rx.cond(
        message.author == "person",
        rx.el.div(
            rx.cond(
                MessageToolsState.editing == message.id,
                editing(message),
                rx.fragment(
                    rx.el.p(
                        message.text,
                        class_name=(
                            "ms-auto max-w-[85%] w-fit rounded-lg rounded-ee-sm px-4 py-2.5"
                            " bg-brand-tint whitespace-pre-line wrap-anywhere"
                        ),
                        dir="auto",
                    ),
                    sent_files(message),
                    receipt(message),
                    message_tools(message),
                ),
            ),
            custom_attrs={"data-author": "person"},
        ),
        rx.el.article(
            face("size-9 max-sm:hidden"),
            rx.el.div(
                lines(message),
                blocks(message),
                cards(message),
                ask_for_quotes(message),
                rx.cond(message.ending != "done", _ended(message.ending)),
                rx.cond(
                    (message.model != "") & (message.model != "composer"),
                    rx.el.p(
                        _("Written by %(model)s", model=message.model),
                        class_name="text-xs text-muted mt-3",
                        dir="auto",
                    ),
                ),
                how_button(message),
                reply_tools(message),
                class_name="min-w-0 flex-1",
            ),
            class_name="flex gap-3 md:gap-4",
            custom_attrs={"data-author": "agent", "data-agent": message.agent},
        ),
    )


def lines(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """The words of an answer, its marks leading to its sources."""
    return rx.el.div(
        rx.foreach(message.lines, _line),
        class_name="grid gap-2.5 wrap-anywhere",
        dir=message.direction,
    )


def cards(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """The sources of an answer, where it has some."""
    return rx.cond(
        message.citations.length() > 0,
        rx.el.ul(
            rx.foreach(message.citations, _card),
            class_name="sources mt-5",
            aria_label=_("Sources"),
        ),
    )


def _line(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    first = line.spans.to(list[Span])[0].text
    return rx.fragment(
        rx.match(
            line.kind,
            ("table", table(line.columns, line.rows, _("Table"))),
            ("code", rx.el.pre(rx.el.code(first), class_name="said-code", tab_index=0)),
            ("heading", rx.el.h3(rx.foreach(line.spans, _span), class_name="font-semibold mt-1.5")),
            (
                "quote",
                rx.el.blockquote(
                    rx.foreach(line.spans, _span),
                    class_name="ps-4 border-s-2 border-line text-muted",
                ),
            ),
            _paragraph(line),
        )
    )


def _paragraph(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    return rx.el.p(
        rx.cond(line.mark != "", rx.el.span(line.mark, class_name="me-2 text-muted tabular-nums")),
        rx.foreach(line.spans, _span),
        custom_attrs={"data-depth": line.depth.to(str)},
        class_name=rx.match(
            line.kind,
            ("item", "said-item ps-4 border-s-2 border-line"),
            ("detail", "ps-4 -mt-2 border-s-2 border-line text-muted"),
            "",
        ),
    )


def _span(span: rx.vars.ObjectVar[Span]) -> rx.Component:
    mark = (
        "mx-1 inline-grid place-items-center size-5 rounded-full bg-brand-tint"
        " text-brand-ink text-xs font-semibold align-text-top no-underline"
    )
    return rx.cond(
        span.number.to(int) > 0,
        rx.cond(
            span.url != "",
            link(span.text, href=span.url, class_name=mark),
            rx.el.span(span.text, class_name=mark),
        ),
        rx.cond(
            span.url != "",
            link(rx.el.bdi(span.text), href=span.url, class_name="link"),
            rx.match(
                span.style,
                ("strong", rx.el.strong(span.text)),
                ("em", rx.el.em(span.text)),
                ("code", rx.el.code(span.text, class_name="said-inline-code", dir="ltr")),
                rx.cond(span.joins, rx.el.span(span.text), rx.el.bdi(span.text)),
            ),
        ),
    )


def _card(card: rx.vars.ObjectVar[Card]) -> rx.Component:
    about = (_card_title(card), _card_facts(card))
    look = "card gap-1.5 p-3.5 h-full"
    kind = {"data-kind": card.kind}
    return rx.el.li(
        rx.cond(
            card.url != "",
            link(*about, href=card.url, class_name=look, custom_attrs=kind),
            # A file that only who sent it may open.
            rx.el.div(*about, class_name=look, custom_attrs=kind),
        )
    )


def _card_title(card: rx.vars.ObjectVar[Card]) -> rx.Component:
    return rx.el.span(
        rx.el.span(
            card.number,
            class_name=(
                "grid place-items-center flex-none size-6 rounded-full bg-brand-tint"
                " text-brand-ink text-xs font-semibold"
            ),
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.span(card.title, class_name="clamp min-w-0 font-medium leading-snug", dir="auto"),
        class_name="flex items-start gap-2.5",
    )


def _card_facts(card: rx.vars.ObjectVar[Card]) -> rx.Component:
    return rx.el.span(
        rx.match(
            card.kind,
            ("article", rx.el.span(_("Help article"), class_name="text-muted")),
            ("passage", rx.el.span(_("Document"), class_name="text-muted")),
            ("file", rx.el.bdi(card.detail, class_name="text-muted")),
            rx.el.span(rx.foreach(card.facts, _fact), class_name="block text-muted"),
        ),
        rx.cond(
            card.price != "",
            rx.el.bdi(card.price, class_name="block font-semibold"),
        ),
        class_name="block ps-8.5 mt-auto text-sm",
    )


def _fact(fact: rx.Var[str], position: rx.vars.NumberVar[int]) -> rx.Component:
    return rx.fragment(rx.cond(position > 0, rx.el.span(" · ")), rx.el.bdi(fact))


def _begun_anew() -> rx.Component:
    return rx.el.p(
        _("The first try broke off. This is a new answer."), class_name="text-sm text-muted mb-2"
    )


def writing() -> rx.Component:
    """The reply being written, or what is being done for it."""
    return rx.el.article(
        face("size-9 max-sm:hidden"),
        rx.cond(
            ReplyState.text != "",
            rx.el.div(
                at_work(),
                rx.cond(ReplyState.anew, _begun_anew()),
                rx.el.p(
                    ReplyState.text, class_name="whitespace-pre-line wrap-anywhere", dir="auto"
                ),
                class_name="min-w-0 flex-1",
            ),
            rx.el.div(
                at_work(),
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
                class_name="min-w-0 flex-1",
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
