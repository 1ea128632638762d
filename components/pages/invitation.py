"""The page that an invitation's link opens; its forms need no JavaScript."""

from typing import Any

import reflex as rx

from app.rendering.native import form, link
from components.design import button_link
from components.icons import icon
from components.layout import page
from components.text import _
from state.invitations import InvitationState
from state.locale import LocaleState
from state.page import PageState


def invitation() -> rx.Component:
    """Who invites to what, and the way to accept."""
    return page(
        rx.el.div(
            rx.el.div(
                rx.match(
                    InvitationState.way,
                    ("here", _inviting(_accept())),
                    ("other", _inviting(_as_somebody_else())),
                    ("sign_in", _inviting(_sign_in_first())),
                    ("sign_up", _inviting(_new_account())),
                    _void(),
                ),
                class_name="w-full max-w-md rounded-lg border border-line bg-surface p-6 sm:p-9",
            ),
            class_name="floor flex-1 grid place-items-center px-4 py-10 md:py-16",
        ),
        searchable=False,
    )


def _inviting(*content: rx.Component) -> rx.Component:
    return rx.fragment(
        rx.el.h1(
            _("Invitation to %(market)s", market=PageState.market_name), class_name="text-2xl"
        ),
        rx.el.p(
            _("Your role will be: %(role)s.", role=InvitationState.role),
            class_name="mt-2",
        ),
        rx.el.p(
            _("Sent to %(email)s.", email=InvitationState.email),
            class_name="text-muted mt-1 break-words",
        ),
        rx.cond(
            InvitationState.problem != "",
            rx.el.p(
                icon("alert-circle", "size-5 mt-0.5"),
                rx.el.span(InvitationState.problem),
                role="alert",
                class_name="flex gap-2.5 mt-5 p-3.5 rounded-md border border-current text-danger",
            ),
        ),
        *content,
    )


def _accept() -> rx.Component:
    return _form(_send())


def _new_account() -> rx.Component:
    return _form(
        _field("name", _("Your name"), "name", default_value=InvitationState.name),
        _field(
            "password",
            _("Choose a password"),
            "new-password",
            type="password",
            custom_attrs={"minLength": 10, "aria-describedby": "password-hint"},
        ),
        rx.el.p(
            _("At least 10 characters. Three words you remember are a good one."),
            id="password-hint",
            class_name="text-sm text-muted -mt-3",
        ),
        _send(),
    )


def _sign_in_first() -> rx.Component:
    ticket = InvitationState.ticket
    back = (
        PageState.home
        + "/signin?next="
        + rx.Var(
            f"encodeURIComponent(({PageState.home!s}) + '/invitation?ticket=' + ({ticket!s}))",
            _var_data=ticket._get_all_var_data(),
        ).to(str)
    )
    return rx.fragment(
        rx.el.p(_("You have an account here. Sign in and accept."), class_name="mt-5"),
        button_link(_("Sign in"), href=back, class_name="w-full mt-4 justify-center"),
    )


def _as_somebody_else() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            _("You are signed in with another address. Sign out, and open the link again."),
            class_name="mt-5",
        ),
        form(
            rx.el.button(_("Sign out"), type="submit", class_name="btn w-full mt-4"),
            action="/auth/signout",
            method="post",
        ),
    )


def _void() -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Invitation"), class_name="text-2xl"),
        rx.el.p(_("This link is no longer valid. Ask for a new one."), class_name="mt-3"),
        rx.el.p(
            link(_("To the start page"), href=PageState.home, class_name="link py-2.5"),
            class_name="mt-4",
        ),
    )


def _form(*content: rx.Component) -> rx.Component:
    return form(
        rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
        rx.el.input(type="hidden", name="ticket", value=InvitationState.ticket, read_only=True),
        *content,
        action="/auth/invitation",
        method="post",
        class_name="mt-6 grid gap-5",
    )


def _field(name: str, label: rx.Var[str], remembered_as: str, **props: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="block mb-1.5 font-medium"),
        rx.el.input(
            id=name,
            name=name,
            auto_complete=remembered_as,
            required=True,
            class_name="field",
            **props,
        ),
    )


def _send() -> rx.Component:
    return rx.el.button(_("Accept the invitation"), type="submit", class_name="btn w-full")
