"""Cards of listings, categories and articles."""

from collections.abc import Sequence

import reflex as rx

from app.catalogue.cards import CategoryCount, ListingCard
from app.knowledge.reading import ArticleCard
from app.rendering.native import link
from components.design import dot
from components.icons import icon
from components.photos import cover
from components.stars import stars_beside
from components.text import ngettext


def listing_card(
    card: rx.vars.ObjectVar[ListingCard], *, kind: bool = True, provider: bool = True
) -> rx.Component:
    """A listing: its photo or tile, what it is, who offers it, where and for how much.

    `kind` and `provider` say whether these stand on the card; a page of one kind or of one
    provider has said so already.
    """
    return rx.el.li(
        cover(card, "w-16 sm:w-auto sm:h-28 flex-none"),
        rx.el.div(
            *([rx.el.p(card.category_name, class_name="text-xs text-muted")] if kind else []),
            rx.el.h3(
                link(card.title, href=card.url, class_name="over", lang=card.text_locale),
                class_name="text-base leading-snug",
            ),
            stars_beside(card.rating, card.reviews),
            rx.el.p(card.summary, class_name="clamp text-sm text-muted", lang=card.text_locale),
            rx.cond(card.why != "", rx.el.p(card.why, class_name="why")),
            rx.el.div(
                *(
                    [rx.el.p(rx.el.bdi(card.provider), class_name="text-sm leading-snug")]
                    if provider
                    else []
                ),
                rx.el.div(
                    rx.cond(
                        card.city != "",
                        rx.el.p(
                            icon("map-pin", "size-4"),
                            rx.el.bdi(card.city),
                            class_name="flex items-center gap-1 text-sm text-muted",
                        ),
                    ),
                    price(card),
                    class_name="flex flex-wrap items-baseline justify-between gap-x-3",
                ),
                class_name="grid gap-0.5 mt-auto pt-2.5",
            ),
            class_name="flex flex-col gap-1 flex-1 min-w-0 p-4 pt-3",
        ),
        class_name="card max-sm:flex-row!",
    )


def price(
    card: rx.vars.ObjectVar[ListingCard], class_name: str = "ms-auto text-end"
) -> rx.Component:
    """The price and what it is for; nothing where the listing names none."""
    return rx.cond(
        card.price != "",
        rx.el.p(
            rx.el.bdi(card.price, class_name="font-semibold whitespace-nowrap"),
            " ",
            rx.el.span(card.per, class_name="text-xs text-muted"),
            class_name=class_name,
        ),
    )


def listing_grid(cards: rx.Var[Sequence[ListingCard]], **shown: bool) -> rx.Component:
    """Cards beside each other, as many as fit; `shown` as for `listing_card`."""
    return rx.el.ul(
        rx.foreach(cards, lambda card: listing_card(card, **shown)),
        class_name="grid gap-3 sm:gap-4 md:gap-5 sm:grid-cols-2 lg:grid-cols-3",
    )


def category_card(category: rx.vars.ObjectVar[CategoryCount]) -> rx.Component:
    """A category that leads to its listings."""
    return rx.el.li(
        link(
            dot(category.symbol, category.hue, "size-10 sm:size-11"),
            rx.el.span(
                rx.el.span(
                    category.name,
                    class_name="block font-medium leading-snug max-sm:text-sm hyphens-auto",
                ),
                rx.el.span(
                    ngettext("%(count)s service", "%(count)s services", category.listings),
                    class_name="block text-xs text-muted",
                ),
                class_name="min-w-0",
            ),
            href=category.url,
            class_name="card sm:flex-row! sm:items-center gap-2 sm:gap-3 p-3 h-full",
        )
    )


def article_link(article: rx.vars.ObjectVar[ArticleCard]) -> rx.Component:
    """A help article, with its first words."""
    return rx.el.li(
        rx.el.h3(
            link(article.title, href=article.url, class_name="over"),
            class_name="text-base leading-snug",
        ),
        rx.el.p(article.summary, class_name="clamp text-sm text-muted mt-1"),
        class_name="card p-4",
    )
