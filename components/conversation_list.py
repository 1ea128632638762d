"""The list of a person's conversations: opening, naming and deleting them."""

from typing import Any

import reflex as rx

from app.rendering.native import form
from components.conversation_tools import search_field, tools
from components.design import button_link
from components.icons import icon
from components.palette import palette_button
from components.text import _
from state.conversation_list import ConversationListState
from state.conversation_rows import Row
from state.conversation_tools import ConversationToolsState
from state.conversations import ConversationState
from state.page import PageState
from state.session import SessionState

_CLOSE_DRAWER = "document.getElementById('drawer')?.removeAttribute('open')"
_TOOL = (
    "grid place-items-center size-11 flex-none rounded-md text-muted hover:text-ink hover:bg-sunken"
)


def conversation_list(place: str) -> rx.Component:
    """The whole column: a new conversation, the others, and who is signed in."""
    return rx.el.div(
        rx.el.button(
            icon("plus"),
            _("New conversation"),
            type="button",
            on_click=[ConversationState.new, rx.call_script(_CLOSE_DRAWER)],
            class_name="btn btn-quiet w-full bg-surface flex-none",
        ),
        palette_button(),
        rx.cond(SessionState.signed_in, search_field(place)),
        rx.cond(
            ConversationToolsState.query == "",
            rx.fragment(_rows(ConversationState.conversations), _put_away()),
            rx.cond(
                ConversationToolsState.found.length() > 0,
                _rows(ConversationToolsState.found),
                rx.el.p(
                    _("Nothing found."), class_name="text-sm text-muted mt-3 px-3", role="status"
                ),
            ),
        ),
        rx.cond(SessionState.signed_in, _account(), _invitation()),
        class_name="flex flex-col flex-1",
        id=f"conversations-{place}",
    )


def drawer() -> rx.Component:
    """The list on a phone: a panel that comes down over the thread, without JavaScript."""
    return rx.el.details(
        rx.el.summary(
            icon("menu-2"),
            rx.el.span(
                rx.cond(
                    ConversationState.title != "", ConversationState.title, _("New conversation")
                ),
                class_name="truncate",
                dir="auto",
            ),
            icon("chevron-down", "size-4 ms-auto"),
            class_name="nav w-full list-none [&::-webkit-details-marker]:hidden",
        ),
        rx.el.div(
            conversation_list("drawer"),
            class_name=(
                "absolute inset-x-0 top-full z-20 flex max-h-[70dvh] overflow-y-auto p-3 bg-paper"
                " border-b border-line rounded-b-lg shadow-lift"
            ),
        ),
        class_name="drawer relative z-20 md:hidden border-b border-line px-1 py-0.5",
        id="drawer",
    )


def _rows(rows: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(rows, _row), class_name="mt-3 grid grid-cols-[minmax(0,1fr)] gap-0.5"
    )


def _put_away() -> rx.Component:
    return rx.cond(
        SessionState.signed_in,
        rx.el.div(
            rx.el.button(
                rx.cond(
                    ConversationToolsState.shows_archived,
                    _("Hide what was put away"),
                    _("Show what was put away"),
                ),
                type="button",
                on_click=ConversationToolsState.show_archived,
                class_name="nav text-sm text-muted mt-2",
                custom_attrs={
                    "aria-expanded": rx.cond(ConversationToolsState.shows_archived, "true", "false")
                },
            ),
            rx.cond(ConversationToolsState.shows_archived, _rows(ConversationToolsState.archived)),
        ),
    )


def _row(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            ConversationListState.renaming == row.id,
            _naming(row),
            rx.cond(ConversationListState.removing == row.id, _deleting(row), _opening(row)),
        ),
        rx.cond(row.passage != "", _passage(row)),
        tools(row),
    )


