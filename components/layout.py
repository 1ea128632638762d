"""The frame around every page: header, languages, way back, footer."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.account_menu import account_menu
from components.design import button_link, inline_style
from components.icons import icon
from components.modules import where_on
from components.search_box import search_box
from components.text import _
from state.locale import LocaleState
from state.page import Crumb, LanguageLink, PageState


def page(
    *content: rx.Component, searchable: bool = True, footed: bool = True, crumbed: bool = True
) -> rx.Component:
    """A whole page: the frame with `content`, or with advice where there is no such page.

    `searchable` puts a small search box into the header (the home page has a big one); without
    `crumbed` the page shows the way back itself.
    """
    return rx.el.div(
        link(_("Skip to the content"), href="#content", class_name="skip"),
        _header(searchable),
        rx.el.main(
            rx.cond(
                PageState.missing,
                missing(),
                rx.cond(
                    PageState.refusal != "",
                    refused(),
                    rx.fragment(*([way_back()] if crumbed else []), *content),
                ),
            ),
            id="content",
            class_name="flex-1 flex flex-col",
            tab_index=-1,
        ),
        *([_footer()] if footed else []),
        class_name="market bg-paper text-ink min-h-dvh flex flex-col",
        lang=LocaleState.language,
        dir=PageState.text_direction,
        custom_attrs=inline_style(PageState.brand),
    )


def source() -> rx.Component:
    """On paper alone: the market that a page is of, and its address."""
    return rx.el.p(
        rx.el.bdi(PageState.market_name),
        " · ",
        rx.el.bdi(PageState.canonical),
        class_name="printed text-sm text-muted mb-4",
    )


def missing() -> rx.Component:
    """What a visitor reads instead of a page that does not exist."""
    return rx.el.div(
        rx.el.p("404", class_name="text-brand-ink font-semibold"),
        rx.el.h1(_("This page does not exist."), class_name="text-2xl mt-2"),
        rx.el.p(
            _(
                "The address may be wrong, or what stood here is gone. Search for it, or start "
                "over."
            ),
            class_name="text-muted mt-4 max-w-prose",
        ),
        rx.cond(
            PageState.in_market,
            rx.el.div(search_box("missing"), class_name="mt-8 max-w-xl"),
        ),
        rx.el.p(
            button_link(_("To the start page"), href=PageState.home, quiet=True), class_name="mt-6"
        ),
        class_name="wrap py-16 md:py-24",
    )


def refused() -> rx.Component:
    """What a person reads instead of a page that they may not see."""
    return rx.el.div(
        rx.el.p("403", class_name="text-brand-ink font-semibold"),
        rx.el.h1(PageState.refusal, class_name="text-2xl mt-2"),
        rx.cond(
            PageState.lacks_factor,
            rx.el.p(
                button_link(_("Set up a second factor"), href=PageState.home + "/account"),
                class_name="mt-6",
            ),
            rx.el.p(
                _("Ask somebody who runs this market to give you the right to."),
                class_name="text-muted mt-4 max-w-prose",
            ),
        ),
        rx.el.p(
            button_link(_("To the start page"), href=PageState.home, quiet=True), class_name="mt-6"
        ),
        class_name="wrap py-16 md:py-24",
    )


def _header(searchable: bool) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            link(
                rx.cond(PageState.logo != "", _logo(), _mark()),
                rx.el.span(
                    PageState.market_name,
                    class_name=rx.cond(PageState.logo_alone, "sr-only", "truncate"),
                ),
                href=PageState.home,
                class_name="nav -ms-3 font-semibold text-lg min-w-0",
            ),
            rx.el.div(
                *(
                    [rx.cond(PageState.in_market, search_box("header", small=True))]
                    if searchable
                    else []
                ),
                class_name="hidden md:block flex-1 max-w-lg mx-auto",
            ),
            rx.cond(PageState.languages.length() > 0, _navigation()),
            class_name="wrap flex items-center gap-2 md:gap-4 h-16",
        ),
        class_name="border-b border-line bg-paper",
    )


def _logo() -> rx.Component:
    # The name stands beside it, or hidden where the logo holds it; so the image says nothing.
    return rx.el.img(
        src=PageState.logo, alt="", class_name="h-8 w-auto max-w-40 object-contain flex-none"
    )


def _mark() -> rx.Component:
    # The mark is one stone of the floor: two quarter circles that meet.
    # A keyword `fill` would become a style sheet of its own in each page.
    stone, half = {"fill": "var(--brand)"}, {"fill": "var(--on-brand)"}
    return rx.el.svg(
        rx.el.svg.rect(width="32", height="32", rx="9", custom_attrs=inline_style(stone)),
        rx.el.svg.path(d="M16 6v10H6A10 10 0 0 1 16 6Z", custom_attrs=inline_style(half)),
        rx.el.svg.path(
            d="M16 26V16h10a10 10 0 0 1-10 10Z",
            custom_attrs=inline_style(half | {"fillOpacity": "0.7"}),
        ),
        view_box="0 0 32 32",
        class_name="size-8 flex-none",
        custom_attrs={"aria-hidden": "true"},
    )


def _navigation() -> rx.Component:
    return rx.el.nav(
        rx.cond(
            PageState.in_market,
            where_on(
                "help",
                link(
                    icon("help-circle", "size-5 md:hidden"),
                    rx.el.span(_("Help"), class_name="max-md:sr-only"),
                    href=PageState.home + "/help",
                    class_name="nav max-md:w-11 max-md:px-0 justify-center",
                ),
            ),
        ),
        _languages(),
        rx.cond(
            PageState.in_market,
            where_on(
                "chat",
                button_link(
                    icon("message-circle"),
                    rx.el.span(_("Ask"), class_name="max-md:sr-only"),
                    href=PageState.home + "/chat",
                    class_name="max-md:w-11 max-md:px-0",
                ),
            ),
        ),
        account_menu(),
        class_name="flex items-center gap-0.5 md:gap-1 ms-auto",
        aria_label=_("Main"),
    )


def _languages() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("world"),
            rx.el.span(_("Language"), class_name="sr-only"),
            rx.el.span(LocaleState.language, class_name="uppercase text-sm max-md:sr-only"),
            class_name=(
                "nav max-md:w-11 max-md:px-0 justify-center list-none"
                " [&::-webkit-details-marker]:hidden"
            ),
        ),
        rx.el.ul(
            rx.foreach(PageState.languages, _language),
            class_name=(
                "absolute end-0 top-full mt-1 z-30 min-w-44 p-1.5 rounded-md border "
                "border-line bg-surface shadow-lift"
            ),
        ),
        class_name="relative",
    )


def _language(language: rx.vars.ObjectVar[LanguageLink]) -> rx.Component:
    return rx.el.li(
        link(
            language.name,
            href=language.href,
            lang=language.code,
            href_lang=language.code,
            class_name=rx.cond(
                language.current, "nav flex font-semibold text-brand-ink", "nav flex"
            ),
            custom_attrs={"aria-current": rx.cond(language.current, "true", rx.Var("undefined"))},
        )
    )


def way_back(class_name: str = "wrap pt-4") -> rx.Component:
    """The steps from the home page to this one."""
    return rx.cond(
        PageState.crumbs.length() > 0,
        rx.el.nav(
            rx.el.ol(
                rx.foreach(PageState.crumbs, _crumb),
                class_name="flex flex-wrap items-center gap-x-1 text-sm text-muted",
            ),
            aria_label=_("You are here"),
            class_name=class_name,
        ),
    )


def _crumb(crumb: rx.vars.ObjectVar[Crumb]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            crumb.href != "",
            rx.fragment(
                link(crumb.name, href=crumb.href, class_name="inline-flex py-2.5 hover:underline"),
                icon("chevron-right", "size-4 icon-along"),
            ),
            rx.el.span(
                crumb.name, class_name="py-2.5 text-ink", custom_attrs={"aria-current": "page"}
            ),
        ),
        class_name=rx.cond(
            crumb.href != "", "crumb flex items-center gap-1", "max-sm:hidden flex items-center"
        ),
    )


def _footer() -> rx.Component:
    return rx.el.footer(
        rx.el.div(
            rx.el.div(
                rx.el.p(PageState.market_name, class_name="font-semibold"),
                rx.el.p(PageState.tagline, class_name="text-muted text-sm mt-1 max-w-sm"),
            ),
            rx.cond(PageState.in_market, _footer_links()),
            class_name="wrap flex flex-wrap justify-between gap-x-16 gap-y-8 py-10",
        ),
        class_name="border-t border-line bg-sunken mt-20",
    )


def _footer_links() -> rx.Component:
    def entry(text: Any, path: str) -> rx.Component:
        return rx.el.li(
            link(text, href=PageState.home + path, class_name="inline-flex py-2.5 hover:underline")
        )

    return rx.el.ul(
        where_on("chat", entry(_("Ask Maestro"), "/chat")),
        where_on("help", entry(_("Help"), "/help")),
        entry(_("Privacy"), "/privacy"),
        entry(_("Sign in"), "/signin"),
        where_on("signup", entry(_("Sign up"), "/signup")),
        class_name="flex flex-wrap gap-x-6 text-sm",
    )
