"""What an event brought in: the entries, and the form for one more."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, text_field
from components.pages.admin.panels import panel
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.locale import LocaleState
from state.projects.income import IncomeState, Row

TO = "/events/income"
"""Where the forms go without JavaScript."""


def income() -> rx.Component:
    """The panel; what stands here is what the return on the event is reckoned with."""
    return panel(
        _("Income"),
        rx.cond(
            IncomeState.rows.length() > 0,
            rx.el.div(
                table(
                    _("Income"),
                    (
                        _("Source"),
                        _("What for"),
                        _("Day"),
                        _("Amount"),
                        rx.el.span(_("Remove"), class_name="sr-only"),  # pyright: ignore[reportArgumentType]
                    ),
                    rx.foreach(IncomeState.rows, _entry),
                ),
                rx.cond(
                    IncomeState.total != "",
                    rx.el.p(
                        _("In all: %(amount)s", amount=IncomeState.total),
                        class_name="mt-3 font-medium tabular-nums",
                        id="income-total",
                    ),
                ),
                class_name="mb-5",
            ),
        ),
        _form(),
        about=_("Tickets, fees, sponsors. The return on the event is reckoned with it."),
        id="income",
        class_name="admin-panel mt-5",
    )


def _entry(one: rx.vars.ObjectVar[Row]) -> rx.Component:
    return row(
        cell(_("Source"), one.source),
        cell(_("What for"), rx.el.bdi(one.title)),
        cell(_("Day"), one.received),
        cell(_("Amount"), rx.el.bdi(one.amount), class_name="tabular-nums"),
        rx.el.td(
            rx.el.form(
                *_hidden(one.id.to(str), "remove"),
                rx.el.button(
                    icon("trash"),
                    rx.el.span(
                        _("Remove: %(title)s", title=one.source.to(str) + " " + one.amount.to(str)),
                        class_name="sr-only",
                    ),
                    type="submit",
                    title=_("Remove"),
                    on_click=IncomeState.remove(one.id).prevent_default,
                    class_name="btn btn-quiet px-2.5 min-w-11",
                ),
                action=TO,
                method="post",
            ),
        ),
        key=one.id,
    )


def _form() -> rx.Component:
    def wrong(name: str) -> rx.Var[str]:
        return rx.cond(IncomeState.problem_field == name, IncomeState.problem, "").to(str)

    return rx.el.form(
        *_hidden("", "add"),
        choice_field(
            "source", _("Source"), IncomeState.sources, "tickets", problem=wrong("source")
        ),
        text_field(
            "amount",
            _("Amount in %(currency)s", currency=IncomeState.currency),
            problem=wrong("amount"),
            input_mode="decimal",
            max_length=40,
            auto_complete="off",
            required=True,
        ),
        text_field(
            "income_title", _("What for"), problem=wrong("title"), max_length=200, dir="auto"
        ),
        text_field("received", _("Day"), kind="date", problem=wrong("received")),
        rx.el.div(
            rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn"),
            class_name="sm:col-span-2",
        ),
        action=TO,
        method="post",
        on_submit=IncomeState.add,
        key="income-" + IncomeState.drawn.to(str),
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _hidden(income_id: Any, deed: str) -> tuple[rx.Component, ...]:
    """What the forms tell besides their fields."""
    told: tuple[tuple[str, Any], ...] = (
        ("event", IncomeState.project_id),
        ("locale", LocaleState.language),
        ("id", income_id),
        ("deed", deed),
    )
    return tuple(rx.el.input(type="hidden", name=name, value=value) for name, value in told)
