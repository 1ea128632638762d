"""The shortlist: services side by side, and the quotes that were asked for."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.design import button_link
from components.icons import icon
from components.layout import page
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.page import PageState
from state.shortlist import Kept, Quote, ShortlistState


def shortlist() -> rx.Component:
    """The page."""
    return page(
        rx.el.link(rel="stylesheet", href="/admin.css"),
        rx.el.div(
            rx.el.h1(_("Your shortlist"), class_name="text-2xl"),
            rx.el.p(
                _("Services that you keep in mind. Only you see this."),
                class_name="text-muted mt-1.5 max-w-prose",
            ),
            rx.cond(
                ShortlistState.loaded,
                rx.el.div(_kept(), _quotes(), class_name="grid gap-5"),
                skeleton(6),
            ),
            class_name="wrap pt-4 pb-16 grid gap-5 grid-cols-[minmax(0,1fr)]",
        ),
    )


def _kept() -> rx.Component:
    return rx.cond(
        ShortlistState.kept.length() > 0,
        panel(
            _("Services"),
            table(
                _("Services"),
                (
                    _("Service"),
                    _("Price"),
                    _("Languages"),
                    _("Place"),
                    _("Not known"),
                    _("Actions"),
                ),
                rx.foreach(ShortlistState.kept, _service),
            ),
            about=rx.cond(
                ShortlistState.comparable,
                _("The prices are for the same thing and can be compared."),
                _("Up to five are compared. Look at what each price is for."),
            ),
        ),
        empty(
            "list-details",
            _("Nothing is kept yet"),
            _("Ask Maestro for services, and keep those that fit."),
            button_link(_("Ask Maestro"), href=PageState.home + "/chat"),
        ),
    )


def _service(one: rx.vars.ObjectVar[Kept]) -> rx.Component:
    return row(
        cell(
            _("Service"),
            link(rx.el.bdi(one.title), href=one.url, class_name="link font-medium wrap-anywhere"),
            rx.el.p(rx.el.bdi(one.provider), class_name="text-sm text-muted"),
        ),
        cell(
            _("Price"),
            rx.cond(
                one.price != "",
                rx.fragment(
                    rx.el.bdi(one.price, class_name="font-semibold whitespace-nowrap"),
                    " ",
                    rx.el.span(one.per, class_name="text-sm text-muted"),
                ),
                _nothing(),
            ),
            rx.cond(one.least, rx.el.p(badge(_("Least expensive"), "good"), class_name="mt-1")),
        ),
        cell(_("Languages"), _or_nothing(one.languages)),
        cell(_("Place"), _or_nothing(one.place)),
        cell(_("Not known"), _or_nothing(one.missing)),
        cell(
            _("Actions"),
            rx.el.button(
                icon("x"),
                _("Take off"),
                type="button",
                on_click=ShortlistState.drop(one.id),
                class_name="nav -ms-2.5 whitespace-nowrap",
            ),
        ),
        key=one.id,
    )


def _quotes() -> rx.Component:
    return rx.cond(
        ShortlistState.quotes.length() > 0,
        panel(
            _("Quotes"),
            table(
                _("Quotes"),
                (_("Provider"), _("Service"), _("Answer")),
                rx.foreach(ShortlistState.quotes, _quote),
            ),
        ),
    )


def _quote(one: rx.vars.ObjectVar[Quote]) -> rx.Component:
    return row(
        cell(_("Provider"), rx.el.bdi(one.provider, class_name="font-medium wrap-anywhere")),
        cell(_("Service"), rx.el.bdi(one.services, class_name="wrap-anywhere")),
        cell(
            _("Answer"),
            rx.el.bdi(
                one.said,
                class_name=rx.cond(one.state == "answered", "font-semibold", "text-muted"),
            ),
            rx.cond(
                one.note != "",
                rx.el.p(one.note, dir="auto", class_name="text-sm whitespace-pre-line"),
            ),
            rx.cond(
                one.state == "answered",
                link(
                    icon("star"),
                    _("Write a review"),
                    href=PageState.home + "/reviews",
                    class_name="nav -ms-3 whitespace-nowrap",
                ),
            ),
        ),
        key=one.id,
        custom_attrs={"data-quote": one.state},
    )


def _or_nothing(text: Any) -> rx.Component:
    return rx.cond(text != "", rx.el.bdi(text), _nothing())


def _nothing() -> rx.Component:
    return rx.el.span("—", class_name="text-muted")
