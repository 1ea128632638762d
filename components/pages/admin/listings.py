"""The market's listings: the table with deeds over many, and the page of one."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.listing_form import listing_form, state_badge
from components.pages.admin.fields import choice_field, labelled, text_field
from components.pages.admin.panels import confirm, conflict, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, pages, row, table
from components.photos import photo_editor
from components.text import _, ngettext
from state.admin.listings import AdminListingState, ListingRow, ListingsState
from state.page import PageState


def listings() -> rx.Component:
    """The table."""
    return shell(
        _("Listings"),
        panel(
            ngettext("%(count)s service", "%(count)s services", ListingsState.total),
            _filters(),
            rx.cond(
                ListingsState.loaded,
                rx.cond(
                    ListingsState.rows.length() > 0,
                    rx.fragment(
                        _deeds(),
                        pages(
                            ListingsState.number,
                            ListingsState.pages,
                            ListingsState.earlier,
                            ListingsState.later,
                        ),
                    ),
                    empty(
                        "list-details",
                        _("Nothing found"),
                        _("Look for other words, or for another state."),
                        rx.el.button(
                            _("Show all"),
                            type="button",
                            on_click=ListingsState.seek_all,
                            class_name="btn btn-quiet",
                        ),
                    ),
                ),
                skeleton(6),
            ),
        ),
        about=_("Everything that is offered here, in every state."),
        undo=ListingsState.undo,
    )


def _filters() -> rx.Component:
    told = ListingsState.sought

    def choice(name: str, label: rx.Var[str], options: Any) -> rx.Component:
        return labelled(
            f"{name}-sought",
            label,
            rx.el.select(
                rx.el.option(_("All"), value=""),
                rx.foreach(options, lambda one: rx.el.option(one.name, value=one.value)),
                id=f"{name}-sought",
                name=name,
                default_value=told[name].to(str),
                class_name="field",
            ),
        )

    return rx.el.form(
        text_field(
            "words",
            _("Title, text or provider"),
            told["words"].to(str),
            kind="search",
            class_name="flex-1 basis-56",
        ),
        choice("state", _("State"), ListingsState.states),
        choice("category", _("Category"), ListingsState.used),
        choice("language", _("Language"), ListingsState.spoken),
        choice_field(
            "order",
            _("Order"),
            (
                ("newest", _("Changed last")),
                ("oldest", _("Changed first")),
                ("title", _("Title")),
                ("price", _("Price")),
            ),
            told["order"].to(str),
        ),
        rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
        on_submit=ListingsState.search,
        key=rx.cond(ListingsState.loaded, "filled", "empty"),
        class_name="flex flex-wrap items-end gap-3 mb-5",
    )


def _deeds() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.button(
                rx.cond(ListingsState.all_picked, _("Tick none"), _("Tick all of this page")),
                type="button",
                on_click=ListingsState.pick_all(~ListingsState.all_picked),
                class_name="btn btn-quiet",
            ),
            class_name="mb-3",
        ),
        table(
            _("Listings"),
            (
                _("Listing"),
                _("Provider"),
                _("Category"),
                _("State"),
                _("Price"),
                _("Changed"),
            ),
            rx.foreach(ListingsState.rows, _listing),
        ),
        rx.el.div(
            labelled(
                "deed",
                _("With those ticked"),
                rx.el.select(
                    rx.el.option(_("Publish"), value="publish"),
                    rx.el.option(_("Hide"), value="hide"),
                    rx.el.option(_("Refuse"), value="refuse"),
                    rx.cond(
                        ListingsState.may_edit,
                        rx.el.option(_("Change the category"), value="recategorise"),
                    ),
                    id="deed",
                    name="deed",
                    class_name="field",
                ),
            ),
            rx.cond(
                ListingsState.may_edit,
                choice_field("category", _("New category"), ListingsState.kinds),
            ),
            text_field(
                "reason",
                _("Reason, for a refusal"),
                max_length=1000,
                class_name="flex-1 basis-56",
            ),
            rx.el.button(_("Do it"), type="submit", class_name="btn"),
            class_name="flex flex-wrap items-end gap-3 mt-5",
        ),
        on_submit=ListingsState.apply,
        key=ListingsState.shown.to(str),
    )


def _listing(one: rx.vars.ObjectVar[ListingRow]) -> rx.Component:
    place = PageState.home + "/admin/listings/" + one.id.to(str)
    return row(
        cell(
            _("Listing"),
            rx.el.div(
                rx.el.input(
                    type="checkbox",
                    name=f"pick.{one.id}",
                    default_checked=ListingsState.all_picked,
                    aria_label=one.title,
                    class_name="admin-tick",
                ),
                link(rx.el.bdi(one.title), href=place, class_name="link break-words min-w-0"),
                class_name="flex gap-3 items-start",
            ),
        ),
        cell(_("Provider"), rx.el.bdi(one.provider, class_name="break-words")),
        cell(_("Category"), one.category),
        cell(_("State"), state_badge(one.state, one.state_name)),
        cell(
            _("Price"),
            rx.cond(one.price != "", rx.el.bdi(one.price), "—"),
            class_name="tabular-nums",
        ),
        cell(_("Changed"), one.changed, class_name="tabular-nums"),
        key=one.id,
    )


def listing() -> rx.Component:
    """The page of one listing."""
    return shell(
        rx.cond(AdminListingState.listing_id != "", _("Listing"), _("New listing")),
        conflict(
            AdminListingState.conflicts,
            keep_mine=AdminListingState.keep_mine,
            take_theirs=AdminListingState.take_theirs,
        ),
        rx.cond(
            AdminListingState.ready,
            rx.el.div(
                rx.cond(AdminListingState.listing_id != "", _standing()),
                rx.cond(
                    (AdminListingState.listing_id != "") & AdminListingState.may_edit,
                    photo_editor("admin"),
                ),
                rx.cond(AdminListingState.may_edit, listing_form(AdminListingState)),
                class_name="grid gap-5",
            ),
            skeleton(6),
        ),
        about=AdminListingState.provider,
        undo=AdminListingState.undo,
    )


def _standing() -> rx.Component:
    return panel(
        _("State"),
        rx.cond(
            AdminListingState.reason != "",
            rx.el.p(AdminListingState.reason, class_name="mb-4 max-w-prose break-words"),
        ),
        rx.el.form(
            choice_field(
                "deed",
                _("What to do"),
                (("publish", _("Publish")), ("hide", _("Hide")), ("refuse", _("Refuse"))),
            ),
            text_field(
                "reason",
                _("Reason, for a refusal"),
                max_length=1000,
                class_name="flex-1 basis-56",
            ),
            rx.el.button(_("Do it"), type="submit", class_name="btn"),
            on_submit=AdminListingState.judge,
            key=AdminListingState.version.to(str),
            class_name="flex flex-wrap items-end gap-3",
        ),
        actions=(
            state_badge(AdminListingState.state, AdminListingState.state_name),
            link(
                icon("eye"),
                _("Preview"),
                href=AdminListingState.preview_path,
                class_name="btn btn-quiet",
            ),
            rx.cond(
                AdminListingState.may_edit,
                confirm(
                    "delete",
                    _("Delete"),
                    _("Delete this listing?"),
                    _("It leaves the pages and the search, and cannot be brought back."),
                    _("Delete"),
                    AdminListingState.delete,
                ),
            ),
        ),
    )
