"""The people of the market: the table, what may be done with each, and invitations."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import badge, confirm_of, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, pages, row, table
from components.text import _
from state.admin.people import InvitationRow, PeopleState, PersonRow


def people() -> rx.Component:
    """The page."""
    return shell(
        _("People"),
        rx.cond(PeopleState.offered.length() > 0, _invite()),
        panel(
            _("Everybody"),
            _filters(),
            rx.cond(
                PeopleState.loaded,
                rx.cond(
                    PeopleState.rows.length() > 0,
                    rx.fragment(
                        table(
                            _("People of the market"),
                            (_("Person"), _("Roles"), _("Joined"), _("Last seen"), _("Actions")),
                            rx.foreach(PeopleState.rows, _person),
                        ),
                        pages(
                            PeopleState.number,
                            PeopleState.pages,
                            PeopleState.earlier,
                            PeopleState.later,
                        ),
                    ),
                    empty(
                        "users",
                        _("Nobody found"),
                        _("Look for other words, or for another role."),
                    ),
                ),
                skeleton(5),
            ),
            id="everybody",
        ),
        rx.cond(PeopleState.invitations.length() > 0, _invitations()),
        about=_("Who belongs to the market, and what they may do in it."),
    )


def _filters() -> rx.Component:
    return rx.el.form(
        text_field(
            "words",
            _("Name or e-mail"),
            PeopleState.words,
            kind="search",
            class_name="flex-1 basis-64",
        ),
        rx.el.div(
            rx.el.label(_("Role"), html_for="role-sought", class_name="block mb-1.5 font-medium"),
            rx.el.select(
                rx.el.option(_("Any role"), value=""),
                rx.foreach(PeopleState.roles, lambda one: rx.el.option(one.name, value=one.value)),
                id="role-sought",
                name="role",
                default_value=PeopleState.role,
                class_name="field",
            ),
        ),
        rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
        on_submit=PeopleState.search,
        class_name="flex flex-wrap items-end gap-3 mb-5",
    )


def _person(one: rx.vars.ObjectVar[PersonRow]) -> rx.Component:
    return row(
        cell(
            _("Person"),
            rx.el.p(rx.el.bdi(one.name), class_name="font-medium break-words"),
            rx.el.p(rx.el.bdi(one.email), class_name="text-sm text-muted break-words"),
            rx.cond(
                one.suspended,
                badge(_("suspended"), "bad"),
                rx.cond(one.verified, rx.fragment(), badge(_("e-mail not verified"))),
            ),
        ),
        cell(_("Roles"), one.roles),
        cell(_("Joined"), one.joined, class_name="tabular-nums"),
        cell(_("Last seen"), rx.cond(one.seen != "", one.seen, "—"), class_name="tabular-nums"),
        cell(
            _("Actions"),
            rx.cond(
                one.reachable | one.heir,
                rx.el.div(_actions(one), class_name="flex flex-wrap gap-2"),
                rx.el.span("—", class_name="text-muted"),
            ),
        ),
        key=one.id,
    )


def _actions(one: rx.vars.ObjectVar[PersonRow]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            one.reachable,
            rx.fragment(
                rx.cond(
                    one.operator,
                    _act(_("Not an operator"), PeopleState.set_role(one.id, "operator", False)),
                    _act(_("Make operator"), PeopleState.set_role(one.id, "operator", True)),
                ),
                rx.cond(
                    one.admin,
                    _act(_("Not an admin"), PeopleState.set_role(one.id, "admin", False)),
                    confirm_of(
                        rx.Var.create("admin-").to(str) + one.id.to(str),
                        _("Make admin"),
                        _("Make this person an admin?"),
                        _("Admins shape the market, see everybody and change everything in it."),
                        _("Make admin"),
                        PeopleState.set_role(one.id, "admin", True),
                        opener_class="btn btn-quiet",
                        dangerous=False,
                    ),
                ),
                rx.cond(
                    one.suspended,
                    _act(_("Readmit"), PeopleState.readmit(one.id)),
                    confirm_of(
                        rx.Var.create("suspend-").to(str) + one.id.to(str),
                        _("Suspend"),
                        _("Suspend this account?"),
                        _(
                            "The person is signed out everywhere and cannot sign in. Nothing of "
                            "theirs is deleted, and you can readmit them."
                        ),
                        _("Suspend"),
                        PeopleState.suspend(one.id),
                    ),
                ),
            ),
        ),
        rx.cond(
            one.heir,
            confirm_of(
                rx.Var.create("heir-").to(str) + one.id.to(str),
                _("Hand over the market"),
                _("Hand the market over to this person?"),
                _("They become the owner. You stay an admin and cannot take it back yourself."),
                _("Hand over the market"),
                PeopleState.transfer(one.id),
            ),
        ),
    )


def _act(text: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name="btn btn-quiet")


def _invite() -> rx.Component:
    return panel(
        _("Invite"),
        rx.el.form(
            rx.el.div(
                text_field(
                    "email",
                    _("E-mail"),
                    kind="email",
                    required=True,
                    auto_complete="off",
                    class_name="sm:col-span-2",
                ),
                choice_field("role", _("Role"), PeopleState.offered),
                choice_field("locale", _("Language of the letter"), PeopleState.languages),
                class_name="grid gap-4 sm:grid-cols-2 max-w-2xl",
            ),
            save_bar(verb=_("Send the invitation")),
            on_submit=PeopleState.invite,
            key=PeopleState.invited.to(str),
        ),
        about=_("They get a letter with a link that works once, for seven days."),
        id="invite",
    )


def _invitations() -> rx.Component:
    return panel(
        _("Invitations"),
        table(
            _("Invitations"),
            (_("E-mail"), _("Role"), _("State"), _("Valid until"), _("Actions")),
            rx.foreach(PeopleState.invitations, _invitation),
        ),
        id="invitations",
    )


def _invitation(one: rx.vars.ObjectVar[InvitationRow]) -> rx.Component:
    return row(
        cell(_("E-mail"), rx.el.bdi(one.email, class_name="break-all")),
        cell(_("Role"), one.role),
        cell(_("State"), badge(one.state_name, rx.cond(one.state == "accepted", "good", "plain"))),
        cell(_("Valid until"), one.until, class_name="tabular-nums"),
        cell(
            _("Actions"),
            rx.cond(
                one.state == "waiting",
                _act(_("Make void"), PeopleState.revoke(one.id)),
                rx.el.span("—", class_name="text-muted"),
            ),
        ),
        key=one.id,
    )
