"""The search page."""

import reflex as rx

from app.rendering.native import form
from components.cards import category_card, listing_grid
from components.design import button_link
from components.forms import choice
from components.icons import icon
from components.layout import page
from components.search_box import search_field
from components.text import _, ngettext
from state.page import PageState
from state.search import SearchState


def search() -> rx.Component:
    """A search with its filters, what it found, or what helps when that is nothing."""
    return page(
        rx.el.div(
            rx.el.h1(
                rx.cond(SearchState.asked != "", SearchState.asked, _("What do you need?")),
                class_name="text-xl sr-only",
            ),
            _form(),
            rx.cond(SearchState.asked != "", _outcome(), _start()),
            class_name="wrap pt-6",
        ),
        searchable=False,
    )


def _form() -> rx.Component:
    return form(
        rx.el.div(search_field("main", value=SearchState.asked), class_name="max-w-3xl"),
        rx.el.details(
            rx.el.summary(
                _("Filters"),
                icon("chevron-down", "size-4"),
                class_name="nav -ms-3 list-none [&::-webkit-details-marker]:hidden text-sm",
            ),
            rx.el.div(
                choice(
                    "category",
                    _("Category"),
                    _("All"),
                    SearchState.kinds,
                    SearchState.kind,
                ),
                choice("city", _("Place"), _("Everywhere"), SearchState.cities, SearchState.city),
                choice(
                    "lang",
                    _("Spoken language"),
                    _("Any"),
                    SearchState.spoken,
                    SearchState.spoken_chosen,
                ),
                rx.el.label(
                    rx.el.span(
                        _("At most, in %(currency)s", currency=SearchState.currency),
                        class_name="block text-xs text-muted mb-1",
                    ),
                    rx.el.input(
                        name="price_max",
                        default_value=SearchState.price_max,
                        custom_attrs={"inputmode": "decimal"},
                        class_name="field py-2 min-h-11 text-sm",
                    ),
                    class_name="flex-1 basis-28 max-w-40",
                ),
                rx.el.button(_("Show"), type="submit", class_name="btn btn-quiet"),
                class_name="flex flex-wrap items-end gap-3 mt-1",
            ),
            custom_attrs={"open": SearchState.narrowed},
            class_name="mt-2",
        ),
        action=PageState.home + "/search",
        role="search",
    )


def _outcome() -> rx.Component:
    return rx.cond(
        SearchState.results.length() > 0,
        rx.el.section(
            rx.el.p(
                rx.el.span(
                    ngettext("%(count)s fits", "%(count)s fit", SearchState.results.length()),
                    class_name="font-semibold text-ink",
                ),
                " · ",
                _("found in %(ms)s ms", ms=SearchState.took_ms),
                class_name="text-sm text-muted mt-6 mb-4",
                role="status",
            ),
            listing_grid(SearchState.results),
            _ask(_("Not quite it? Tell Maestro more, and get an answer with reasons.")),
        ),
        _nothing(),
    )


def _nothing() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Nothing here fits that."), class_name="text-xl"),
        rx.el.p(
            rx.cond(
                SearchState.narrowed,
                _("The filters may be too narrow."),
                _("Try to say it in other words, or look at what there is."),
            ),
            class_name="text-muted mt-2",
            role="status",
        ),
        rx.cond(
            SearchState.narrowed,
            button_link(
                _("Search without filters"),
                href=SearchState.without_filters,
                quiet=True,
                class_name="mt-5",
            ),
        ),
        _categories(),
        _ask(_("Or describe your case to Maestro.")),
        class_name="mt-10",
    )


def _start() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Popular right now"), class_name="text-xl"),
        _categories(),
        class_name="mt-10",
    )


def _categories() -> rx.Component:
    return rx.el.ul(
        rx.foreach(SearchState.suggested, category_card),
        class_name="grid gap-2.5 sm:gap-3 grid-cols-2 md:grid-cols-3 lg:grid-cols-4 mt-6",
    )


def _ask(text: rx.Var[str]) -> rx.Component:
    return rx.el.aside(
        rx.el.p(text),
        button_link(icon("sparkles"), _("Ask Maestro"), href=SearchState.ask),
        class_name=(
            "floor border border-line rounded-lg p-6 mt-10 flex flex-wrap items-center "
            "justify-between gap-4"
        ),
    )