def _passage(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.p(row.passage, class_name="clamp text-xs text-muted px-3 pb-1.5", dir="auto")


def _opening(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    current = ConversationState.conversation_id == row.id
    return rx.el.div(
        rx.cond(row.pinned, icon("star", "size-4 ms-3 -me-2 flex-none text-muted")),
        rx.el.button(
            row.title,
            type="button",
            on_click=[ConversationState.open(row.id), rx.call_script(_CLOSE_DRAWER)],
            title=row.title,
            dir="auto",
            class_name="flex-1 min-w-0 truncate text-start min-h-11 px-3 rounded-md",
            custom_attrs={
                "aria-current": rx.cond(current, "true", rx.Var("undefined")),
                "data-conversation": row.id,
            },
        ),
        # They are seen where the pointer or the keyboard is, and always where there is neither.
        rx.el.div(
            rx.el.button(
                icon("pencil", "size-4"),
                rx.el.span(_("Rename this conversation"), class_name="sr-only"),
                type="button",
                on_click=ConversationListState.begin_renaming(row.id),
                class_name=_TOOL,
            ),
            rx.el.button(
                icon("trash", "size-4"),
                rx.el.span(_("Delete this conversation"), class_name="sr-only"),
                type="button",
                on_click=ConversationListState.begin_removing(row.id),
                class_name=_TOOL,
            ),
            rx.el.button(
                icon("chevron-down", "size-4"),
                rx.el.span(_("More for this conversation"), class_name="sr-only"),
                type="button",
                on_click=ConversationToolsState.open(row.id),
                class_name=_TOOL,
                custom_attrs={
                    "aria-expanded": rx.cond(
                        ConversationToolsState.opened == row.id, "true", "false"
                    )
                },
            ),
            class_name="row-tools",
        ),
        class_name=rx.cond(
            current, "row row-current bg-surface font-medium", "row hover:bg-surface"
        ),
    )


def _naming(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="title",
            default_value=row.title,
            aria_label=_("Name of the conversation"),
            required=True,
            max_length=80,
            auto_focus=True,
            auto_complete="off",
            on_key_down=lambda key: rx.cond(
                key == "Escape", ConversationListState.leave(), rx.noop()
            ),
            dir="auto",
            class_name="field flex-1 min-w-0 min-h-11! py-1.5 px-3",
        ),
        rx.el.button(
            icon("check", "size-4"),
            rx.el.span(_("Save"), class_name="sr-only"),
            type="submit",
            class_name=_TOOL,
        ),
        rx.el.button(
            icon("x", "size-4"),
            rx.el.span(_("Cancel"), class_name="sr-only"),
            type="button",
            on_click=ConversationListState.leave,
            class_name=_TOOL,
        ),
        on_submit=ConversationListState.rename,
        class_name="flex items-center",
    )


def _deleting(row: rx.vars.ObjectVar[Row]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _("Delete “%(title)s” with everything said in it?", title=row.title),
            class_name="text-sm wrap-anywhere",
        ),
        rx.el.div(
            rx.el.button(
                _("Delete for good"),
                type="button",
                on_click=ConversationListState.remove(row.id),
                class_name="btn btn-danger flex-auto px-3! text-sm whitespace-nowrap",
            ),
            rx.el.button(
                _("Keep"),
                type="button",
                # What cannot be taken back is never what Enter does by itself.
                auto_focus=True,
                on_click=ConversationListState.leave,
                class_name="btn btn-quiet flex-auto px-3! text-sm",
            ),
            class_name="flex flex-wrap gap-2 mt-2.5",
        ),
        role="group",
        aria_label=_("Delete this conversation"),
        class_name="p-3 my-1 rounded-md border border-line bg-surface",
    )


def _account() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            icon("user", "size-5"),
            class_name=(
                "grid place-items-center size-9 flex-none rounded-full bg-brand-tint text-brand-ink"
            ),
        ),
        rx.el.p(SessionState.name, class_name="truncate font-medium flex-1 text-sm", dir="auto"),
        form(
            rx.el.button(_("Sign out"), type="submit", class_name="nav text-sm text-muted"),
            action="/auth/signout",
            method="post",
        ),
        class_name="mt-auto pt-4 ps-1.5 flex items-center gap-2.5",
    )


def _invitation() -> rx.Component:
    return rx.el.div(
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
    )
