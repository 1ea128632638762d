"""The market's providers: the table, and the page of one."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import (
    badge,
    confirm,
    confirm_of,
    conflict,
    empty,
    panel,
    skeleton,
)
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, pages, row, table
from components.text import _
from state.admin.providers import AdminProviderState, ProviderRow, ProvidersState
from state.office.profile import About
from state.page import PageState


def providers() -> rx.Component:
    """The table."""
    return shell(
        _("Providers"),
        panel(
            _("Everybody who offers something"),
            rx.el.form(
                text_field(
                    "words", _("Name"), ProvidersState.words, kind="search", class_name="flex-1"
                ),
                choice_field(
                    "state",
                    _("State"),
                    (("", _("All")), ("published", _("published")), ("hidden", _("hidden"))),
                    ProvidersState.state,
                ),
                rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
                on_submit=ProvidersState.search,
                class_name="flex flex-wrap items-end gap-3 mb-5",
            ),
            rx.cond(
                ProvidersState.loaded,
                rx.cond(
                    ProvidersState.rows.length() > 0,
                    rx.fragment(
                        table(
                            _("Providers"),
                            (_("Provider"), _("Listings"), _("Waiting"), _("Actions")),
                            rx.foreach(ProvidersState.rows, _provider),
                        ),
                        pages(
                            ProvidersState.number,
                            ProvidersState.pages,
                            ProvidersState.earlier,
                            ProvidersState.later,
                        ),
                    ),
                    empty("users", _("Nothing found"), _("Look for another name.")),
                ),
                skeleton(6),
            ),
        ),
        about=_("Who offers services here, and who acts for them."),
        actions=(
            rx.cond(
                ProvidersState.may_edit,
                link(
                    icon("plus"),
                    _("New provider"),
                    href=PageState.home + "/admin/providers/new",
                    class_name="btn",
                ),
            ),
        ),
    )


def _provider(one: rx.vars.ObjectVar[ProviderRow]) -> rx.Component:
    listings = PageState.home + "/admin/listings?provider=" + one.id.to(str)
    return row(
        cell(
            _("Provider"),
            link(
                rx.el.bdi(one.name),
                href=PageState.home + "/admin/providers/" + one.id.to(str),
                class_name="link break-words",
            ),
            rx.cond(one.hidden, badge(_("hidden"), "warn")),
        ),
        cell(_("Listings"), link(one.listings, href=listings, class_name="link tabular-nums")),
        cell(
            _("Waiting"),
            rx.cond(one.waiting.to(int) > 0, badge(one.waiting.to(str), "warn"), "—"),
        ),
        cell(
            _("Actions"),
            rx.cond(
                one.hidden,
                rx.el.button(
                    _("Show again"),
                    type="button",
                    on_click=ProvidersState.show(one.id, True),
                    class_name="btn btn-quiet",
                ),
                confirm_of(
                    rx.Var.create("hide-").to(str) + one.id.to(str),
                    _("Hide"),
                    _("Hide this provider?"),
                    _("Everything they offer leaves the pages and the search until you show it."),
                    _("Hide"),
                    ProvidersState.show(one.id, False),
                ),
            ),
        ),
        key=one.id,
    )


def provider_editor() -> rx.Component:
    """The page of one provider."""
    state = AdminProviderState
    saved = state.provider_id != ""
    return shell(
        rx.cond(saved, state.name, _("New provider")),
        conflict(state.conflicts, keep_mine=state.keep_mine, take_theirs=state.take_theirs),
        rx.cond(
            state.ready,
            rx.el.div(
                rx.cond(state.may_edit, _profile()),
                rx.cond(saved & state.may_invite, _people()),
                class_name="grid gap-5",
            ),
            skeleton(5),
        ),
        undo=state.undo,
        actions=(
            rx.cond(
                saved,
                link(
                    icon("list-details"),
                    _("Listings"),
                    href=PageState.home + "/admin/listings?provider=" + state.provider_id,
                    class_name="btn btn-quiet",
                ),
            ),
            rx.cond(
                saved & state.may_edit,
                rx.fragment(
                    link(
                        icon("plus"),
                        _("New listing"),
                        href=PageState.home + "/admin/listings/new?provider=" + state.provider_id,
                        class_name="btn btn-quiet",
                    ),
                    confirm(
                        "delete",
                        _("Delete"),
                        _("Delete this provider?"),
                        _("Everything they offer is deleted too, and cannot be brought back."),
                        _("Delete"),
                        state.delete,
                    ),
                ),
            ),
        ),
    )


def _profile() -> rx.Component:
    state = AdminProviderState

    def about(one: rx.vars.ObjectVar[About]) -> rx.Component:
        return text_field(
            f"about.{one.code}",
            _("About the provider (%(language)s)", language=one.language),
            one.text,
            rows=5,
            lang=one.code,
            dir="auto",
            max_length=5000,
        )

    return panel(
        _("Profile"),
        rx.el.form(
            text_field(
                "name",
                _("Name"),
                state.name,
                problem=rx.cond(state.problem_field == "name", state.problem, "").to(str),
                max_length=200,
                required=True,
            ),
            rx.el.div(rx.foreach(state.abouts, about), class_name="grid gap-4 lg:grid-cols-2 mt-4"),
            save_bar(),
            on_submit=state.save,
            key=state.provider_id.to(str) + "-" + state.version.to(str),
        ),
    )


def _people() -> rx.Component:
    state = AdminProviderState
    return panel(
        _("People"),
        rx.cond(
            state.people.length() > 0,
            rx.el.ul(
                rx.foreach(state.people, lambda name: rx.el.li(badge(name))),
                class_name="flex flex-wrap gap-2 mb-4",
            ),
        ),
        rx.el.form(
            text_field("email", _("E-mail"), kind="email", required=True, auto_complete="off"),
            choice_field("locale", _("Language of the letter"), state.languages),
            rx.el.button(_("Send the invitation"), type="submit", class_name="btn"),
            on_submit=state.invite,
            key=state.invited.to(str),
            class_name="flex flex-wrap items-end gap-3",
        ),
        about=_("Those who act for this provider write its profile and its listings."),
    )
