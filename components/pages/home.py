"""The home page of a market, and of the platform."""

import reflex as rx

from app.catalogue.cards import ListingCard
from app.rendering.native import form, link
from components.cards import article_link, category_card, listing_grid, price
from components.design import dot, section
from components.icons import icon
from components.layout import page
from components.modules import where_on
from components.pages.landing import landing
from components.search_box import search_box
from components.text import _, ngettext
from state.home import HomeState
from state.page import PageState


def home() -> rx.Component:
    """A market's home, or the list of markets where the host is the platform's own."""
    return page(rx.cond(HomeState.on_platform, landing(), _market()), searchable=False)


def _market() -> rx.Component:
    return rx.fragment(
        _hero(),
        rx.el.div(_figures(), class_name="border-b border-line bg-surface"),
        section(
            _("Popular right now"),
            rx.el.ul(
                rx.foreach(HomeState.popular, category_card),
                class_name="grid gap-2.5 sm:gap-3 grid-cols-2 md:grid-cols-3 lg:grid-cols-4",
            ),
            _more_categories(),
        ),
        section(_("Worth a look"), listing_grid(HomeState.chosen)),
        _how_it_works(),
        where_on("chat", _ask()),
        where_on("help", _good_to_know()),
    )


def _good_to_know() -> rx.Component:
    return section(
        _("Good to know"),
        rx.el.ul(
            rx.foreach(HomeState.articles, article_link),
            class_name="grid gap-4 sm:grid-cols-2 lg:grid-cols-4",
        ),
        more=link(
            _("All help"), href=PageState.home + "/help", class_name="link inline-flex py-2.5"
        ),
    )


def _hero() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h1(PageState.tagline, class_name="text-3xl max-w-3xl"),
                rx.el.p(
                    _("Say what you need in your own words, and compare what fits."),
                    class_name="text-lg text-muted mt-5 max-w-xl",
                ),
                rx.el.div(search_box("hero"), class_name="mt-8 max-w-2xl"),
                where_on(
                    "search",
                    rx.el.ul(
                        _example(_("My tap is leaking")),
                        _example(_("Maths tutor for a ten-year-old")),
                        _example(_("Clean the flat before Friday")),
                        class_name="swipe mt-4",
                        aria_label=_("For example"),
                    ),
                ),
                class_name="min-w-0",
            ),
            rx.cond(HomeState.front.length() > 0, _front()),
            class_name=rx.cond(
                HomeState.front.length() > 0,
                "wrap py-12 md:py-20 grid gap-x-16 items-center lg:grid-cols-[minmax(0,1fr)_21rem]",
                "wrap py-12 md:py-20 grid",
            ),
        ),
        class_name="floor",
    )


def _front() -> rx.Component:
    # What the market is, before a word is read: real services, what they cost and who offers them.
    return rx.el.ul(
        rx.foreach(HomeState.front, _front_card),
        class_name="hidden lg:grid gap-3",
        aria_label=_("Worth a look"),
    )


def _front_card(card: rx.vars.ObjectVar[ListingCard]) -> rx.Component:
    return rx.el.li(
        dot(card.symbol, card.hue, "size-12"),
        rx.el.div(
            rx.el.p(
                link(card.title, href=card.url, class_name="over", lang=card.text_locale),
                class_name="clamp font-medium leading-snug",
            ),
            rx.el.p(rx.el.bdi(card.provider), class_name="truncate text-sm text-muted mt-0.5"),
            price(card, class_name="text-sm mt-0.5"),
            class_name="min-w-0 flex-1",
        ),
        class_name="card flex-row! items-center gap-3.5 p-3.5 shadow-lift",
    )


