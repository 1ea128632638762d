"""Stars: as a mean beside a name, as what one review gave, and as a choice in a form."""

from typing import Any

import reflex as rx

from app.catalogue.ratings import MOST_STARS
from app.rendering.native import link
from components.icons import icon
from components.text import _, ngettext

_FULL = "fill-current text-brand-ink"


def stars_beside(
    rating: rx.Var[str],
    reviews: rx.Var[int],
    class_name: str = "text-sm",
    href: str = "",
) -> rx.Component:
    """The mean and how many reviews it is of; nothing where there is none.

    With `href` it leads to them.
    """
    shown: tuple[Any, ...] = (
        icon("star", f"size-4 {_FULL}"),
        rx.el.span(
            rx.el.span(rating, class_name="font-semibold", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(_("%(rating)s of 5 stars", rating=rating), class_name="sr-only"),
            " ",
            rx.el.span(
                ngettext("%(count)s review", "%(count)s reviews", reviews), class_name="text-muted"
            ),
        ),
    )
    classes = f"flex items-center gap-1.5 {class_name}"
    return rx.cond(
        reviews.to(int) > 0,
        link(*shown, href=href, class_name=f"{classes} min-h-11 hover:text-brand-ink")
        if href
        else rx.el.p(*shown, class_name=classes),
    )


def stars_given(stars: rx.Var[int]) -> rx.Component:
    """What one review gave: so many full stars of five."""
    return rx.el.span(
        *(
            rx.cond(
                stars.to(int) >= each,
                icon("star", f"size-4.5 {_FULL}"),
                icon("star", "size-4.5 text-muted"),
            )
            for each in range(1, MOST_STARS + 1)
        ),
        rx.el.span(_("%(rating)s of 5 stars", rating=stars), class_name="sr-only"),
        class_name="inline-flex gap-0.5",
    )


def stars_to_choose(chosen: rx.Var[int]) -> rx.Component:
    """Five radio buttons, of which one has to be chosen."""

    def one(stars: int) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="stars",
                value=str(stars),
                default_checked=chosen == stars,
                required=True,
                class_name="size-5 accent-(--brand)",
            ),
            rx.el.span(str(stars), custom_attrs={"aria-hidden": "true"}),
            rx.el.span(_("%(rating)s of 5 stars", rating=stars), class_name="sr-only"),
            icon("star", f"size-4.5 {_FULL}"),
            class_name="chip cursor-pointer",
        )

    return rx.el.fieldset(
        rx.el.legend(_("Stars; five are the most"), class_name="block mb-1.5 font-medium"),
        rx.el.div(
            *(one(stars) for stars in range(1, MOST_STARS + 1)), class_name="flex flex-wrap gap-2"
        ),
    )
