"""What can be done with a message or a reply, in small beside it."""

import reflex as rx

from components.icons import icon
from components.text import _
from state.conversations import ConversationState, ReplyState
from state.message_tools import MessageToolsState
from state.messages import Message
from state.session import SessionState

_TOOL = (
    "inline-grid place-items-center size-11 rounded-md text-muted hover:text-ink hover:bg-sunken"
    " aria-pressed:text-brand-ink"
)


def message_tools(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """What a person does with what they said."""
    return rx.cond(
        ReplyState.writing,
        rx.fragment(),
        rx.el.div(
            _tool(
                "pencil", _("Say it otherwise"), MessageToolsState.begin_editing(message.id), None
            ),
            class_name="flex justify-end",
        ),
    )


def editing(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """The message's words in a field."""
    return rx.el.form(
        rx.el.textarea(
            name="message",
            default_value=message.text,
            aria_label=_("Your message"),
            max_length=4000,
            required=True,
            auto_focus=True,
            enter_key_submit=True,
            auto_height=True,
            dir="auto",
            class_name="field w-full",
        ),
        rx.el.p(
            _("What was said after it is left behind."), class_name="text-xs text-muted mt-1.5"
        ),
        rx.el.div(
            rx.el.button(_("Send"), type="submit", class_name="btn text-sm"),
            rx.el.button(
                _("Cancel"),
                type="button",
                on_click=MessageToolsState.leave,
                class_name="btn btn-quiet text-sm",
            ),
            class_name="flex gap-2 mt-2 justify-end",
        ),
        on_submit=MessageToolsState.say_otherwise,
        class_name="ms-auto w-full max-w-[85%]",
    )


def reply_tools(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """What a person does with an answer."""
    return rx.cond(
        ReplyState.writing,
        rx.fragment(),
        rx.el.div(
            rx.el.div(
                _tool(
                    "check",
                    _("A good answer"),
                    MessageToolsState.judge(message.id, True),
                    message.judged == "good",
                ),
                _tool(
                    "x",
                    _("Not a good answer"),
                    MessageToolsState.judge(message.id, False),
                    message.judged == "bad",
                ),
                rx.cond(
                    message.ending == "done",
                    _tool("refresh", _("Answer once more"), ConversationState.retry, None),
                ),
                rx.cond(
                    SessionState.signed_in,
                    _tool(
                        "copy",
                        _("Go on from here in another conversation"),
                        MessageToolsState.branch(message.id),
                        None,
                    ),
                ),
                class_name="flex -ms-3 mt-2",
            ),
            rx.cond(MessageToolsState.judging == message.id, _why()),
        ),
    )


def _tool(
    name: str, label: rx.Var[str], deed: rx.event.EventType[()], pressed: rx.Var[bool] | None
) -> rx.Component:
    attributes = {} if pressed is None else {"aria-pressed": rx.cond(pressed, "true", "false")}
    return rx.el.button(
        icon(name, "size-4"),
        rx.el.span(label, class_name="sr-only"),
        type="button",
        title=label,
        on_click=deed,
        class_name=_TOOL,
        custom_attrs=attributes,
    )


def _why() -> rx.Component:
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend(_("What was wrong with it?"), class_name="text-sm font-medium"),
            *(
                rx.el.label(
                    rx.el.input(type="radio", name="reason", value=value, class_name="size-4"),
                    said,
                    class_name="flex items-center gap-2 min-h-11 text-sm",
                )
                for value, said in (
                    ("wrong", _("It is not true")),
                    ("missed", _("It misses my question")),
                    ("outdated", _("It is out of date")),
                    ("tone", _("The tone is wrong")),
                    ("other", _("Something else")),
                )
            ),
            class_name="grid sm:grid-cols-2",
        ),
        rx.el.input(
            name="note",
            max_length=1000,
            placeholder=_("In your own words (optional)"),
            aria_label=_("In your own words (optional)"),
            auto_complete="off",
            dir="auto",
            class_name="field w-full mt-2",
        ),
        rx.el.div(
            rx.el.button(_("Send"), type="submit", class_name="btn text-sm"),
            rx.el.button(
                _("Close"),
                type="button",
                on_click=MessageToolsState.leave,
                class_name="btn btn-quiet text-sm",
            ),
            class_name="flex gap-2 mt-3",
        ),
        on_submit=MessageToolsState.judge_why,
        class_name="mt-2 p-4 rounded-md border border-line bg-surface",
    )
