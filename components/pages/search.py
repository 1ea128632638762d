"""The search page."""

import reflex as rx

from app.rendering.native import form, link
from components.cards import category_card, listing_grid
from components.design import button_link
from components.forms import amount, choice
from components.icons import icon
from components.layout import page
from components.modules import where_on
from components.search_box import search_field
from components.text import _, ngettext
from state.page import PageState
from state.search import Chosen, SearchState

_ASK_WHERE = (
    "navigator.geolocation.getCurrentPosition((place) => {"
    " const address = new URL(location.href);"
    " address.searchParams.set('q', document.getElementById('q-main').value);"
    # A hundred metres are near enough, and nobody's door.
    " const near = [place.coords.latitude.toFixed(3), place.coords.longitude.toFixed(3), 5];"
    " address.searchParams.set('near', near.join(','));"
    " location.assign(address);"
    "}, () => { document.getElementById('near-refused').hidden = false; },"
    " { maximumAge: 600000, timeout: 8000 })"
)


def search() -> rx.Component:
    """A search with its filters, what it found, or what helps when that is nothing."""
    return page(
        rx.el.div(
            rx.el.h1(
                rx.cond(SearchState.asked != "", SearchState.asked, _("What do you need?")),
                class_name="text-xl sr-only",
            ),
            _form(),
            _chosen(),
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
                icon("adjustments-horizontal"),
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
                rx.cond(
                    (SearchState.cities.length() > 1) | (SearchState.city != ""),
                    choice(
                        "city", _("Place"), _("Everywhere"), SearchState.cities, SearchState.city
                    ),
                ),
                rx.cond(
                    SearchState.near != "",
                    choice(
                        "near",
                        _("Distance"),
                        _("Everywhere"),
                        SearchState.distances,
                        SearchState.near,
                    ),
                ),
                choice(
                    "lang",
                    _("Spoken language"),
                    _("Any"),
                    SearchState.spoken,
                    SearchState.spoken_chosen,
                ),
                amount(
                    "price_max",
                    _("At most, in %(currency)s", currency=SearchState.currency),
                    SearchState.price_max,
                ),
                rx.el.button(_("Show"), type="submit", class_name="btn"),
                class_name="grid grid-cols-2 sm:flex sm:flex-wrap items-end gap-3 mt-1",
            ),
            # What narrows the search stands above as well; the form opens where that left nothing.
            custom_attrs={"open": SearchState.narrowed & (SearchState.results.length() == 0)},
            class_name="mt-2",
        ),
        action=PageState.home + "/search",
        role="search",
    )


def _chosen() -> rx.Component:
    """The filters that are set, and the one that only a browser can set.

    It stands outside of the form, which works without JavaScript and so never wakes the page.
    """

    def entry(chosen: rx.vars.ObjectVar[Chosen]) -> rx.Component:
        return rx.el.li(
            link(
                rx.el.bdi(chosen.name),
                icon("x", "size-4"),
                rx.el.span(_("Remove this filter"), class_name="sr-only"),
                href=chosen.href,
                class_name="chip bg-brand-tint! border-transparent!",
            )
        )

    near_me = rx.el.li(
        rx.el.button(
            icon("current-location", "size-4"),
            _("Near me"),
            type="button",
            on_click=rx.call_script(_ASK_WHERE),
            class_name="chip",
        )
    )
    return rx.fragment(
        rx.el.ul(
            rx.foreach(SearchState.chosen, entry),
            rx.cond((SearchState.near == "") & (SearchState.asked != ""), near_me),
            class_name="swipe mt-2 empty:hidden",
            aria_label=_("Filters"),
        ),
        rx.el.p(
            _("Your browser did not tell where you are."),
            id="near-refused",
            role="status",
            hidden=True,
            class_name="text-sm text-danger mt-2",
        ),
    )


def _outcome() -> rx.Component:
    return rx.cond(
        SearchState.results.length() > 0,
        rx.el.section(
            rx.el.h2(_("Services"), class_name="sr-only"),
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
        rx.el.h3(_("Popular right now"), class_name="text-xl mt-12"),
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
        where_on("chat", button_link(icon("sparkles"), _("Ask Maestro"), href=SearchState.ask)),
        class_name=(
            "floor border border-line rounded-lg p-6 mt-10 flex flex-wrap items-center "
            "justify-between gap-4"
        ),
    )
