"""The menu of the signed-in person, at the end of the header."""

from typing import Any

import reflex as rx

from app.accounts.permissions import Permission
from app.rendering.native import form, link
from components.icons import icon
from components.modules import where_on
from components.text import _
from state.admin.entry import CONSOLE
from state.page import PageState
from state.session import SessionState


def account_menu() -> rx.Component:
    """What the person may go to, and the way out; nothing for visitors.

    A page from the cache is made for nobody, so there the menu comes when the page wakes.
    """
    return rx.cond(SessionState.signed_in, _menu())


def may_any(permissions: frozenset[Any]) -> rx.Var[bool]:
    """Whether the person has one of these permissions, for showing and hiding."""
    held = SessionState.permissions
    return rx.Var(
        f"({held!s}).some((held) => {sorted(map(str, permissions))}.includes(held))",
        _var_data=held._get_all_var_data(),
    ).to(bool)


def _menu() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("user"),
            rx.el.span(_("Account"), class_name="sr-only"),
            class_name="nav max-md:px-2.5 list-none [&::-webkit-details-marker]:hidden",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.p(SessionState.name, class_name="truncate font-medium"),
                rx.el.p(SessionState.email, class_name="truncate text-sm text-muted"),
                class_name="px-3 py-2 border-b border-line mb-1.5",
            ),
            rx.el.ul(
                rx.cond(
                    may_any(CONSOLE),
                    _entry("layout-dashboard", _("Console"), PageState.home + "/admin"),
                ),
                rx.cond(
                    may_any(frozenset({Permission.PLATFORM})),
                    _entry("layout-dashboard", _("Platform"), PageState.home + "/platform"),
                ),
                rx.cond(
                    PageState.in_market,
                    _entry("list-details", _("Your shortlist"), PageState.home + "/shortlist"),
                ),
                rx.cond(
                    PageState.in_market,
                    _entry("star", _("Your reviews"), PageState.home + "/reviews"),
                ),
                _entry("user", _("Your account"), PageState.home + "/account"),
                rx.cond(
                    PageState.in_market,
                    where_on(
                        "planning", _entry("calendar", _("Your events"), PageState.home + "/events")
                    ),
                ),
                rx.cond(
                    PageState.in_market,
                    where_on(
                        "chat",
                        _entry("file-text", _("Proposals and texts"), PageState.home + "/texts"),
                    ),
                ),
                rx.cond(
                    PageState.in_market,
                    rx.cond(
                        may_any(frozenset({Permission.OFFER})),
                        _entry("building-store", _("Your services"), PageState.home + "/office"),
                        _entry("building-store", _("Offer a service"), PageState.home + "/office"),
                    ),
                ),
                _entry("file-text", _("Your data"), PageState.home + "/account/data"),
            ),
            form(
                rx.el.button(
                    icon("logout", "size-5 icon-along"),
                    _("Sign out"),
                    type="submit",
                    class_name="nav flex w-full",
                ),
                action="/auth/signout",
                method="post",
            ),
            class_name=(
                "absolute end-0 top-full mt-1 z-30 w-64 p-1.5 rounded-md border "
                "border-line bg-surface shadow-lift"
            ),
        ),
        id="account-menu",
        class_name="relative",
    )


def _entry(symbol: str, name: rx.Var[str], href: rx.Var[str]) -> rx.Component:
    return rx.el.li(link(icon(symbol), name, href=href, class_name="nav flex"))
