"""Requests for quotes in a provider's office."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import text_field
from components.pages.admin.panels import badge, confirm_of, empty, skeleton
from components.pages.office.frame import frame
from components.text import _
from state.office.quotes import OfficeQuotesState, QuoteRow


def quotes() -> rx.Component:
    """The page."""
    return frame(
        _("Requests for quotes"),
        rx.cond(
            OfficeQuotesState.loaded,
            rx.cond(
                OfficeQuotesState.rows.length() > 0,
                rx.el.ul(rx.foreach(OfficeQuotesState.rows, _request), class_name="grid gap-4"),
                empty(
                    "mail",
                    _("Nobody has asked yet"),
                    _("When somebody asks what your service would cost, it stands here."),
                ),
            ),
            skeleton(6),
        ),
        about=_("Answer with a price and a note. Nothing is booked by it."),
    )


def _request(one: rx.vars.ObjectVar[QuoteRow]) -> rx.Component:
    standing: Any = rx.match(
        one.state,
        ("sent", _("Waits for your answer")),
        ("answered", _("Answered")),
        ("declined", _("Declined")),
        _("Too late"),
    )
    kind: Any = rx.match(one.state, ("sent", "warn"), ("answered", "good"), "plain")
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h2(rx.el.bdi(one.services), class_name="text-lg wrap-anywhere"),
                rx.el.p(
                    _(
                        "%(name)s asked on %(day)s",
                        name=one.person,
                        day=one.asked,
                    ),
                    class_name="text-sm text-muted mt-1",
                ),
                class_name="min-w-0 flex-1 basis-56",
            ),
            badge(standing, kind),
            class_name="flex flex-wrap items-start gap-3",
        ),
        rx.el.p(
            one.message, dir="auto", class_name="mt-3 whitespace-pre-line wrap-anywhere max-w-prose"
        ),
        rx.cond(
            one.facts.length() > 0,
            rx.el.ul(
                rx.foreach(one.facts, lambda fact: rx.el.li(rx.el.bdi(fact))),
                class_name="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted",
            ),
        ),
        rx.cond(one.state == "sent", _answer(one), _answered(one)),
        key=one.id,
        class_name="admin-panel",
        custom_attrs={"data-request": one.id, "data-state": one.state},
    )


def _answer(one: rx.vars.ObjectVar[QuoteRow]) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="request", value=one.id),
        text_field(
            f"amount-{one.id}",  # pyright: ignore[reportArgumentType]
            _("Your price in %(currency)s", currency=OfficeQuotesState.currency),
            input_mode="decimal",
            required=True,
            max_length=20,
        ),
        text_field(
            f"note-{one.id}",  # pyright: ignore[reportArgumentType]
            _("Note"),
            rows=3,
            max_length=2000,
            dir="auto",
            class_name="sm:col-span-2",
        ),
        rx.el.p(
            _("Answer by %(day)s.", day=one.until), class_name="text-sm text-muted sm:col-span-2"
        ),
        rx.el.div(
            rx.el.button(icon("check"), _("Send the price"), type="submit", class_name="btn"),
            confirm_of(
                one.id.to(str),
                _("Decline"),
                _("Decline this request?"),
                _("The person is told that you cannot take it on."),
                _("Decline"),
                OfficeQuotesState.decline(one.id),
            ),
            class_name="flex flex-wrap gap-2 sm:col-span-2",
        ),
        on_submit=OfficeQuotesState.answer,
        class_name="grid gap-4 sm:grid-cols-2 mt-4 pt-4 border-t border-line",
    )


def _answered(one: rx.vars.ObjectVar[QuoteRow]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            one.price != "",
            rx.el.p(_("Your price: %(price)s", price=one.price), class_name="mt-3 font-medium"),
        ),
        rx.cond(
            one.note != "",
            rx.el.p(one.note, dir="auto", class_name="mt-1 whitespace-pre-line wrap-anywhere"),
        ),
    )
