"""All reviews of a listing, a member's own ones, and the form of one."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from app.reviews.writing import LONGEST_NAME, LONGEST_TEXT
from components.design import button_link
from components.icons import icon
from components.layout import page
from components.pages.account.forms import own_form
from components.paging import paging
from components.reviews import review_list, spread
from components.stars import stars_given, stars_to_choose
from components.text import _
from state.filters import Option
from state.own_reviews import OwnReview, OwnReviewsState, ToReview, WriteReviewState
from state.page import PageState
from state.reviews import ReviewsState

_CARD = "rounded-lg border border-line bg-surface p-5 sm:p-6 min-w-0"
_form = WriteReviewState


def reviews() -> rx.Component:
    """Every review of a listing, a page at a time."""
    return page(
        rx.el.div(
            rx.el.h1(_("Reviews"), class_name="text-2xl"),
            rx.el.p(
                link(
                    ReviewsState.title,
                    href=ReviewsState.listing_url,
                    class_name="link inline-flex items-center min-h-11",
                    lang=ReviewsState.title_lang,
                ),
                rx.el.bdi(ReviewsState.provider, class_name="text-muted"),
                class_name="flex flex-wrap items-center gap-x-4",
            ),
            told("reported", ReviewsState.told, "status"),
            rx.el.div(
                spread(),
                rx.el.div(review_list(), paging(ReviewsState.links), class_name="min-w-0"),
                class_name=(
                    "grid gap-x-12 gap-y-6 items-start mt-6 lg:grid-cols-[16rem_minmax(0,1fr)]"
                ),
            ),
            class_name="wrap pt-4 pb-8",
        )
    )


def own_reviews() -> rx.Component:
    """What a member said, and the services that they could review."""
    return page(
        rx.el.div(
            rx.el.h1(_("Your reviews"), class_name="text-2xl"),
            rx.cond(
                OwnReviewsState.waiting.length() > 0,
                rx.el.section(
                    rx.el.h2(_("How was it?"), class_name="text-xl"),
                    rx.el.ul(
                        rx.foreach(OwnReviewsState.waiting, _to_review),
                        class_name="grid gap-3 mt-4",
                    ),
                    class_name="mt-8",
                ),
            ),
            rx.cond(
                OwnReviewsState.said.length() > 0,
                rx.el.section(
                    rx.el.h2(_("What you said"), class_name="text-xl"),
                    rx.el.ul(rx.foreach(OwnReviewsState.said, _own), class_name="grid gap-3 mt-4"),
                    class_name="mt-10",
                ),
                rx.cond(
                    OwnReviewsState.waiting.length() == 0,
                    rx.el.p(
                        _(
                            "You have not reviewed anything yet. Once a provider has named you a "
                            "price for a service, you can say here how it was."
                        ),
                        class_name="text-muted mt-8 max-w-prose",
                    ),
                ),
            ),
            class_name="wrap max-w-3xl! pt-6 pb-16",
        )
    )


def _to_review(one: rx.vars.ObjectVar[ToReview]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.title, lang=one.title_lang, class_name="font-medium wrap-anywhere"),
            rx.el.p(rx.el.bdi(one.provider), class_name="text-sm text-muted"),
            class_name="min-w-0 flex-1 basis-56",
        ),
        button_link(icon("star"), _("Write a review"), href=one.write_url, quiet=True),
        class_name=f"{_CARD} flex flex-wrap items-center gap-4",
    )


def _own(one: rx.vars.ObjectVar[OwnReview]) -> rx.Component:
    return rx.el.li(
        rx.el.h3(rx.el.bdi(one.title), class_name="text-base wrap-anywhere"),
        rx.el.p(
            stars_given(one.stars),
            rx.el.span(one.day, class_name="text-sm text-muted"),
            class_name="flex flex-wrap items-center gap-x-3 mt-1",
        ),
        rx.el.p(one.text, dir="auto", class_name="mt-2 whitespace-pre-line wrap-anywhere"),
        rx.cond(one.hidden, _hidden(one.reason)),
        rx.cond(
            one.answer != "",
            rx.el.div(
                rx.el.p(_("The provider's answer"), class_name="text-sm font-medium"),
                rx.el.p(one.answer, dir="auto", class_name="whitespace-pre-line wrap-anywhere"),
                class_name="mt-3 ps-4 border-s-2 border-line",
            ),
        ),
        rx.el.div(
            rx.cond(
                one.edit_url != "",
                button_link(icon("pencil"), _("Change"), href=one.edit_url, quiet=True),
            ),
            _withdraw(one.slug),
            class_name="flex flex-wrap gap-2 mt-4",
        ),
        key=one.id,
        class_name=_CARD,
    )


def _hidden(reason: Any) -> rx.Component:
    return rx.el.p(
        icon("eye-off", "size-5 mt-0.5"),
        rx.el.span(_("The market hid this review: %(reason)s", reason=reason)),
        class_name="flex gap-2.5 mt-3 text-danger wrap-anywhere",
    )


def _withdraw(slug: Any) -> rx.Component:
    return own_form(
        "/reviews/withdraw",
        rx.el.input(type="hidden", name="listing", value=slug, read_only=True),
        rx.el.button(icon("trash"), _("Withdraw"), type="submit", class_name="btn btn-danger"),
        class_name="",
    )


def write_review() -> rx.Component:
    """The form of one's review of a listing."""
    return page(
        rx.el.div(
            rx.el.h1(_("Your review"), class_name="text-2xl"),
            rx.el.p(
                link(
                    _form.title,
                    href=_form.listing_url,
                    class_name="link inline-flex items-center min-h-11",
                    lang=_form.title_lang,
                ),
                rx.el.bdi(_form.provider, class_name="text-muted"),
                class_name="flex flex-wrap items-center gap-x-4",
            ),
            told("done", _form.done, "status"),
            told("reason", _form.problem, "alert"),
            rx.cond(_form.hidden != "", _hidden(_form.hidden)),
            rx.cond(_form.refusal != "", _cannot(), _fields()),
            rx.el.p(
                link(
                    _("Your reviews"),
                    href=PageState.home + "/reviews",
                    class_name="link inline-flex items-center min-h-11",
                ),
                class_name="mt-6",
            ),
            class_name="wrap max-w-3xl! pt-4 pb-16",
        )
    )


