"""The page of a category, whole or in one place: its listings, narrowed and in an order."""

import reflex as rx

from app.rendering.native import form, link
from components.cards import listing_grid
from components.design import button_link
from components.forms import amount, choice
from components.icons import icon
from components.layout import page
from components.modules import where_on
from components.paging import paging
from components.text import _, ngettext
from state.category import CategoryState, PlaceLink


def category() -> rx.Component:
    """A category's listings, a page at a time."""
    return page(
        rx.el.div(
            rx.el.h1(
                CategoryState.name,
                rx.cond(
                    CategoryState.place != "",
                    rx.el.span(" · ", rx.el.bdi(CategoryState.place), class_name="text-muted"),
                ),
                class_name="text-2xl",
            ),
            rx.el.p(
                ngettext("%(count)s service", "%(count)s services", CategoryState.total),
                class_name="text-muted mt-1",
            ),
            _places(),
            _filters(),
            class_name="wrap pt-4 pb-8",
        ),
        rx.el.div(
            rx.el.h2(_("Services"), class_name="sr-only"),
            rx.cond(
                CategoryState.total > 0, listing_grid(CategoryState.cards, kind=False), _nothing()
            ),
            paging(CategoryState.links),
            _ask(),
            class_name="wrap",
        ),
    )


def _places() -> rx.Component:
    """Links to the pages of places, which crawlers follow too."""

    def entry(place: rx.vars.ObjectVar[PlaceLink]) -> rx.Component:
        words = (rx.el.bdi(place.name), rx.el.span(place.listings, class_name="text-xs opacity-75"))
        return rx.el.li(
            rx.cond(
                place.href == "",
                rx.el.span(*words, class_name="chip", custom_attrs={"aria-current": "page"}),
                link(*words, href=place.href, class_name="chip"),
            )
        )

    return rx.cond(
        CategoryState.nearby.length() > 0,
        rx.el.nav(
            rx.el.ul(
                rx.el.li(
                    rx.cond(
                        CategoryState.city == "",
                        rx.el.span(
                            _("Everywhere"),
                            class_name="chip",
                            custom_attrs={"aria-current": "page"},
                        ),
                        link(_("Everywhere"), href=CategoryState.path, class_name="chip"),
                    )
                ),
                rx.foreach(CategoryState.nearby, entry),
                class_name="swipe mt-4",
            ),
            aria_label=_("Place"),
        ),
    )


def _filters() -> rx.Component:
    return form(
        rx.cond(
            CategoryState.places_chosen_above,
            rx.el.input(type="hidden", name="city", value=CategoryState.city, read_only=True),
            choice("city", _("Place"), _("Everywhere"), CategoryState.cities, CategoryState.city),
        ),
        rx.cond(
            (CategoryState.spoken.length() > 1) | (CategoryState.spoken_chosen != ""),
            choice(
                "lang",
                _("Spoken language"),
                _("Any"),
                CategoryState.spoken,
                CategoryState.spoken_chosen,
            ),
        ),
        amount(
            "price_max",
            _("At most, in %(currency)s", currency=CategoryState.currency),
            CategoryState.price_max,
        ),
        rx.cond(
            CategoryState.ratings.length() > 0,
            choice("rating", _("Stars"), _("Any"), CategoryState.ratings, CategoryState.rating),
        ),
        choice("sort", _("Order"), _("Newest first"), CategoryState.orders, CategoryState.order),
        rx.el.button(_("Show"), type="submit", class_name="btn btn-quiet"),
        action=CategoryState.path,
        class_name="grid grid-cols-2 sm:flex sm:flex-wrap items-end gap-3 mt-5",
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.el.p(_("No service fits these filters."), class_name="text-lg"),
        button_link(_("Show all"), href=CategoryState.path, quiet=True, class_name="mt-4"),
        class_name="py-10",
    )


def _ask() -> rx.Component:
    return rx.el.aside(
        rx.el.p(
            _("Not sure which one? Describe your case, and Maestro compares them for you."),
            class_name="max-w-prose",
        ),
        where_on("chat", button_link(icon("sparkles"), _("Ask Maestro"), href=CategoryState.ask)),
        class_name=(
            "floor border border-line rounded-lg p-6 mt-12 flex flex-wrap items-center "
            "justify-between gap-4"
        ),
    )
