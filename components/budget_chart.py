"""The chart of a budget: what was planned against what is expected, by category."""

import reflex as rx

from components.budget_lines import over_plan
from components.pages.admin.panels import panel
from components.text import _
from state.budgets import Bar, BudgetState


def chart() -> rx.Component:
    """A pair of bars for each category."""
    return panel(
        _("Plan against fact"),
        rx.el.svg(
            rx.el.svg.defs(
                rx.el.svg.pattern(
                    rx.el.svg.path(d="M0 6 6 0", class_name="budget-hatch-line"),
                    id="budget-hatch",
                    width="6",
                    height="6",
                    custom_attrs={"patternUnits": "userSpaceOnUse"},
                )
            ),
            width="0",
            height="0",
            class_name="absolute",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.p(
            rx.el.span(class_name="budget-key budget-key-planned"),
            _("Planned"),
            rx.el.span(class_name="budget-key budget-key-expected ms-4"),
            _("Expected"),
            class_name="flex items-center gap-1.5 text-sm text-muted mb-4",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.ul(rx.foreach(BudgetState.bars, _bar), class_name="grid gap-4"),
        about=_("What is expected is the actual amount where it is known, else the planned one."),
        class_name="admin-panel mt-5 budget-chart",
    )


def _bar(one: rx.vars.ObjectVar[Bar]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name, class_name="font-medium"),
            rx.el.span(
                _("Planned: %(amount)s", amount=one.planned),
                " · ",
                _("Expected: %(amount)s", amount=one.expected),
                class_name="text-sm text-muted",
            ),
            class_name="flex flex-wrap justify-between gap-x-4",
        ),
        rx.el.svg(
            rx.el.svg.rect(
                x="0",
                y="1",
                width=f"{one.planned_length}%",
                height="8",
                class_name="budget-planned",
            ),
            rx.el.svg.rect(
                x="0",
                y="12",
                width=f"{one.expected_length}%",
                height="12",
                class_name="budget-expected",
            ),
            rx.cond(
                one.over != "",
                rx.el.svg.rect(
                    x=f"{one.within_length}%",
                    y="12",
                    width=f"{one.over_length}%",
                    height="12",
                    class_name="budget-over",
                ),
            ),
            width="100%",
            height="26",
            class_name="budget-bars mt-1",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.cond(one.over != "", over_plan(one.over)),
    )
