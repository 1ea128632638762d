"""The platform's own home: the open markets, and a field to find one among many."""

import reflex as rx

from app.rendering.native import form, link
from components.design import button_link, section
from components.icons import icon
from components.paging import paging
from components.text import _
from state.landing import LandingState, MarketLink


def landing() -> rx.Component:
    """What the platform is, and the markets that it runs."""
    return rx.fragment(
        rx.el.section(
            rx.el.div(
                rx.el.h1(_("Local services, market by market"), class_name="text-3xl max-w-3xl"),
                rx.el.p(
                    _("Every market has its own city, languages and providers. Choose yours."),
                    class_name="text-lg text-muted mt-5",
                ),
                rx.el.div(_search(), class_name="mt-8 max-w-xl"),
                class_name="wrap py-14 md:py-24",
            ),
            class_name="floor",
        ),
        section(
            _("Markets"),
            rx.cond(
                LandingState.markets.length() > 0,
                rx.el.ul(
                    rx.foreach(LandingState.markets, _market_card),
                    class_name="grid gap-4 sm:grid-cols-2 lg:grid-cols-3",
                ),
                rx.cond(
                    LandingState.words == "",
                    rx.el.p(_("No market has been opened yet."), class_name="text-muted"),
                    _nothing(),
                ),
            ),
            paging(LandingState.links),
        ),
    )


def _search() -> rx.Component:
    return form(
        rx.el.div(
            rx.el.label(_("Find a market"), html_for="q-market", class_name="sr-only"),
            icon("search", "size-5 absolute top-1/2 -translate-y-1/2 text-muted start-5"),
            rx.el.input(
                type="search",
                name="q",
                id="q-market",
                default_value=LandingState.words,
                placeholder=_("City or name of a market"),
                auto_complete="off",
                max_length=100,
                custom_attrs={"enterkeyhint": "search"},
                class_name="field rounded-full! min-h-14 ps-13 pe-16 shadow-lift",
            ),
            rx.el.button(
                icon("arrow-right", "size-5 icon-along"),
                rx.el.span(_("Search"), class_name="sr-only"),
                type="submit",
                class_name="btn absolute end-1.5 top-1.5 bottom-1.5 px-3.5",
            ),
            class_name="relative",
        ),
        action=LandingState.path,
        role="search",
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.el.p(_("No market has these words in its name."), class_name="text-lg"),
        button_link(_("Show all"), href=LandingState.path, quiet=True, class_name="mt-4"),
    )


def _market_card(market: rx.vars.ObjectVar[MarketLink]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            class_name="block h-2",
            custom_attrs={"style": rx.Var.create({"background": market.colour})},
        ),
        rx.el.div(
            rx.el.h3(link(market.name, href=market.href, class_name="over"), class_name="text-lg"),
            rx.el.p(market.tagline, class_name="text-muted mt-1"),
            rx.el.p(market.languages, class_name="text-xs text-muted mt-4"),
            class_name="p-5",
        ),
        class_name="card",
    )
