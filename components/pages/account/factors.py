"""What one signs in by besides a password: passkeys, the second step, other sites."""

import reflex as rx

from app.accounts.ways.configuring import WayButton
from app.rendering.native import form
from components.pages.account.forms import (
    again,
    again_in_row,
    button,
    card,
    field,
    folded,
    linked_row,
    own_form,
    row_id,
)
from components.pages.signin import passkey_problem
from components.text import _
from state.account import AccountState, LinkedRow
from state.locale import LocaleState


def passkeys() -> rx.Component:
    """Passkeys: a list, and the form of a new one."""

    def one(key: rx.vars.ObjectVar[LinkedRow]) -> rx.Component:
        return linked_row(
            key,
            own_form(
                "/auth/account/passkey-name",
                row_id(key.id),
                rx.el.label(_("Name"), html_for=f"name-{key.id}", class_name="block font-medium"),
                rx.el.input(
                    id=f"name-{key.id}",
                    name="name",
                    default_value=key.name,
                    max_length=60,
                    class_name="field",
                ),
                button(_("Rename"), quiet=True),
            ),
            own_form(
                "/auth/account/passkey-remove",
                row_id(key.id),
                again_in_row(key.id),
                button(_("Remove"), quiet=True),
            ),
        )

    return card(
        "passkeys",
        _("Passkeys"),
        rx.el.p(
            _("Sign in with the fingerprint, face or code of your device, without a password."),
            class_name="text-muted mb-4",
        ),
        rx.el.ul(rx.foreach(AccountState.passkeys, one), class_name="grid gap-3 mb-4"),
        own_form(
            "/auth/passkeys/new",
            field("passkey-name", "name", _("Name of the passkey"), "text", "off", max_length=60),
            again("passkey-password"),
            button(_("Add a passkey")),
            passkey_problem(),
            custom_attrs={"data-passkey": "new"},
        ),
    )


def second_step_card() -> rx.Component:
    """The authenticator app and the recovery codes."""

    return card(
        "second-step",
        _("Second step"),
        rx.cond(
            AccountState.second_step,
            rx.fragment(
                rx.el.p(
                    _(
                        "The second step is on. Unused recovery codes: %(count)s.",
                        count=AccountState.codes_left,
                    ),
                    class_name="mb-3",
                ),
                folded(
                    _("New recovery codes"),
                    own_form(
                        "/auth/recovery-codes", again("codes-password"), button(_("Show them"))
                    ),
                ),
                folded(
                    _("Switch the second step off"),
                    own_form(
                        "/auth/account/second-off",
                        again("off-password"),
                        button(_("Switch off"), quiet=True),
                    ),
                ),
            ),
            rx.fragment(
                rx.el.p(
                    _("A code of an authenticator app, asked for after the password."),
                    class_name="text-muted mb-4",
                ),
                own_form(
                    "/auth/second-step/set-up",
                    again("second-password"),
                    button(_("Set up")),
                ),
            ),
        ),
    )


def ways() -> rx.Component:
    """The providers that are linked, and those that can be."""

    def linked(row: rx.vars.ObjectVar[LinkedRow]) -> rx.Component:
        return linked_row(
            row,
            own_form(
                "/auth/account/unlink",
                row_id(row.id),
                again_in_row(row.id),
                button(_("Remove"), quiet=True),
            ),
        )

    def linkable(way: rx.vars.ObjectVar[WayButton]) -> rx.Component:
        return form(
            rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
            rx.el.input(type="hidden", name="link", value="1", read_only=True),
            rx.el.button(
                _("Link %(provider)s", provider=way.name),
                type="submit",
                class_name="btn btn-quiet",
            ),
            action=rx.Var.create("/auth/with/").to(str) + way.id.to(str),
            method="post",
            key=way.id,
        )

    return rx.cond(
        (AccountState.identities.length() > 0) | (AccountState.linkable.length() > 0),
        card(
            "ways",
            _("Sign-in by other sites"),
            rx.el.ul(rx.foreach(AccountState.identities, linked), class_name="grid gap-3 mb-4"),
            rx.el.div(
                rx.foreach(AccountState.linkable, linkable), class_name="flex flex-wrap gap-2"
            ),
        ),
    )
