"""The list of markets with their figures."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.admin.tables import cell, pages, row, table
from components.pages.platform.frame import platform_shell
from components.text import _, ngettext
from state.page import PageState
from state.platform.markets import MarketRow, MarketsState


def markets() -> rx.Component:
    """The page of all markets."""
    return platform_shell(
        _("Markets"),
        panel(
            ngettext("%(count)s market", "%(count)s markets", MarketsState.total),
            _filters(),
            rx.cond(MarketsState.loaded, _list(), skeleton(6)),
            pages(
                MarketsState.number, MarketsState.pages, MarketsState.earlier, MarketsState.later
            ),
        ),
        about=_("Every market, with what it holds."),
        actions=(
            link(
                icon("plus"),
                _("Open a market"),
                href=PageState.home + "/platform/open",
                class_name="btn",
            ),
        ),
    )


def _list() -> rx.Component:
    return rx.cond(
        MarketsState.rows.length() > 0,
        table(
            _("Markets"),
            (
                *(_("Market"), _("State"), _("Members"), _("Listings")),
                *(_("Conversations"), _("Storage"), _("Last activity (UTC)")),
            ),
            rx.foreach(MarketsState.rows, _market),
        ),
        rx.cond(
            (MarketsState.words != "") | (MarketsState.only != ""),
            empty("search", _("Nothing found"), _("Try fewer words or another state.")),
            empty(
                "building-store",
                _("No market has been opened yet."),
                _("Those that you open appear here."),
            ),
        ),
    )


def _filters() -> rx.Component:
    small = "field py-2 min-h-11 text-sm"
    return rx.el.form(
        rx.el.div(
            rx.el.label(_("Words"), html_for="words", class_name="block text-xs text-muted mb-1"),
            rx.el.input(id="words", name="words", type="search", max_length=100, class_name=small),
            class_name="flex-1 basis-48 min-w-0",
        ),
        rx.el.div(
            rx.el.label(_("State"), html_for="state", class_name="block text-xs text-muted mb-1"),
            rx.el.select(
                rx.el.option(_("All"), value=""),
                rx.foreach(
                    MarketsState.states, lambda one: rx.el.option(one.name, value=one.value)
                ),
                id="state",
                name="state",
                class_name=small,
            ),
            class_name="flex-1 basis-36 min-w-0",
        ),
        rx.el.button(
            icon("search"), _("Search"), type="submit", class_name="btn btn-quiet self-end"
        ),
        on_submit=MarketsState.search,
        role="search",
        class_name="flex flex-wrap gap-3 mb-5",
    )


def _market(one: rx.vars.ObjectVar[MarketRow]) -> rx.Component:
    def figure(head: rx.Var[str], value: rx.Var[int] | rx.Var[str]) -> rx.Component:
        return cell(head, rx.el.bdi(value, class_name="tabular-nums md:whitespace-nowrap"))

    return row(
        cell(
            _("Market"),
            link(
                rx.el.bdi(one.name),
                href=PageState.home + f"/platform/markets/{one.id}",
                class_name="font-medium hover:underline inline-flex items-center min-h-11",
            ),
            rx.el.p(
                link(rx.el.bdi(one.host), href=one.home, class_name="hover:underline break-all"),
                class_name="text-xs text-muted",
            ),
        ),
        cell(_("State"), badge(one.state_name, one.state_kind)),
        figure(_("Members"), one.members),
        figure(_("Listings"), one.listings),
        figure(_("Conversations"), one.conversations),
        figure(_("Storage"), one.storage),
        figure(_("Last activity (UTC)"), rx.cond(one.active != "", one.active, "—")),
        key=one.id,
    )
