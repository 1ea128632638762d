"""Reviews in a provider's office, each with the form of an answer."""

import reflex as rx

from app.reviews.answering import LONGEST_ANSWER
from components.icons import icon
from components.pages.admin.fields import text_field
from components.pages.admin.panels import badge, empty, skeleton
from components.pages.office.frame import frame
from components.stars import stars_given
from components.text import _
from state.office.reviews import OfficeReviewsState, ReceivedRow


def office_reviews() -> rx.Component:
    """The page."""
    return frame(
        _("Reviews"),
        rx.cond(
            OfficeReviewsState.loaded,
            rx.cond(
                OfficeReviewsState.rows.length() > 0,
                rx.el.ul(rx.foreach(OfficeReviewsState.rows, _review), class_name="grid gap-4"),
                empty(
                    "star",
                    _("No reviews yet"),
                    _("Those whom you have named a price can say here how it was."),
                ),
            ),
            skeleton(6),
        ),
        about=_("You may answer each review once, and change the answer. Everybody reads it."),
    )


def _review(one: rx.vars.ObjectVar[ReceivedRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h2(rx.el.bdi(one.service), class_name="text-lg wrap-anywhere"),
                rx.el.p(
                    stars_given(one.stars),
                    rx.el.bdi(one.name, class_name="font-medium wrap-anywhere"),
                    rx.el.span(one.day, class_name="text-sm text-muted"),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1 mt-1",
                ),
                class_name="min-w-0 flex-1 basis-56",
            ),
            rx.cond(
                one.answer == "", badge(_("No answer yet"), "warn"), badge(_("Answered"), "good")
            ),
            class_name="flex flex-wrap items-start gap-3",
        ),
        rx.el.p(
            one.text,
            lang=one.lang,
            dir="auto",
            class_name="mt-3 whitespace-pre-line wrap-anywhere max-w-prose",
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="review", value=one.id),
            text_field(
                f"answer-{one.id}",  # pyright: ignore[reportArgumentType]
                _("Your answer"),
                one.answer,
                rows=3,
                max_length=LONGEST_ANSWER,
                dir="auto",
                hint=rx.cond(one.answer != "", _("Leave it empty to take it back."), ""),
            ),
            rx.el.button(
                icon("check"),
                _("Save the answer"),
                type="submit",
                class_name="btn mt-3",
            ),
            on_submit=OfficeReviewsState.answer,
            key=OfficeReviewsState.shown.to(str),
            class_name="mt-4 pt-4 border-t border-line",
        ),
        key=one.id,
        class_name="admin-panel",
        custom_attrs={"data-review": one.id},
    )