def _cannot() -> rx.Component:
    return rx.el.div(
        rx.el.p(_form.refusal, class_name="max-w-prose"),
        button_link(_("To the service"), href=_form.listing_url, quiet=True, class_name="mt-4"),
        class_name=f"{_CARD} mt-6",
    )


def _fields() -> rx.Component:
    def language(one: rx.vars.ObjectVar[Option]) -> rx.Component:
        return rx.el.option(one.name, value=one.value, lang=one.value)

    return rx.el.div(
        own_form(
            "/reviews/write",
            rx.el.input(type="hidden", name="listing", value=_form.slug, read_only=True),
            stars_to_choose(_form.stars),
            rx.el.div(
                rx.el.label(
                    _("How was it?"), html_for="text", class_name="block mb-1.5 font-medium"
                ),
                rx.el.textarea(
                    id="text",
                    name="text",
                    default_value=_form.text,
                    rows="7",
                    max_length=LONGEST_TEXT,
                    required=True,
                    dir="auto",
                    class_name="field",
                    custom_attrs={"aria-describedby": "text-hint"},
                ),
                rx.el.p(
                    _(
                        "Tell what the task was and how it ended. Write about the work and not the "
                        "person: no insults, addresses or phone numbers."
                    ),
                    id="text-hint",
                    class_name="text-sm text-muted mt-1.5",
                ),
            ),
            rx.el.div(
                rx.el.div(
                    rx.el.label(
                        _("Signed with"), html_for="name", class_name="block mb-1.5 font-medium"
                    ),
                    rx.el.input(
                        id="name",
                        name="name",
                        default_value=_form.name,
                        max_length=LONGEST_NAME,
                        required=True,
                        dir="auto",
                        auto_complete="nickname",
                        class_name="field",
                        custom_attrs={"aria-describedby": "name-hint"},
                    ),
                    rx.el.p(
                        _("Everybody can read it. A first name is enough."),
                        id="name-hint",
                        class_name="text-sm text-muted mt-1.5",
                    ),
                ),
                rx.el.div(
                    rx.el.label(
                        _("Language of the text"),
                        html_for="written",
                        class_name="block mb-1.5 font-medium",
                    ),
                    rx.el.select(
                        rx.foreach(_form.languages, language),
                        id="written",
                        name="written",
                        default_value=_form.written,
                        class_name="field",
                    ),
                ),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
            rx.el.button(
                icon("check"),
                rx.cond(_form.exists, _("Save the review"), _("Publish the review")),
                type="submit",
                class_name="btn justify-self-start",
            ),
            class_name="grid gap-5",
        ),
        rx.cond(
            _form.exists,
            rx.el.div(_withdraw(_form.slug), class_name="mt-6 pt-6 border-t border-line"),
        ),
        class_name=f"{_CARD} mt-6",
    )


def told(name: str, text: rx.Var[str], role: Any) -> rx.Component:
    """What a form did or why it did not; nothing while `text` is empty."""
    good = role == "status"
    return rx.cond(
        text != "",
        rx.el.p(
            icon("circle-check" if good else "alert-circle", "size-5 mt-0.5"),
            rx.el.span(text),
            role=role,
            id=name,
            class_name="flex gap-2.5 p-3.5 mt-4 rounded-md border "
            + ("border-line bg-surface" if good else "border-current text-danger"),
        ),
    )
