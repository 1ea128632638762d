"""The page of a category: its listings, narrowed by city and language."""

import reflex as rx

from app.rendering.native import form
from components.cards import listing_grid
from components.design import button_link
from components.forms import choice
from components.icons import icon
from components.layout import page
from components.modules import where_on
from components.paging import paging
from components.text import _, ngettext
from state.catalogue import CategoryState


def category() -> rx.Component:
    """A category's listings, a page at a time."""
    return page(
        rx.el.div(
            rx.el.div(
                rx.el.h1(CategoryState.name, class_name="text-2xl"),
                rx.el.p(
                    ngettext("%(count)s service", "%(count)s services", CategoryState.total),
                    class_name="text-muted mt-1",
                ),
            ),
            _filters(),
            class_name="wrap pt-4 pb-8 flex flex-wrap items-end justify-between gap-x-10 gap-y-6",
        ),
        rx.el.div(
            rx.cond(
                CategoryState.total > 0, listing_grid(CategoryState.cards, kind=False), _nothing()
            ),
            paging(CategoryState.links),
            _ask(),
            class_name="wrap",
        ),
    )


def _filters() -> rx.Component:
    return form(
        rx.cond(
            CategoryState.cities.length() > 1,
            choice("city", _("Place"), _("Everywhere"), CategoryState.cities, CategoryState.city),
        ),
        rx.cond(
            CategoryState.spoken.length() > 1,
            choice(
                "lang",
                _("Spoken language"),
                _("Any"),
                CategoryState.spoken,
                CategoryState.spoken_chosen,
            ),
        ),
        rx.cond(
            (CategoryState.cities.length() > 1) | (CategoryState.spoken.length() > 1),
            rx.el.button(_("Show"), type="submit", class_name="btn btn-quiet"),
        ),
        action=CategoryState.path,
        class_name="flex flex-wrap sm:flex-nowrap items-end gap-3 max-sm:w-full",
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
