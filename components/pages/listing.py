"""The page of a listing."""

import reflex as rx

from app.rendering.native import link
from components.cards import listing_grid
from components.design import button_link, section, tile
from components.icons import icon
from components.layout import page
from components.text import _
from state.catalogue import ListingState

_card = ListingState.card


def listing() -> rx.Component:
    """A service in full, who offers it, and others like it."""
    return page(
        rx.el.article(
            rx.el.div(
                tile(
                    _card.symbol,
                    _card.hue,
                    _card.pattern,
                    "h-44 md:h-64 rounded-lg overflow-hidden",
                ),
                rx.el.p(
                    link(
                        _card.category_name,
                        href=ListingState.kind_path,
                        class_name="link inline-flex py-2.5",
                    ),
                    class_name="mt-4 text-sm",
                ),
                rx.el.h1(_card.title, class_name="text-2xl", lang=_card.text_locale),
                rx.cond(
                    ListingState.foreign != "",
                    rx.el.p(
                        icon("language", "size-4"),
                        _("Written in: %(language)s", language=ListingState.foreign),
                        class_name="flex items-center gap-2 text-sm text-muted mt-3",
                    ),
                ),
                rx.el.div(
                    rx.foreach(ListingState.paragraphs, _paragraph),
                    class_name="reading mt-6 max-w-prose",
                    lang=_card.text_locale,
                ),
                rx.cond(
                    _card.tags.length() > 0,
                    rx.el.ul(
                        rx.foreach(_card.tags, _tag),
                        class_name="flex flex-wrap gap-2 mt-6",
                        aria_label=_("Good to know"),
                    ),
                ),
                class_name="min-w-0",
            ),
            _facts(),
            class_name=(
                "wrap pt-4 grid gap-8 lg:gap-12 items-start lg:grid-cols-[minmax(0,1fr)_21rem]"
            ),
        ),
        rx.cond(
            ListingState.others.length() > 0,
            section(_("Others like it"), listing_grid(ListingState.others)),
        ),
    )


def _paragraph(text: rx.Var[str]) -> rx.Component:
    return rx.el.p(text)


def _tag(tag: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        tag, class_name="rounded-full bg-sunken px-3 py-1 text-sm", lang=_card.text_locale
    )


def _facts() -> rx.Component:
    return rx.el.aside(
        rx.cond(
            _card.price != "",
            rx.el.p(
                rx.el.span(_card.price, class_name="text-xl font-semibold"),
                " ",
                rx.el.span(_card.per, class_name="text-muted"),
            ),
            rx.el.p(_("Price on request"), class_name="text-lg font-semibold"),
        ),
        rx.el.dl(
            rx.cond(_card.city != "", _fact("map-pin", _("Place"), _place())),
            rx.cond(_card.spoken != "", _fact("language", _("Languages"), _card.spoken)),
            class_name="grid gap-4 mt-5 empty:hidden",
        ),
        button_link(
            icon("sparkles"), _("Ask about this"), href=ListingState.ask, class_name="w-full mt-6"
        ),
        rx.el.p(
            _("Maestro answers from this page and the market's help."),
            class_name="text-xs text-muted mt-2 text-center",
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
                rx.el.span(_card.provider, class_name="block font-semibold"),
                class_name="min-w-0 flex-1",
            ),
            icon("chevron-right", "size-5 icon-along text-muted"),
            href=_card.provider_url,
            class_name="flex items-center gap-3 mt-6 pt-5 border-t border-line group",
        ),
        class_name="card p-5 md:p-6 lg:sticky lg:top-6",
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
    return rx.el.div(
        icon(symbol, "size-5 text-muted mt-0.5"),
        rx.el.div(rx.el.dt(name, class_name="text-xs text-muted"), rx.el.dd(*value)),
        class_name="flex gap-3",
    )
