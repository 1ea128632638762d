"""The sign-in and sign-up pages: native forms that need no JavaScript."""

from typing import Any, Literal

import reflex as rx

from app.rendering.native import form, link
from components.icons import icon
from components.layout import page
from components.text import _
from state.accounts import SignInState
from state.locale import LocaleState
from state.page import PageState


def sign_in() -> rx.Component:
    """E-mail and password of someone who has an account."""
    return page(
        _panel(
            _("Welcome back"),
            _("Sign in to keep your conversations and find them again."),
            form(
                *_hidden(),
                _field("email", _("E-mail"), "email", "username", SignInState.email),
                _field("password", _("Password"), "password", "current-password"),
                _send(_("Sign in")),
                action="/auth/signin",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            _("No account yet?"),
            link(_("Sign up"), href=_beside("signup"), class_name="link py-2.5"),
        )
    )


def sign_up() -> rx.Component:
    """Name, e-mail and a new password."""
    return page(
        _panel(
            _("Make an account"),
            _("It is free. You need nothing but an e-mail address and a password."),
            form(
                *_hidden(),
                _field("name", _("Your name"), "text", "name", SignInState.name),
                _field("email", _("E-mail"), "email", "username", SignInState.email),
                _field(
                    "password",
                    _("Password"),
                    "password",
                    "new-password",
                    hint=_("At least 10 characters. Three words you remember are a good one."),
                ),
                _send(_("Sign up")),
                action="/auth/signup",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            _("You have an account?"),
            link(_("Sign in"), href=_beside("signin"), class_name="link py-2.5"),
        )
    )


def _panel(
    title: rx.Var[str],
    text: rx.Var[str],
    body: rx.Component,
    otherwise: rx.Var[str],
    way: rx.Component,
) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, class_name="text-2xl"),
            rx.el.p(text, class_name="text-muted mt-2"),
            rx.cond(
                SignInState.reason != "",
                rx.el.p(
                    icon("alert-circle", "size-5 mt-0.5"),
                    rx.el.span(SignInState.reason),
                    role="alert",
                    id="reason",
                    class_name=(
                        "flex gap-2.5 mt-5 p-3.5 rounded-md border border-current text-danger"
                    ),
                ),
            ),
            body,
            rx.el.p(otherwise, " ", way, class_name="mt-6 text-sm text-muted"),
            class_name="w-full max-w-md rounded-lg border border-line bg-surface p-6 sm:p-9",
        ),
        class_name="floor flex-1 grid place-items-center px-4 py-10 md:py-16",
    )


def _hidden() -> list[rx.Component]:
    return [
        rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
        rx.el.input(type="hidden", name="next", value=SignInState.next_path, read_only=True),
    ]


def _field(
    name: str,
    label: rx.Var[str],
    kind: Literal["text", "email", "password"],
    remembered_as: str,
    value: rx.Var[str] | None = None,
    hint: rx.Var[str] | None = None,
) -> rx.Component:
    attributes: dict[str, Any] = {}
    if hint is not None:
        attributes["aria-describedby"] = f"{name}-hint"
    if remembered_as == "new-password":
        attributes["minLength"] = 10
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="block mb-1.5 font-medium"),
        rx.el.input(
            id=name,
            name=name,
            type=kind,
            auto_complete=remembered_as,
            required=True,
            class_name="field",
            default_value="" if value is None else value,
            custom_attrs=attributes,
        ),
        *(
            [rx.el.p(hint, id=f"{name}-hint", class_name="text-sm text-muted mt-1.5")]
            if hint is not None
            else []
        ),
    )


def _send(label: rx.Var[str]) -> rx.Component:
    return rx.el.button(label, type="submit", class_name="btn w-full")


def _beside(page_name: str) -> rx.Var[str]:
    """The other form's address, which keeps where to go afterwards."""
    path = SignInState.next_path
    return rx.cond(
        path != "",
        PageState.home
        + f"/{page_name}?next="
        + rx.Var(f"encodeURIComponent({path!s})", _var_data=path._get_all_var_data()).to(str),
        PageState.home + f"/{page_name}",
    )