def _figures() -> rx.Component:
    def figure(symbol: str, text: rx.Var[str]) -> rx.Component:
        return rx.el.li(
            icon(symbol, "size-5 text-brand-ink"), text, class_name="flex items-center gap-2.5"
        )

    return rx.el.ul(
        figure("tag", ngettext("%(count)s service", "%(count)s services", HomeState.services)),
        figure(
            "building-store",
            ngettext("%(count)s provider", "%(count)s providers", HomeState.providers),
        ),
        figure(
            "language",
            ngettext("%(count)s spoken language", "%(count)s spoken languages", HomeState.spoken),
        ),
        figure("message-2-question", _("Answers with their sources")),
        class_name="wrap grid grid-cols-2 lg:grid-cols-4 gap-x-6 gap-y-3 py-5 text-sm",
        aria_label=_("This market in numbers"),
    )


def _example(text: rx.Var[str]) -> rx.Component:
    address = rx.Var(
        f"({PageState.home!s} + '/search?q=' + encodeURIComponent({text!s}))",
        _var_data=rx.vars.VarData.merge(
            PageState.home._get_all_var_data(), text._get_all_var_data()
        ),
    ).to(str)
    return rx.el.li(link(text, href=address, class_name="chip"))


def _more_categories() -> rx.Component:
    return rx.cond(
        HomeState.more.length() > 0,
        rx.el.details(
            rx.el.summary(
                _("All categories"),
                icon("chevron-down", "size-4"),
                class_name="btn btn-quiet list-none [&::-webkit-details-marker]:hidden",
            ),
            rx.el.ul(
                rx.foreach(
                    HomeState.more,
                    lambda category: rx.el.li(
                        link(
                            category.name,
                            href=category.url,
                            class_name="inline-flex py-2.5 hover:underline",
                        )
                    ),
                ),
                class_name="columns-2 md:columns-3 lg:columns-4 gap-6 mt-4",
            ),
            class_name="mt-5",
        ),
    )


def _how_it_works() -> rx.Component:
    def step(number: str, title: rx.Var[str], text: rx.Var[str]) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                number,
                class_name=(
                    "grid place-items-center size-9 rounded-full border border-line "
                    "text-brand-ink font-semibold"
                ),
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.el.h3(title, class_name="text-lg mt-4"),
            rx.el.p(text, class_name="text-muted mt-1.5"),
        )

    return section(
        _("How it works"),
        rx.el.ol(
            step(
                "1",
                _("Say what you need"),
                _(
                    "In your words and your language. Typos are fine, and nobody has to know "
                    "what a trade is called."
                ),
            ),
            step(
                "2",
                _("Compare what fits"),
                _("Prices, places and languages stand on every card, from providers of this city."),
            ),
            step(
                "3",
                _("Ask when in doubt"),
                _(
                    "Maestro answers from the listings and the help pages, and shows where each "
                    "answer is from."
                ),
            ),
            class_name="grid gap-8 md:gap-10 md:grid-cols-3",
        ),
    )


def _ask() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(_("Ask Maestro"), class_name="text-2xl"),
                rx.el.p(
                    _(
                        "Describe the whole situation. You get an answer with the services "
                        "that fit, and the sources."
                    ),
                    class_name="text-muted mt-3 max-w-prose",
                ),
                class_name="flex-1 basis-80",
            ),
            form(
                rx.el.label(_("Your question"), html_for="ask", class_name="sr-only"),
                rx.el.textarea(
                    name="q",
                    id="ask",
                    rows="3",
                    max_length=2000,
                    placeholder=_(
                        "We are moving on Saturday and need help with a sofa and 20 boxes…"
                    ),
                    class_name="field resize-y",
                ),
                rx.el.button(
                    icon("sparkles"),
                    _("Ask"),
                    type="submit",
                    class_name="btn mt-3 w-full sm:w-auto",
                ),
                action=PageState.home + "/chat",
                method="get",
                class_name="flex-1 basis-80",
            ),
            class_name="floor rounded-lg p-6 md:p-10 flex flex-wrap gap-8 border border-line",
        ),
        class_name="wrap mt-14 md:mt-20",
    )
