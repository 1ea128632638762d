"""The page of a listing."""

import reflex as rx

from app.rendering.native import link
from components.area import area_section
from components.cards import listing_grid
from components.design import button_link, section, tile
from components.icons import icon
from components.layout import page, source
from components.modules import where_on
from components.photos import gallery
from components.reviews import newest_reviews
from components.stars import stars_beside
from components.text import _
from state.catalogue import ListingState
from state.reviews import ReviewsState
from state.shortlist import ShortlistState

_card = ListingState.card


def listing() -> rx.Component:
    """A service in full, who offers it, and others like it."""
    return page(
        rx.el.article(
            rx.el.div(
                source(),
                rx.cond(
                    ListingState.photos.length() > 0,
                    gallery(ListingState.photos),
                    tile(
                        _card.symbol,
                        _card.hue,
                        _card.pattern,
                        "h-28 sm:h-40 lg:h-56 rounded-lg overflow-hidden",
                    ),
                ),
                rx.el.h1(
                    _card.title, class_name="text-2xl mt-5 hyphens-auto", lang=_card.text_locale
                ),
                rx.cond(
                    ListingState.foreign != "",
                    rx.el.p(
                        icon("language", "size-4"),
                        _("Written in: %(language)s", language=ListingState.foreign),
                        class_name="flex items-center gap-2 text-sm text-muted mt-3",
                    ),
                ),
                class_name="min-w-0",
            ),
            _facts(),
            # Tags are words to be found by, in no language of the page, so they are not shown.
            rx.el.div(
                rx.el.div(
                    rx.el.h2(_("About this service"), class_name="text-xl"),
                    rx.el.div(
                        rx.foreach(ListingState.paragraphs, _paragraph),
                        class_name="reading mt-3 max-w-prose",
                        lang=_card.text_locale,
                    ),
                ),
                rx.cond(
                    ListingState.area,
                    area_section(ListingState.area, ListingState.streets, ListingState.tile_host),
                ),
                class_name="min-w-0 grid gap-10",
            ),
            class_name=(
                "wrap pt-2 sm:pt-4 grid gap-x-12 gap-y-6 lg:gap-y-8 items-start"
                " lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr]"
            ),
        ),
        newest_reviews(),
        rx.cond(
            ListingState.others.length() > 0,
            section(
                _("Others like it"),
                listing_grid(ListingState.others),
                class_name="wrap mt-14 md:mt-20 unprinted",
            ),
        ),
    )


def _paragraph(text: rx.Var[str]) -> rx.Component:
    return rx.el.p(text)


def _facts() -> rx.Component:
    return rx.el.aside(
        rx.cond(
            _card.price != "",
            rx.el.p(
                rx.el.bdi(_card.price, class_name="text-2xl font-semibold"),
                " ",
                rx.el.span(_card.per, class_name="text-muted"),
            ),
            rx.el.p(_("Price on request"), class_name="text-lg font-semibold"),
        ),
        stars_beside(_card.rating, _card.reviews, "mt-1", href="#reviews"),
        rx.el.dl(
            rx.cond(_card.city != "", _fact("map-pin", _("Place"), _place())),
            rx.cond(_card.spoken != "", _fact("language", _("Languages"), _card.spoken)),
            class_name="grid gap-4 mt-5 empty:hidden",
        ),
        where_on(
            "chat",
            button_link(
                icon("sparkles"),
                _("Ask about this"),
                href=ListingState.ask,
                class_name="w-full mt-6",
            ),
        ),
        rx.el.button(
            icon("list-details"),
            _("Keep on my shortlist"),
            type="button",
            on_click=ShortlistState.keep(_card.slug),
            class_name="btn btn-quiet w-full mt-2",
        ),
        rx.el.p(
            _("Maestro answers from this page and the market's help."),
            class_name="text-xs text-muted mt-2 text-center unprinted",
        ),
        link(
            rx.el.span(
                icon("user", "size-6"),
                class_name=(
                    "grid place-items-center size-12 flex-none rounded-full bg-brand-tint "
                    "text-brand-ink"
                ),
            ),
            rx.el.span(
                rx.el.span(_("Offered by"), class_name="block text-xs text-muted"),
                rx.el.span(
                    rx.el.bdi(_card.provider), class_name="block font-semibold leading-snug"
                ),
                class_name="min-w-0 flex-1",
            ),
            icon("chevron-right", "size-5 icon-along text-muted"),
            href=_card.provider_url,
            class_name=(
                "flex items-center gap-3 mt-5 pt-4 pb-1 border-t border-line hover:text-brand-ink"
            ),
        ),
        rx.cond(
            # Where there are reviews the way to write one stands beside them.
            ReviewsState.count == 0,
            link(
                icon("star"),
                _("Write a review"),
                href=ReviewsState.write_url,
                rel="nofollow",
                class_name="nav -ms-3 text-sm text-muted",
            ),
        ),
        class_name=(
            "card p-5 md:p-6 lg:sticky lg:top-6 lg:col-start-2 lg:row-start-1 lg:row-span-2"
        ),
    )


def _place() -> rx.Component:
    return rx.fragment(
        _card.city,
        rx.cond(
            ListingState.radius != "",
            rx.el.span(
                _("comes up to %(km)s km", km=ListingState.radius),
                class_name="block text-sm text-muted",
            ),
        ),
    )


def _fact(symbol: str, name: rx.Var[str], *value: rx.Component | rx.Var[str]) -> rx.Component:
    # Between a list and its terms nothing may stand, so the symbol is part of the term.
    return rx.el.div(
        rx.el.dt(
            icon(symbol, "size-5 absolute start-0 top-0.5"), name, class_name="text-xs text-muted"
        ),
        rx.el.dd(*value),
        class_name="relative ps-8",
    )
