"""The lines of a budget, each edited where it stands."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.tables import cell, row
from components.text import _
from state.budgets import BudgetState, Row
from state.locale import LocaleState

TO = "/events/budget"
"""Where the forms go without JavaScript."""

_NEW = "line-new"
_TOOL = "btn btn-quiet px-2.5 min-w-11"


def line(one: rx.vars.ObjectVar[Row]) -> rx.Component:
    """A line that stands, with its buttons."""
    name = "line-" + one.id.to(str)
    return row(
        *_fields(name, one.category, one.title, one.planned, one.actual, one.paid, one.note, one),
        rx.el.td(
            rx.el.form(
                *hidden(one.id.to(str), "save"),
                rx.el.button(
                    icon("check"),
                    rx.el.span(_("Save: %(title)s", title=one.title), class_name="sr-only"),
                    type="submit",
                    title=_("Save"),
                    class_name=_TOOL,
                ),
                rx.el.button(
                    icon("trash"),
                    rx.el.span(_("Remove: %(title)s", title=one.title), class_name="sr-only"),
                    type="submit",
                    name="deed",
                    value="remove",
                    title=_("Remove"),
                    form_no_validate=True,
                    on_click=BudgetState.remove(one.id).prevent_default,
                    class_name=_TOOL,
                ),
                action=TO,
                method="post",
                on_submit=BudgetState.save,
                id=name,
                class_name="flex gap-1",
            ),
            rx.cond(
                BudgetState.problem_line == one.id,
                rx.el.p(BudgetState.problem, role="alert", class_name="text-sm text-danger mt-1"),
            ),
            class_name="budget-tool",
        ),
        # Made anew after a save, for fields keep what was typed otherwise.
        key=one.id.to(str) + "-" + BudgetState.version.to(str),
    )


def new_line() -> rx.Component:
    """The row for one more."""
    return row(
        *_fields(_NEW, "other", "", "", "", False, "", None),
        rx.el.td(
            rx.el.form(
                *hidden("", "save"),
                rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn"),
                action=TO,
                method="post",
                on_submit=BudgetState.save,
                id=_NEW,
            ),
            rx.cond(
                BudgetState.problem_line == "new",
                rx.el.p(BudgetState.problem, role="alert", class_name="text-sm text-danger mt-1"),
            ),
        ),
        key="new-" + BudgetState.version.to(str),
        class_name="budget-tool",
    )


def _fields(
    name: Any,
    category: Any,
    title: Any,
    planned: Any,
    actual: Any,
    paid: Any,
    note: Any,
    one: rx.vars.ObjectVar[Row] | None,
) -> tuple[rx.Component, ...]:
    """The cells of a line; each field belongs to the form called `name` in the last cell."""
    of_form = {"form": name}
    return (
        cell(
            _("Category"),
            rx.el.select(
                rx.foreach(
                    BudgetState.kinds, lambda kind: rx.el.option(kind.name, value=kind.value)
                ),
                name="category",
                default_value=category,
                aria_label=_("Category"),
                class_name="field budget-field",
                custom_attrs=of_form,
            ),
        ),
        cell(
            _("What for"),
            _field("title", _("What for"), title, of_form, required=True, max_length=200),
        ),
        cell(_("Planned"), _amount("planned", _("Planned"), planned, of_form, required=True)),
        cell(
            _("Actual"),
            _amount("actual", _("Actual"), actual, of_form),
            *([rx.cond(one.over != "", over_plan(one.over))] if one is not None else []),
        ),
        cell(
            _("Paid"),
            rx.el.input(
                type="checkbox",
                name="paid",
                default_checked=paid,
                aria_label=_("Paid"),
                class_name="admin-tick",
                custom_attrs=of_form,
            ),
        ),
        cell(_("Note"), _field("note", _("Note"), note, of_form, max_length=2000)),
    )


def _field(
    name: str, label: Any, value: Any, of_form: dict[str, Any], **props: Any
) -> rx.Component:
    return rx.el.input(
        type="text",
        name=name,
        default_value=value,
        aria_label=label,
        dir="auto",
        class_name="field budget-field",
        custom_attrs=of_form,
        **props,
    )


def _amount(
    name: str, label: Any, value: Any, of_form: dict[str, Any], **props: Any
) -> rx.Component:
    return rx.el.input(
        type="text",
        input_mode="decimal",
        name=name,
        default_value=value,
        aria_label=label,
        dir="ltr",
        auto_complete="off",
        class_name="field budget-field budget-amount",
        custom_attrs=of_form,
        **props,
    )


def over_plan(amount: Any) -> rx.Component:
    """That something costs more than planned: a sign and words, not a colour alone."""
    return rx.el.p(
        icon("alert-triangle", "size-4 mt-0.5"),
        rx.el.span(_("%(amount)s over plan", amount=amount)),
        class_name="flex gap-1.5 text-sm text-danger mt-1",
    )


def hidden(line_id: Any, deed: str) -> tuple[rx.Component, ...]:
    """What every form of the budget tells besides its fields."""
    told: tuple[tuple[str, Any], ...] = (
        ("event", BudgetState.project_id),
        ("version", BudgetState.version.to(str)),
        ("locale", LocaleState.language),
        ("id", line_id),
        ("deed", deed),
    )
    return tuple(rx.el.input(type="hidden", name=name, value=value) for name, value in told)
