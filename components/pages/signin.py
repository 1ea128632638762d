"""The sign-in and sign-up pages: native forms that need no JavaScript."""

from typing import Any, Literal

import reflex as rx

from app.accounts.ways.configuring import WayButton
from app.rendering.native import form, link
from components.icons import icon
from components.layout import page
from components.modules import where_on
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
                rx.el.p(
                    link(
                        _("Forgot your password?"),
                        href=PageState.home + "/forgot",
                        class_name="link inline-flex py-2.5 text-sm",
                    ),
                    class_name="text-center -my-2",
                ),
                action="/auth/signin",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            rx.fragment(_passkey(), _ways()),
            where_on("signup", rx.el.span(_("No account yet?"))),
            where_on(
                "signup", link(_("Sign up"), href=_beside("signup"), class_name="link py-2.5")
            ),
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
                rx.el.p(
                    _("By signing up you agree to the terms of use."),
                    " ",
                    link(_("Privacy"), href=PageState.home + "/privacy", class_name="link"),
                    class_name="text-sm text-muted",
                ),
                _send(_("Sign up")),
                action="/auth/signup",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            _ways(),
            _("You have an account?"),
            link(_("Sign in"), href=_beside("signin"), class_name="link py-2.5"),
        )
    )


def second_step() -> rx.Component:
    """The code of an authenticator app, or a recovery code."""
    return page(
        _panel(
            _("Second step"),
            _("Type the code that your authenticator app shows, or one of your recovery codes."),
            form(
                rx.el.input(
                    type="hidden", name="locale", value=LocaleState.language, read_only=True
                ),
                _field("code", _("Code"), "text", "one-time-code"),
                _send(_("Go on")),
                action="/auth/second-step",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            rx.fragment(),
        )
    )


def forgot() -> rx.Component:
    """The address that a link to a new password is sent to."""
    return page(
        _panel(
            _("A new password"),
            _("Tell us your e-mail address, and we send you a link."),
            form(
                *_hidden(),
                _field("email", _("E-mail"), "email", "username", SignInState.email),
                _send(_("Send the link")),
                action="/auth/forgot",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            rx.fragment(),
            _("You have an account?"),
            link(_("Sign in"), href=_beside("signin"), class_name="link py-2.5"),
        )
    )


def reset() -> rx.Component:
    """The new password, for who followed the link."""
    return page(
        _panel(
            _("A new password"),
            _("It signs you out on all devices. Then you sign in with the new one."),
            form(
                *_hidden(),
                _ticket(),
                _field(
                    "password",
                    _("New password"),
                    "password",
                    "new-password",
                    hint=_("At least 10 characters. Three words you remember are a good one."),
                ),
                _send(_("Set a new password")),
                action="/auth/reset",
                method="post",
                class_name="mt-6 grid gap-5",
            ),
            rx.fragment(),
        )
    )


def confirm() -> rx.Component:
    """The button that confirms an address: mail programs open links, but press no buttons."""
    return page(
        _panel(
            _("Confirm the address"),
            _("One click, and the address is yours here."),
            rx.cond(
                SignInState.ticket != "",
                form(
                    *_hidden(),
                    _ticket(),
                    _send(_("Confirm the address")),
                    action="/auth/confirm",
                    method="post",
                    class_name="mt-6 grid gap-5",
                ),
                rx.el.p(
                    link(
                        _("Your account"),
                        href=PageState.home + "/account",
                        class_name="btn btn-quiet w-full",
                    ),
                    class_name="mt-6",
                ),
            ),
            rx.fragment(),
        )
    )


def _ticket() -> rx.Component:
    return rx.el.input(type="hidden", name="ticket", value=SignInState.ticket, read_only=True)


def _passkey() -> rx.Component:
    return rx.fragment(
        rx.el.script(src="/passkeys.js", defer=True, custom_attrs={"data-now": ""}),
        form(
            *_hidden(),
            rx.el.button(
                icon("fingerprint"),
                _("Sign in with a passkey"),
                type="submit",
                class_name="btn btn-quiet w-full",
            ),
            passkey_problem(),
            action="/auth/passkeys",
            method="post",
            class_name="mt-4",
            custom_attrs={"data-passkey": "known"},
        ),
    )


def passkey_problem() -> rx.Component:
    """Where the script says what went wrong."""
    return rx.el.p(
        role="alert",
        class_name="text-sm text-danger mt-2 empty:hidden",
        custom_attrs={"data-problem": _("The passkey could not be used. Try again.")},
    )


def _panel(
    title: rx.Var[str],
    text: rx.Var[str],
    body: rx.Component,
    ways: rx.Component,
    otherwise: rx.Var[str] | rx.Component | str = "",
    way: rx.Component | None = None,
) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, class_name="text-2xl"),
            rx.el.p(text, class_name="text-muted mt-2"),
            rx.cond(
                SignInState.done != "",
                rx.el.p(
                    icon("circle-check", "size-5 mt-0.5"),
                    rx.el.span(SignInState.done),
                    role="status",
                    id="done",
                    class_name="flex gap-2.5 mt-5 p-3.5 rounded-md border border-line",
                ),
            ),
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
            ways,
            *(
                [rx.el.p(otherwise, " ", way, class_name="mt-6 text-sm text-muted")]
                if way is not None
                else []
            ),
            class_name="w-full max-w-md rounded-lg border border-line bg-surface p-6 sm:p-9",
        ),
        class_name="floor flex-1 -mb-20 grid place-items-center px-4 py-10 md:py-16",
    )


def _ways() -> rx.Component:
    """The providers of the market, each a form of its own."""
    return rx.cond(
        SignInState.ways.length() > 0,
        rx.el.div(
            rx.el.p(
                _("or"),
                class_name=(
                    "flex items-center gap-3 my-5 text-sm text-muted before:flex-1 before:border-t "
                    "before:border-line after:flex-1 after:border-t after:border-line"
                ),
            ),
            rx.el.div(rx.foreach(SignInState.ways, _way), class_name="grid gap-2.5"),
        ),
    )


def _way(way: rx.vars.ObjectVar[WayButton]) -> rx.Component:
    return form(
        *_hidden(),
        rx.el.button(
            _("Continue with %(provider)s", provider=way.name),
            type="submit",
            class_name="btn btn-quiet w-full",
        ),
        action=rx.Var.create("/auth/with/").to(str) + way.id.to(str),
        method="post",
        key=way.id,
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
