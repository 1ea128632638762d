"""API keys: the table, a form for a new one, and its secret, shown once."""

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field, tick
from components.pages.admin.panels import badge, confirm, confirm_of, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.admin.keys import KeyRow, KeysState

COPY = "navigator.clipboard.writeText(document.getElementById('new-key').textContent)"


def keys() -> rx.Component:
    """The page."""
    return shell(
        _("API keys"),
        _secret(),
        _make(),
        panel(
            _("Keys"),
            rx.cond(
                KeysState.loaded,
                rx.cond(
                    KeysState.rows.length() > 0,
                    table(
                        _("API keys of the market"),
                        (
                            _("Key"),
                            _("What it may do"),
                            _("Valid until"),
                            _("Last used"),
                            _("Actions"),
                        ),
                        rx.foreach(KeysState.rows, _key),
                    ),
                    empty("key", _("No keys yet"), _("A key lets a program act for the market.")),
                ),
                skeleton(3),
            ),
            id="keys",
        ),
        _signing(),
        about=_("Programs of yours use the API with a key. What each may do, you choose here."),
    )


def _secret() -> rx.Component:
    # A script writes the key here: kept in a var, it could be read again.
    return rx.el.div(
        panel(
            _("The new key"),
            rx.el.output(
                id="new-key",
                class_name="block p-3.5 rounded-md border border-line break-all font-mono",
                dir="ltr",
            ),
            rx.el.button(
                icon("copy"),
                _("Copy"),
                type="button",
                on_click=rx.call_script(COPY),
                class_name="btn mt-4",
            ),
            about=_("Copy it now: it is not kept and cannot be shown again."),
        ),
        id="new-key-panel",
        hidden=True,
        class_name="mb-4",
        role="status",
    )


def _make() -> rx.Component:
    return panel(
        _("New key"),
        rx.el.form(
            rx.el.div(
                text_field(
                    "name",
                    _("Name"),
                    hint=_("Where it is used, so that you know it again."),
                    required=True,
                    max_length=80,
                    auto_complete="off",
                ),
                choice_field("life", _("Valid for"), KeysState.lives, "90"),
                class_name="grid gap-4 sm:grid-cols-2 max-w-2xl",
            ),
            rx.el.fieldset(
                rx.el.legend(_("What it may do"), class_name="font-medium mb-1.5"),
                rx.el.div(
                    rx.foreach(
                        KeysState.scopes,
                        lambda one: tick(
                            rx.Var.create("scope ").to(str) + one.value.to(str), one.name
                        ),
                    ),
                    class_name="grid gap-1 sm:grid-cols-2 max-w-3xl",
                ),
                class_name="mt-5",
            ),
            save_bar(verb=_("Make the key")),
            on_submit=KeysState.make,
            key=KeysState.made.to(str),
        ),
        id="new",
    )


def _key(one: rx.vars.ObjectVar[KeyRow]) -> rx.Component:
    return row(
        cell(
            _("Key"),
            rx.el.p(rx.el.bdi(one.name), class_name="font-medium break-words"),
            rx.el.code(one.shown, class_name="text-sm text-muted", dir="ltr"),
            rx.cond(one.state == "good", rx.fragment(), badge(one.state_name, "bad")),
        ),
        cell(_("What it may do"), one.scopes, class_name="text-sm"),
        cell(
            _("Valid until"),
            rx.cond(one.until != "", one.until, _("until it is revoked")),
            class_name="tabular-nums",
        ),
        cell(_("Last used"), rx.cond(one.used != "", one.used, "—"), class_name="tabular-nums"),
        cell(
            _("Actions"),
            rx.cond(
                one.state == "good",
                confirm_of(
                    rx.Var.create("revoke-").to(str) + one.id.to(str),
                    _("Revoke"),
                    _("Revoke this key?"),
                    _("Programs that use it are refused at once. This cannot be undone."),
                    _("Revoke"),
                    KeysState.revoke(one.id),
                ),
                rx.el.span("—", class_name="text-muted"),
            ),
        ),
        key=one.id,
    )


def _signing() -> rx.Component:
    return panel(
        _("Signatures"),
        confirm(
            "rotate",
            _("Sign with a new key"),
            _("Sign tokens with a new key?"),
            _("People stay signed in: tokens of the former key are good until they are over."),
            _("Sign with a new key"),
            KeysState.rotate_signing_key,
            opener_class="btn btn-quiet",
            dangerous=False,
        ),
        about=_(
            "Tokens of people who sign in over the API are signed by a key of the market's own, "
            "which is replaced every 90 days by itself."
        ),
        id="signatures",
    )
