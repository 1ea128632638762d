"""The account page: who one is, and by what one signs in. Every form is the browser's own."""

from typing import Literal

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.layout import page
from components.pages.account.factors import passkeys, second_step_card, ways
from components.pages.account.forms import again, button, card, field, folded, own_form, row_id
from components.text import _
from state.account import AccountState, SessionRow
from state.filters import Option
from state.page import PageState


def account() -> rx.Component:
    """The page."""
    return page(
        rx.el.script(src="/passkeys.js", defer=True, custom_attrs={"data-now": ""}),
        rx.el.div(
            rx.el.h1(_("Your account"), class_name="text-2xl"),
            _told(),
            _profile(),
            _email(),
            _password(),
            passkeys(),
            second_step_card(),
            ways(),
            _sessions(),
            rx.el.p(
                link(
                    _("What is held about you, and erasing it"),
                    href=PageState.home + "/account/data",
                    class_name="link inline-flex py-2.5",
                )
            ),
            class_name="wrap max-w-3xl! grid gap-6 py-10",
        ),
        searchable=False,
    )


def _told() -> rx.Component:
    def line(
        text: rx.Var[str], name: str, role: Literal["status", "alert"], more: str
    ) -> rx.Component:
        return rx.cond(
            text != "",
            rx.el.p(
                icon("circle-check" if role == "status" else "alert-circle", "size-5 mt-0.5"),
                rx.el.span(text),
                role=role,
                id=name,
                class_name=f"flex gap-2.5 p-3.5 rounded-md border {more}",
            ),
        )

    return rx.fragment(
        line(AccountState.done, "done", "status", "border-line bg-surface"),
        line(AccountState.problem, "reason", "alert", "border-current text-danger"),
        rx.cond(
            AccountState.factor_asked,
            line(
                _(
                    "This market asks its staff for a second factor: add a passkey or an "
                    "authenticator app here. Until then you can do what members can."
                ),
                "factor-asked",
                "alert",
                "border-current text-danger",
            ),
        ),
    )


def _profile() -> rx.Component:
    def option(one: rx.vars.ObjectVar[Option]) -> rx.Component:
        return rx.el.option(one.name, value=one.value)

    return card(
        "profile",
        _("Profile"),
        own_form(
            "/auth/account/profile",
            field("name", "name", _("Your name"), "text", "name", AccountState.name, required=True),
            rx.el.div(
                rx.el.label(
                    _("Language of letters"), html_for="language", class_name="block mb-1.5"
                ),
                rx.el.select(
                    rx.foreach(AccountState.languages, option),
                    id="language",
                    name="language",
                    default_value=AccountState.locale,
                    class_name="field",
                ),
            ),
            button(_("Save")),
        ),
    )


def _email() -> rx.Component:
    return card(
        "email",
        _("E-mail"),
        rx.el.p(rx.el.bdi(AccountState.email), class_name="break-all mb-4"),
        rx.cond(
            AccountState.verified,
            rx.fragment(),
            rx.el.div(
                rx.el.p(_("This address is not confirmed yet."), class_name="text-muted mb-3"),
                own_form(
                    "/auth/confirm/send",
                    button(_("Send the letter again"), quiet=True),
                    class_name="mb-6",
                ),
                id="unconfirmed",
            ),
        ),
        folded(
            _("Change the address"),
            own_form(
                "/auth/account/email",
                field("new-email", "email", _("New address"), "email", "email", required=True),
                again("email-password"),
                button(_("Send a link to it")),
            ),
        ),
    )


def _password() -> rx.Component:
    return card(
        "password",
        _("Password"),
        folded(
            rx.cond(AccountState.has_password, _("Change the password"), _("Set a password")),
            own_form(
                "/auth/account/password",
                again("present-password"),
                field(
                    "new-password",
                    "new",
                    _("New password"),
                    "password",
                    "new-password",
                    required=True,
                    min_length=10,
                ),
                button(_("Save")),
            ),
        ),
    )


def _sessions() -> rx.Component:
    def one(row: rx.vars.ObjectVar[SessionRow]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(
                    rx.el.bdi(row.device, class_name="font-medium"),
                    rx.cond(
                        row.own,
                        rx.el.span(" · ", _("this device"), class_name="text-brand-ink"),
                    ),
                ),
                rx.el.p(rx.el.bdi(row.detail), class_name="text-sm text-muted break-words"),
                class_name="min-w-0 flex-1 basis-56",
            ),
            rx.cond(
                row.own,
                rx.fragment(),
                own_form(
                    "/auth/account/end",
                    row_id(row.id),
                    button(_("Sign out"), quiet=True),
                    class_name="flex-none",
                ),
            ),
            key=row.id,
            class_name="flex flex-wrap items-center gap-3 py-3 border-b border-line",
        )

    return card(
        "sessions",
        _("Where you are signed in"),
        rx.el.ul(rx.foreach(AccountState.sessions, one)),
        rx.cond(
            AccountState.sessions.length() > 1,
            own_form(
                "/auth/account/end-others",
                button(_("Sign out everywhere else"), quiet=True),
                class_name="mt-4",
            ),
        ),
    )
