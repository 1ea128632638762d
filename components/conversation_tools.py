"""What can be done with a conversation from its row in the list, and searching the list."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.text import _
from state.conversation_rows import Row
from state.conversation_tools import ConversationToolsState

_ENTRY = "nav w-full justify-start gap-2.5 text-sm"
_API = "/api/v1/conversations/"


def search_field(place: str) -> rx.Component:
    """The field above the list."""
    return rx.el.div(
        rx.el.label(_("Search your conversations"), html_for=f"find-{place}", class_name="sr-only"),
        rx.el.input(
            id=f"find-{place}",
            type="search",
            max_length=200,
            placeholder=_("Search your conversations"),
            on_change=ConversationToolsState.search.debounce(250),
            auto_complete="off",
            dir="auto",
            class_name="field w-full min-h-11! py-1.5 px-3 mt-3",
        ),
        role="search",
    )


def tools(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    """The tools of a row, below it."""
    return rx.cond(
        ConversationToolsState.opened == row.id,
        rx.el.div(
            rx.el.ul(
                _entry(
                    "star",
                    rx.cond(row.pinned, _("No longer on top"), _("Keep on top")),
                    ConversationToolsState.pin(row.id, ~row.pinned),
                ),
                _entry(
                    "tag",
                    rx.cond(row.archived, _("Back into the list"), _("Put away")),
                    ConversationToolsState.archive(row.id, ~row.archived),
                ),
                _file(row, "md", _("Save as Markdown")),
                _file(row, "json", _("Save as JSON")),
                rx.cond(
                    ConversationToolsState.share_url == "",
                    _entry(
                        "external-link",
                        _("Share by a link"),
                        ConversationToolsState.share(row.id),
                    ),
                ),
            ),
            rx.cond(ConversationToolsState.share_url != "", _shared(row)),
            class_name="p-1.5 my-1 rounded-md border border-line bg-surface",
            role="group",
            aria_label=_("What to do with this conversation"),
        ),
    )


def _entry(name: str, label: rx.Var[str], deed: rx.event.EventType[()]) -> rx.Component:
    return rx.el.li(
        rx.el.button(icon(name, "size-4"), label, type="button", on_click=deed, class_name=_ENTRY)
    )


def _file(row: rx.vars.ObjectVar[Row], form: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        link(
            icon("download", "size-4"),
            label,
            href=f"{_API}{row.id}/export?form={form}",
            class_name=_ENTRY,
        )
    )


def _shared(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _("Anybody with this link can read it as it was when you shared it."),
            class_name="text-sm text-muted",
        ),
        rx.el.input(
            value=ConversationToolsState.share_url,
            read_only=True,
            aria_label=_("Link"),
            dir="ltr",
            class_name="field w-full text-sm mt-2",
            custom_attrs={"data-share": ""},
        ),
        rx.el.div(
            rx.el.button(
                icon("copy", "size-4"),
                _("Copy"),
                type="button",
                on_click=rx.set_clipboard(ConversationToolsState.share_url),
                class_name="btn btn-quiet flex-auto px-3! text-sm",
            ),
            rx.el.button(
                icon("refresh", "size-4"),
                _("Share anew"),
                type="button",
                on_click=ConversationToolsState.share(row.id),
                class_name="btn btn-quiet flex-auto px-3! text-sm",
            ),
            rx.el.button(
                _("Stop sharing"),
                type="button",
                on_click=ConversationToolsState.unshare(row.id),
                class_name="btn btn-danger flex-auto px-3! text-sm",
            ),
            class_name="flex flex-wrap gap-2 mt-2.5",
        ),
        class_name="p-2.5 border-t border-line mt-1",
    )
