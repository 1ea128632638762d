"""The fields of an event's facts, in the form of a new one and of one that there is."""

from typing import Any

import reflex as rx

from components.pages.admin.fields import choice_field, text_field
from components.text import _


def fact_fields(
    facts: Any, kinds: Any, problem: rx.Var[str], problem_field: rx.Var[str]
) -> list[rx.Component]:
    """The fields; `facts` holds their values by name."""

    def wrong(name: str) -> rx.Var[str]:
        return rx.cond(problem_field == name, problem, "").to(str)

    def line(name: str, label: rx.Var[str], **more: Any) -> rx.Component:
        return text_field(name, label, facts[name], problem=wrong(name), **more)

    return [
        choice_field("kind", _("Kind of event"), kinds, facts["kind"], problem=wrong("kind")),
        line("title", _("Title"), max_length=200, dir="auto"),
        text_field("day", _("Day"), facts["day"], kind="date", problem=wrong("day")),
        rx.el.div(
            line("begins", _("Begins at"), placeholder="15:00", max_length=5, dir="ltr"),
            line("days", _("Days"), input_mode="numeric", max_length=2),
            class_name="grid gap-4 grid-cols-2",
        ),
        line("guests", _("Guests"), input_mode="numeric", max_length=9),
        line("place", _("Place"), max_length=200, dir="auto"),
        rx.el.div(
            line(
                "budget_amount",
                _("Budget"),
                input_mode="decimal",
                max_length=20,
                class_name="col-span-2",
            ),
            line("budget_currency", _("Currency"), max_length=3, dir="ltr"),
            class_name="grid gap-4 grid-cols-3",
        ),
        line("notes", _("Notes"), rows=4, max_length=5000, dir="auto", class_name="sm:col-span-2"),
    ]
