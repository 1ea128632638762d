"""What is held about a person, and what a market keeps: one page for each."""

from typing import Any

import reflex as rx

from app.rendering.native import form, link
from components.design import button_link
from components.icons import icon
from components.layout import page
from components.text import _
from state.locale import LocaleState
from state.page import PageState
from state.privacy import ConsentRow, HeldDataState, HeldKind, HeldRow, Line, Named, PrivacyState

_PANEL = "rounded-lg border border-line bg-surface p-5 sm:p-7 mt-6"


def held_data() -> rx.Component:
    """Everything held about the person signed in; readable, downloadable, erasable."""
    return page(
        rx.el.div(
            rx.el.h1(_("Your data"), class_name="text-2xl"),
            rx.el.p(
                _("Everything this market holds about you. Secrets are kept as hashes only."),
                class_name="text-muted mt-2 max-w-prose",
            ),
            rx.el.div(
                rx.el.a(
                    icon("download"),
                    _("Download everything (JSON)"),
                    href="/auth/data.json",
                    download=True,
                    class_name="btn",
                ),
                button_link(
                    _("How privacy works here"), href=PageState.home + "/privacy", quiet=True
                ),
                class_name="flex flex-wrap gap-2 mt-5",
            ),
            rx.cond(
                HeldDataState.problem != "",
                rx.el.p(
                    icon("alert-circle", "size-5 mt-0.5"),
                    rx.el.span(HeldDataState.problem),
                    role="alert",
                    class_name=(
                        "flex gap-2.5 mt-5 p-3.5 rounded-md border border-current text-danger"
                    ),
                ),
            ),
            rx.el.section(
                rx.el.h2(_("Consents"), class_name="text-lg"),
                rx.el.ul(
                    rx.foreach(HeldDataState.consents, _consent),
                    class_name="mt-3 divide-y divide-line",
                ),
                class_name=_PANEL,
            ),
            rx.foreach(HeldDataState.kinds, _kind),
            _erase(),
            class_name="wrap pt-6 max-w-4xl",
        ),
        searchable=False,
    )


def privacy() -> rx.Component:
    """What the market keeps, for everybody to read."""
    return page(
        rx.el.article(
            rx.el.h1(_("Privacy"), class_name="text-2xl"),
            rx.el.div(
                rx.el.p(
                    _(
                        "This market keeps what it needs to work for you, and nothing is sold or "
                        "shown to advertisers. Each market on this platform is kept apart from the "
                        "others."
                    )
                ),
                rx.el.h2(_("Cookies")),
                rx.el.p(
                    _(
                        "Only cookies that are needed for signing in, and only once you do. There "
                        "are none for statistics or advertising, so nothing asks for your consent."
                    )
                ),
                _named(PrivacyState.cookies, code=True),
                rx.el.h2(_("How long things are kept")),
                _named(PrivacyState.terms),
                rx.el.h2(_("Your rights")),
                rx.el.p(
                    _(
                        "When you are signed in you can read everything held about you, download "
                        "it as a file, take consents back, and erase your account."
                    )
                ),
                rx.el.p(
                    link(
                        _("To your data"), href=PageState.home + "/account/data", class_name="link"
                    )
                ),
                class_name="reading max-w-prose mt-6",
            ),
            class_name="wrap pt-4",
        )
    )


def _named(listed: rx.vars.ArrayVar[Any], *, code: bool = False) -> rx.Component:
    def one(named: rx.vars.ObjectVar[Named]) -> rx.Component:
        name = rx.el.code(named.name) if code else rx.el.span(named.name)
        return rx.el.div(
            rx.el.dt(name, class_name="font-medium"),
            rx.el.dd(named.text, class_name="text-muted"),
            class_name="py-3",
        )

    return rx.el.dl(rx.foreach(listed, one), class_name="divide-y divide-line")


def _consent(one: rx.vars.ObjectVar[ConsentRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.text),
            rx.cond(
                one.since != "",
                rx.el.p(
                    rx.cond(
                        one.given,
                        _("given on %(date)s", date=one.since),
                        _("taken back on %(date)s", date=one.since),
                    ),
                    class_name="text-sm text-muted",
                ),
            ),
            class_name="flex-1 min-w-0 basis-60",
        ),
        rx.cond(
            one.fixed,
            rx.fragment(),
            form(
                rx.el.input(type="hidden", name="kind", value=one.kind, read_only=True),
                rx.el.input(
                    type="hidden",
                    name="given",
                    value=rx.cond(one.given, "no", "yes"),
                    read_only=True,
                ),
                _language(),
                rx.el.button(
                    rx.cond(one.given, _("Take back"), _("Agree")),
                    type="submit",
                    class_name="btn btn-quiet",
                ),
                action="/auth/consent",
                method="post",
            ),
        ),
        class_name="flex flex-wrap items-center gap-3 py-3",
    )


def _kind(kind: rx.vars.ObjectVar[HeldKind]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.h2(kind.name, class_name="text-lg flex-1"),
            rx.el.span(kind.count, class_name="text-sm text-muted tabular-nums"),
            icon("chevron-down"),
            class_name=(
                "flex items-center gap-3 min-h-11 cursor-pointer list-none "
                "[&::-webkit-details-marker]:hidden"
            ),
        ),
        rx.el.ul(
            rx.foreach(kind.rows.to(list[HeldRow]), _row), class_name="mt-3 grid gap-3 min-w-0"
        ),
        rx.cond(
            kind.more,
            rx.el.p(_("The newest are shown; the file has all."), class_name="text-muted mt-3"),
        ),
        class_name=_PANEL,
    )


def _row(row: rx.vars.ObjectVar[HeldRow]) -> rx.Component:
    return rx.el.li(
        rx.el.dl(
            rx.foreach(row.lines.to(list[Line]), _line),
            class_name="grid gap-x-4 gap-y-1 sm:grid-cols-[11rem_minmax(0,1fr)] text-sm",
        ),
        class_name="rounded-md bg-sunken p-3.5 min-w-0",
    )


def _line(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    return rx.fragment(
        rx.el.dt(line.name, class_name="text-muted", dir="ltr"),
        rx.el.dd(rx.el.bdi(line.value), class_name="break-words min-w-0"),
    )


def _erase() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Erase the account"), class_name="text-lg text-danger"),
        rx.el.p(
            _(
                "Your account, conversations, roles and consents are deleted at once and cannot be "
                "brought back."
            ),
            class_name="mt-2 max-w-prose",
        ),
        rx.el.p(
            _(
                "If you offer services and nobody else acts for that provider, its page, its name "
                "and its services go too. An empty entry stays, for deals that must be kept."
            ),
            class_name="mt-2 max-w-prose",
        ),
        rx.el.p(
            _(
                "What stays, because the market must be able to answer for it: %(kinds)s.",
                kinds=HeldDataState.kept,
            ),
            class_name="text-muted mt-1 max-w-prose",
        ),
        form(
            _language(),
            rx.el.div(
                rx.el.label(
                    _("Type your e-mail address to confirm: %(email)s", email=HeldDataState.email),
                    html_for="erase-email",
                    class_name="block mb-1.5 font-medium",
                ),
                rx.el.input(
                    id="erase-email",
                    name="email",
                    type="email",
                    required=True,
                    auto_complete="off",
                    class_name="field max-w-md",
                ),
            ),
            rx.el.button(
                icon("trash"), _("Erase for good"), type="submit", class_name="btn btn-danger mt-4"
            ),
            action="/auth/erase",
            method="post",
            class_name="mt-5",
        ),
        class_name=_PANEL + " mb-16",
        id="erase",
    )


def _language() -> rx.Component:
    return rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True)
