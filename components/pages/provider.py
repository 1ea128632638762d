"""The page of a provider."""

import reflex as rx

from components.cards import listing_grid
from components.design import button_link, section
from components.icons import icon
from components.layout import page
from components.modules import where_on
from components.stars import stars_beside
from components.text import _, ngettext
from state.catalogue import ProviderState

_card = ProviderState.card


def provider() -> rx.Component:
    """Who they are, where they work, what they speak, and what they offer."""
    return page(
        rx.el.div(
            rx.el.div(
                rx.el.span(
                    icon("user", "size-9"),
                    class_name=(
                        "grid place-items-center size-18 flex-none rounded-full bg-surface "
                        "text-brand-ink"
                    ),
                ),
                rx.el.div(
                    rx.el.h1(_card.name, class_name="text-2xl"),
                    rx.el.ul(
                        rx.el.li(
                            ngettext("%(count)s service", "%(count)s services", _card.listings)
                        ),
                        rx.cond(
                            _card.rating != "",
                            rx.el.li(stars_beside(_card.rating, _card.reviews, "text-base")),
                        ),
                        rx.cond(ProviderState.places != "", _fact("map-pin", ProviderState.places)),
                        rx.cond(
                            ProviderState.spoken != "", _fact("language", ProviderState.spoken)
                        ),
                        class_name="flex flex-wrap gap-x-5 gap-y-1 text-muted mt-2",
                    ),
                    rx.cond(
                        _card.about != "",
                        rx.el.p(
                            _card.about,
                            class_name="mt-4 max-w-prose whitespace-pre-line break-words",
                        ),
                    ),
                    class_name="min-w-0 flex-1 basis-64",
                ),
                where_on(
                    "chat",
                    button_link(icon("sparkles"), _("Ask about them"), href=ProviderState.ask),
                ),
                class_name=(
                    "floor border border-line rounded-lg p-6 md:p-8 flex flex-wrap items-center "
                    "gap-6"
                ),
            ),
            class_name="wrap pt-4",
        ),
        section(
            _("Services"),
            listing_grid(ProviderState.cards, provider=False),
            class_name="wrap mt-10",
        ),
    )


def _fact(symbol: str, text: rx.Var[str]) -> rx.Component:
    return rx.el.li(icon(symbol, "size-4"), text, class_name="flex items-center gap-1.5")
