"""Reviews in the console: what was reported, hiding with a reason, showing again."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from app.reviews.moderating import LONGEST_REASON
from components.icons import icon
from components.pages.admin.fields import text_field
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import pages
from components.stars import stars_given
from components.text import _, ngettext
from state.admin.reviews import AdminReviewsState, Complaint, ModeratedRow


def admin_reviews() -> rx.Component:
    """The page."""
    return shell(
        _("Reviews"),
        rx.cond(AdminReviewsState.loaded, _found(), skeleton(6)),
        about=_(
            "What members say of services. Hide what is against the rules; a bad opinion is not."
        ),
    )


def _found() -> rx.Component:
    return panel(
        ngettext("%(count)s review", "%(count)s reviews", AdminReviewsState.total),
        _kinds(),
        rx.cond(
            AdminReviewsState.rows.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(AdminReviewsState.rows, _one), class_name="grid gap-4"),
                pages(
                    AdminReviewsState.number,
                    AdminReviewsState.pages,
                    AdminReviewsState.earlier,
                    AdminReviewsState.later,
                ),
            ),
            empty(
                "star",
                _("Nothing found"),
                _("Members can review a service once its provider has named them a price."),
            ),
        ),
        id="reviews",
    )


def _kinds() -> rx.Component:
    def kind(value: str, *name: Any) -> rx.Component:
        return rx.el.button(
            *name,
            type="button",
            on_click=AdminReviewsState.seek(value),
            aria_pressed=AdminReviewsState.which == value,
            class_name=rx.cond(
                AdminReviewsState.which == value, "chip border-current font-medium", "chip"
            ),
        )

    return rx.el.div(
        kind(
            "reported",
            _("Reported"),
            rx.cond(
                AdminReviewsState.waiting > 0,
                badge(AdminReviewsState.waiting.to(str), "warn"),
            ),
        ),
        kind("", _("All")),
        kind("shown", _("Shown")),
        kind("hidden", _("Hidden")),
        role="group",
        aria_label=_("Show"),
        class_name="flex flex-wrap gap-2 mb-5",
    )


def _one(one: rx.vars.ObjectVar[ModeratedRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            stars_given(one.stars),
            rx.el.bdi(one.name, class_name="font-medium wrap-anywhere"),
            rx.cond(one.hidden, badge(_("Hidden"), "bad"), rx.fragment()),
            rx.cond(one.complaints.length() > 0, badge(_("Reported"), "warn")),
            rx.el.span(one.day, class_name="text-sm text-muted ms-auto whitespace-nowrap"),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.p(
            link(rx.el.bdi(one.service), href=one.url, class_name="link"),
            " · ",
            rx.el.bdi(one.provider),
            class_name="text-sm wrap-anywhere",
        ),
        rx.el.p(
            one.text, lang=one.lang, dir="auto", class_name="whitespace-pre-line wrap-anywhere"
        ),
        rx.cond(
            one.edited != "",
            rx.el.p(_("Changed on %(day)s", day=one.edited), class_name="text-xs text-muted"),
        ),
        rx.cond(
            one.answer != "",
            rx.el.div(
                rx.el.p(_("The provider's answer"), class_name="text-sm font-medium"),
                rx.el.p(one.answer, dir="auto", class_name="whitespace-pre-line wrap-anywhere"),
                class_name="ps-4 border-s-2 border-line",
            ),
        ),
        rx.cond(
            one.complaints.length() > 0,
            rx.el.ul(
                rx.foreach(one.complaints.to(list[Complaint]), _complaint),
                aria_label=_("Reports"),
                class_name="grid gap-1 p-3 rounded-md bg-sunken text-sm",
            ),
        ),
        rx.cond(one.hidden, _restore(one), _hide(one)),
        key=one.id,
        class_name="grid gap-2.5 p-4 rounded-md border border-line min-w-0",
        custom_attrs={"data-review": one.id},
    )


def _complaint(told: rx.vars.ObjectVar[Complaint]) -> rx.Component:
    return rx.el.li(
        rx.el.span(told.reason, class_name="font-medium"),
        rx.cond(told.note != "", rx.fragment(": ", rx.el.bdi(told.note))),
        rx.el.span(" · ", told.day, class_name="text-muted"),
        class_name="wrap-anywhere",
    )


def _restore(one: rx.vars.ObjectVar[ModeratedRow]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            _("Hidden because: %(reason)s", reason=one.reason), class_name="text-sm wrap-anywhere"
        ),
        rx.el.button(
            icon("eye"),
            _("Show again"),
            type="button",
            on_click=AdminReviewsState.restore(one.id),
            class_name="btn btn-quiet mt-2",
        ),
    )


def _hide(one: rx.vars.ObjectVar[ModeratedRow]) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="review", value=one.id),
        text_field(
            f"reason-{one.id}",  # pyright: ignore[reportArgumentType]
            _("Why it is hidden"),
            hint=_("Its author reads this."),
            required=True,
            max_length=LONGEST_REASON,
            dir="auto",
            class_name="w-full max-w-xl",
        ),
        rx.el.button(icon("eye-off"), _("Hide"), type="submit", class_name="btn btn-danger"),
        rx.cond(
            one.complaints.length() > 0,
            rx.el.button(
                icon("check"),
                _("Nothing wrong with it"),
                type="button",
                on_click=AdminReviewsState.leave(one.id),
                class_name="btn btn-quiet",
            ),
        ),
        on_submit=AdminReviewsState.hide,
        class_name="flex flex-wrap items-end gap-2 pt-3 border-t border-line",
    )
