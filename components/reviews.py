"""Reviews as everybody reads them: the mean, how the stars are spread, and what was said."""

from typing import Any

import reflex as rx

from app.rendering.native import form, link
from app.reviews.reporting import LONGEST_NOTE
from components.design import inline_style, section
from components.icons import icon
from components.stars import stars_given
from components.text import _, ngettext
from state.filters import Option
from state.locale import LocaleState
from state.reviews import Bar, ReviewRow, ReviewsState


def newest_reviews() -> rx.Component:
    """The newest reviews on the page of the listing; nothing where there are none."""
    return rx.cond(
        ReviewsState.count > 0,
        section(
            _("Reviews"),
            rx.el.div(
                spread(),
                rx.el.div(
                    review_list(),
                    rx.cond(
                        ReviewsState.count > ReviewsState.rows.length(),
                        link(
                            ngettext(
                                "Read %(count)s review",
                                "Read all %(count)s reviews",
                                ReviewsState.count,
                            ),
                            href=ReviewsState.all_url,
                            class_name="btn btn-quiet mt-6",
                        ),
                    ),
                    class_name="min-w-0",
                ),
                class_name="grid gap-x-12 gap-y-6 items-start lg:grid-cols-[16rem_minmax(0,1fr)]",
            ),
            id="reviews",
        ),
    )


def spread() -> rx.Component:
    """The mean, how many reviews gave how many stars, and where one can add to them."""
    return rx.el.div(
        rx.el.p(
            rx.el.span(
                ReviewsState.rating, class_name="text-3xl font-semibold tabular-nums leading-none"
            ),
            rx.el.span(
                _("of 5 stars"),
                rx.el.span(
                    ngettext("%(count)s review", "%(count)s reviews", ReviewsState.count),
                    class_name="block text-muted",
                ),
                class_name="text-sm",
            ),
            class_name="flex items-center gap-3",
        ),
        rx.el.ul(rx.foreach(ReviewsState.bars, _bar), class_name="grid gap-1 mt-4"),
        link(
            icon("pencil"),
            _("Write a review"),
            href=ReviewsState.write_url,
            rel="nofollow",
            class_name="nav -ms-3 mt-3 text-brand-ink",
        ),
        rx.el.p(
            _(
                "Only those whom this provider has named a price on this market can review the "
                "service."
            ),
            class_name="text-xs text-muted mt-1",
        ),
        class_name="max-w-sm",
    )


def _bar(bar: rx.vars.ObjectVar[Bar]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(bar.stars, class_name="tabular-nums"),
            icon("star", "size-3.5"),
            class_name="inline-flex items-center gap-1 text-muted",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.span(_("%(rating)s of 5 stars", rating=bar.stars), ": ", class_name="sr-only"),
        rx.el.span(
            rx.el.span(
                class_name="block h-full rounded-full bg-brand",
                custom_attrs=inline_style({"width": bar.share}),
            ),
            class_name="block h-2 flex-1 rounded-full bg-sunken overflow-hidden",
        ),
        rx.el.span(bar.count, class_name="w-8 text-end tabular-nums text-muted"),
        class_name="flex items-center gap-2.5 text-sm",
    )


def review_list() -> rx.Component:
    """The reviews of the page, one below the other."""
    return rx.el.ul(
        rx.foreach(ReviewsState.rows, _review), class_name="grid divide-y divide-line -mt-5"
    )


def _review(row: rx.vars.ObjectVar[ReviewRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            stars_given(row.stars),
            rx.el.bdi(row.name, class_name="font-medium wrap-anywhere"),
            rx.el.time(row.day, date_time=row.on, class_name="text-sm text-muted"),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.p(
            row.text,
            lang=row.lang,
            dir="auto",
            class_name="mt-2 max-w-prose whitespace-pre-line wrap-anywhere",
        ),
        rx.cond(
            row.edited != "",
            rx.el.p(
                _("Changed on %(day)s", day=row.edited), class_name="text-xs text-muted mt-1.5"
            ),
        ),
        rx.cond(row.answer != "", _answer(row)),
        _report(row),
        id="review-" + row.id.to(str),
        class_name="py-5 min-w-0",
    )


def _answer(row: rx.vars.ObjectVar[ReviewRow]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _("Answer of %(provider)s", provider=ReviewsState.provider),
            " · ",
            # A number after a name of the other direction would stand on its wrong side.
            rx.el.bdi(row.answered, class_name="text-muted font-normal"),
            class_name="text-sm font-medium",
        ),
        rx.el.p(row.answer, dir="auto", class_name="mt-1 whitespace-pre-line wrap-anywhere"),
        class_name="mt-3 ps-4 border-s-2 border-line max-w-prose",
    )


def _report(row: rx.vars.ObjectVar[ReviewRow]) -> rx.Component:
    """Folded away: a form that anybody can send, without JavaScript."""

    def reason(one: rx.vars.ObjectVar[Option]) -> rx.Component:
        return rx.el.option(one.name, value=one.value)

    def hidden(name: str, value: Any) -> rx.Component:
        return rx.el.input(type="hidden", name=name, value=value, read_only=True)

    return rx.el.details(
        rx.el.summary(
            _("Report this review"),
            class_name="inline-flex items-center min-h-11 text-sm text-muted cursor-pointer",
        ),
        form(
            hidden("locale", LocaleState.language),
            hidden("listing", ReviewsState.slug),
            hidden("review", row.id),
            rx.el.label(
                rx.el.span(_("What is wrong with it?"), class_name="block text-sm mb-1"),
                rx.el.select(
                    rx.foreach(ReviewsState.reasons, reason), name="reason", class_name="field"
                ),
            ),
            rx.el.label(
                rx.el.span(_("In your own words, if you like"), class_name="block text-sm mb-1"),
                rx.el.textarea(
                    name="note",
                    rows="2",
                    max_length=LONGEST_NOTE,
                    dir="auto",
                    class_name="field",
                ),
            ),
            rx.el.button(_("Send the report"), type="submit", class_name="btn btn-quiet"),
            action="/reviews/report",
            method="post",
            class_name="grid gap-3 justify-items-start max-w-md pb-2 [&>label]:w-full",
        ),
    )
