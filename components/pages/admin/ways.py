"""How people sign in: the ways that the market offers, and the form of one."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import save_bar, text_field
from components.pages.admin.panels import (
    badge,
    confirm_of,
    conflict,
    empty,
    panel,
    skeleton,
    wrong,
)
from components.pages.admin.shell import shell
from components.text import _
from state.admin.ways import PresetCard, WayRow, WaysState


def ways() -> rx.Component:
    """The page."""
    return shell(
        _("Sign-in"),
        rx.cond(WaysState.kind != "", _form()),
        panel(
            _("Ways to sign in"),
            rx.cond(
                WaysState.loaded,
                rx.cond(
                    WaysState.rows.length() > 0,
                    rx.el.ul(rx.foreach(WaysState.rows, _way), class_name="grid gap-4"),
                    empty(
                        "key",
                        _("E-mail and password, and passkeys"),
                        _("These always work. Add a provider that your people have already."),
                    ),
                ),
                skeleton(4),
            ),
            id="ways",
        ),
        panel(
            _("Add a provider"),
            rx.el.div(rx.foreach(WaysState.presets, _preset), class_name="flex flex-wrap gap-2"),
            about=_("You register the market with the provider, and paste here what it gives you."),
            id="presets",
        ),
        about=_("By which providers people sign in, besides e-mail, password and passkeys."),
    )


def _preset(preset: rx.vars.ObjectVar[PresetCard]) -> rx.Component:
    return rx.el.button(
        icon("plus"),
        preset.name,
        type="button",
        on_click=WaysState.add(preset.kind),
        class_name="btn btn-quiet",
        custom_attrs={"data-kind": preset.kind},
    )


def _way(way: rx.vars.ObjectVar[WayRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.bdi(way.name), class_name="font-semibold"),
            rx.cond(
                way.enabled, badge(_("switched on"), "good"), badge(_("switched off"), "plain")
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.el.dl(
            _told(_("Issuer"), way.issuer),
            _told(_("Client ID"), way.client_id),
            _told(_("Address to come back to"), way.callback),
            class_name="grid gap-2 mt-3 text-sm",
        ),
        rx.el.div(
            rx.cond(
                way.enabled,
                rx.el.button(
                    _("Switch off"),
                    type="button",
                    on_click=WaysState.switch(way.id, way.version, False),
                    class_name="btn btn-quiet",
                ),
                rx.el.button(
                    _("Switch on"),
                    type="button",
                    on_click=WaysState.switch(way.id, way.version, True),
                    class_name="btn",
                ),
            ),
            rx.el.button(
                _("Test"),
                type="button",
                on_click=WaysState.check(way.id),
                class_name="btn btn-quiet",
            ),
            rx.el.button(
                _("Change"),
                type="button",
                on_click=WaysState.edit(way.id),
                class_name="btn btn-quiet",
            ),
            confirm_of(
                rx.Var.create("remove-").to(str) + way.id.to(str),
                _("Remove"),
                _("Remove this sign-in way?"),
                _(
                    "Its secret is deleted. People who signed in by it keep their accounts and "
                    "can set a password by e-mail."
                ),
                _("Remove"),
                WaysState.remove(way.id),
            ),
            class_name="flex flex-wrap gap-2 mt-4",
        ),
        key=way.id,
        class_name="rounded-md border border-line p-4 min-w-0",
        custom_attrs={"data-way": way.kind},
    )


def _told(name: rx.Var[str], text: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-muted"),
        rx.el.dd(rx.el.bdi(text), class_name="break-all select-all"),
    )


def _form() -> rx.Component:
    fields = WaysState.fields
    return panel(
        rx.cond(WaysState.kind_name != "", WaysState.kind_name, _("Sign-in")),
        conflict(
            WaysState.conflicts,  # pyright: ignore[reportArgumentType]  It is a list.
            keep_mine=WaysState.keep_mine,
            take_theirs=WaysState.take_theirs,
        ),
        rx.cond(WaysState.problem != "", wrong(WaysState.problem, id="problem")),
        rx.cond(
            WaysState.register_at != "",
            rx.el.p(
                link(
                    icon("external-link", "size-4"),
                    _("Register the market with the provider"),
                    href=WaysState.register_at,
                    rel="noreferrer",
                    class_name="link inline-flex items-center gap-1.5 py-2.5",
                )
            ),
        ),
        rx.el.form(
            rx.el.div(
                text_field(
                    "client_id",
                    _("Client ID"),
                    fields["client_id"],
                    required=True,
                    auto_complete="off",
                    dir="ltr",
                ),
                rx.el.div(
                    rx.el.label(
                        rx.cond(WaysState.kind == "apple", _("Private key"), _("Secret")),
                        html_for="secret",
                        class_name="block mb-1.5 font-medium",
                    ),
                    rx.el.textarea(
                        id="secret",
                        name="secret",
                        rows="2",
                        required=WaysState.needs_secret,
                        auto_complete="off",
                        spell_check=False,
                        dir="ltr",
                        class_name="field",
                        custom_attrs={"aria-describedby": "secret-hint"},
                    ),
                    rx.el.p(
                        rx.cond(
                            WaysState.editing != "",
                            _("It is never shown. Leave this empty to keep the present one."),
                            _("It is kept encrypted and never shown again."),
                        ),
                        id="secret-hint",
                        class_name="text-sm text-muted mt-1.5",
                    ),
                ),
                text_field("name", _("Name on the button"), fields["name"], max_length=60),
                rx.cond(
                    WaysState.kind == "oidc",
                    text_field(
                        "issuer",
                        _("Address of the issuer"),
                        fields["issuer"],
                        kind="url",
                        required=True,
                        dir="ltr",
                        hint=_("Without /.well-known/openid-configuration, which is added."),
                    ),
                ),
                rx.cond(
                    WaysState.kind == "apple",
                    rx.fragment(
                        text_field("team_id", _("Team ID"), fields["team_id"], required=True),
                        text_field("key_id", _("Key ID"), fields["key_id"], required=True),
                    ),
                ),
                class_name="grid gap-5 max-w-xl",
            ),
            save_bar(
                rx.el.button(
                    _("Cancel"),
                    type="button",
                    on_click=WaysState.cancel,
                    class_name="btn btn-quiet",
                )
            ),
            on_submit=WaysState.save,
            key=WaysState.form_number.to(str),
        ),
        id="way-form",
    )
