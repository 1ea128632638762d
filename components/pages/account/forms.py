"""Forms of the account page, which are all the browser's own."""

from typing import Any, Literal

import reflex as rx

from app.rendering.native import form
from components.text import _
from state.account import AccountState, LinkedRow
from state.locale import LocaleState

_CARD = "rounded-lg border border-line bg-surface p-5 sm:p-7 min-w-0"


def card(name: str, title: rx.Var[str], *content: Any) -> rx.Component:
    """A part of the account with a heading; `name` is its anchor."""
    return rx.el.section(
        rx.el.h2(title, class_name="text-lg mb-3"), *content, id=name, class_name=_CARD
    )


def own_form(path: str, *content: Any, **props: Any) -> rx.Component:
    """A form that the browser sends to `path`, with the language of the page."""
    classes = props.pop("class_name", "grid gap-4 max-w-md")
    return form(
        rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
        *content,
        action=path,
        method="post",
        class_name=classes,
        **props,
    )


def field(
    key: str,
    name: str,
    label: rx.Var[str],
    kind: Literal["text", "email", "password"],
    remembered_as: str,
    value: Any = "",
    **more: Any,
) -> rx.Component:
    """A labelled field; `key` is its id."""
    return rx.el.div(
        rx.el.label(label, html_for=key, class_name="block mb-1.5 font-medium"),
        rx.el.input(
            id=key,
            name=name,
            type=kind,
            auto_complete=remembered_as,
            default_value=value,
            class_name="field",
            **more,
        ),
    )


def again(key: str) -> rx.Component:
    """The password once more; who has none must have signed in just now."""
    return rx.cond(
        AccountState.has_password,
        field(key, "password", _("Your password"), "password", "current-password", required=True),
    )


def button(text: rx.Var[str], *, quiet: bool = False) -> rx.Component:
    """What sends a form."""
    return rx.el.button(
        text,
        type="submit",
        class_name="btn btn-quiet justify-self-start" if quiet else "btn justify-self-start",
    )


def folded(title: rx.Var[str], content: rx.Component) -> rx.Component:
    """What is shown once its title is opened, without JavaScript."""
    return rx.el.details(
        rx.el.summary(title, class_name="link py-2.5"),
        rx.el.div(content, class_name="mt-3"),
    )


def linked_row(row: rx.vars.ObjectVar[LinkedRow], *forms: rx.Component) -> rx.Component:
    """A thing of a list, with its forms folded under it."""
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                rx.el.bdi(row.name, class_name="font-medium"),
                rx.el.span(" "),
                rx.el.bdi(row.detail, class_name="text-sm text-muted break-all"),
                class_name="py-2.5",
            ),
            rx.el.div(*forms, class_name="grid gap-4 mt-2 mb-3"),
        ),
        key=row.id,
        class_name="rounded-md border border-line px-4 py-1",
    )


def row_id(value: Any) -> rx.Component:
    """Which thing of a list a form is about."""
    return rx.el.input(type="hidden", name="id", value=value, read_only=True)


def again_in_row(row: Any) -> rx.Component:
    """The password once more, in the form of a row."""
    return rx.cond(
        AccountState.has_password,
        rx.el.div(
            rx.el.label(
                _("Your password"),
                html_for=f"again-{row}",
                class_name="block mb-1.5 font-medium",
            ),
            rx.el.input(
                id=f"again-{row}",
                name="password",
                type="password",
                auto_complete="current-password",
                required=True,
                class_name="field",
            ),
        ),
    )
