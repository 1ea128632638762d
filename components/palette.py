"""The command palette of the workspace: Ctrl or Cmd and K, some letters, Enter.

What is in it is what the buttons around it do. Finding among it is `assets/palette.js`, for it
answers each letter at once.
"""

from typing import Any

import reflex as rx

from components.account_menu import may_any
from components.icons import icon
from components.modules import where_on
from components.text import _
from state.admin.entry import CONSOLE
from state.conversations import ConversationState, ReplyState
from state.page import PageState
from state.session import SessionState


def palette_button() -> rx.Component:
    """What opens the palette where there is no keyboard."""
    return rx.el.button(
        icon("search", "size-4"),
        rx.el.span(_("Commands"), class_name="me-auto"),
        rx.el.kbd("Ctrl K", class_name="text-xs text-muted", aria_hidden="true"),
        type="button",
        aria_keyshortcuts="Control+K Meta+K",
        aria_haspopup="dialog",
        class_name="nav w-full flex-none mt-2 text-muted",
        custom_attrs={"data-palette": ""},
    )


def palette() -> rx.Component:
    """The dialog with everything that can be done and opened."""
    return rx.el.dialog(
        rx.el.label(_("Commands"), html_for="palette-words", class_name="sr-only"),
        rx.el.div(
            icon("search", "size-5 text-muted"),
            rx.el.input(
                type="search",
                id="palette-words",
                placeholder=_("A command, a page or a conversation"),
                auto_complete="off",
                role="combobox",
                aria_expanded="true",
                aria_autocomplete="list",
                custom_attrs={"aria-controls": "palette-list"},
                class_name="palette-words",
            ),
            class_name="flex items-center gap-3 px-4 border-b border-line",
        ),
        rx.el.ul(
            _option(
                "new",
                "plus",
                _("New conversation"),
                on_click=ConversationState.new,
                reach="message",
            ),
            rx.cond(
                ReplyState.writing,
                _option(
                    "stop", "player-stop", _("Stop the answer"), on_click=ConversationState.stop
                ),
            ),
            rx.cond(
                (ConversationState.conversation_id != "") & ~ReplyState.writing,
                _option(
                    "again", "refresh", _("Answer once more"), on_click=ConversationState.retry
                ),
            ),
            _option("write", "pencil", _("Write a message"), reach="message"),
            rx.cond(SessionState.signed_in, _pages_of_a_person()),
            _page("help", "help-circle", _("Help"), "/help"),
            _page("home", "building-store", PageState.market_name, ""),
            rx.foreach(ConversationState.conversations, _conversation),
            role="listbox",
            id="palette-list",
            aria_label=_("Commands"),
            class_name="palette-list",
        ),
        rx.el.p(
            _("Nothing fits."),
            id="palette-nothing",
            hidden=True,
            role="status",
            class_name="p-4 text-sm text-muted",
        ),
        id="palette",
        class_name="palette",
        aria_label=_("Commands"),
    )


def _pages_of_a_person() -> rx.Component:
    return rx.fragment(
        _page("shortlist", "list-details", _("Your shortlist"), "/shortlist"),
        _page("reviews", "star", _("Your reviews"), "/reviews"),
        where_on("planning", _page("events", "calendar", _("Your events"), "/events")),
        where_on("chat", _page("texts", "file-text", _("Proposals and texts"), "/texts")),
        _page("account", "user", _("Your account"), "/account"),
        _page("data", "file-text", _("Your data"), "/account/data"),
        rx.cond(may_any(CONSOLE), _page("console", "layout-dashboard", _("Console"), "/admin")),
    )


def _page(key: str, symbol: str, name: rx.Var[str], path: str) -> rx.Component:
    return _option(key, symbol, name, on_click=rx.redirect(PageState.home + path))


def _conversation(row: Any) -> rx.Component:
    return _option(
        row.id,
        "message-circle",
        row.title,
        on_click=ConversationState.open(row.id),
        reach="message",
    )


def _option(
    key: str | rx.Var[str], symbol: str, name: rx.Var[str], reach: str = "", **more: Any
) -> rx.Component:
    """One line; `reach` is the id of what has the focus afterwards."""
    return rx.el.li(
        icon(symbol, "size-5 flex-none text-muted"),
        rx.el.span(name, class_name="truncate", dir="auto"),
        role="option",
        id=f"palette-{key}",
        class_name="palette-option",
        custom_attrs={"data-reach": reach} if reach else {},
        **more,
    )
