"""The budget of an event: lines that are edited where they stand, and the plan against the fact."""

import reflex as rx

from app.rendering.native import link
from components.budget_chart import chart
from components.budget_lines import TO, hidden, line, new_line
from components.icons import icon
from components.income import income
from components.pages.admin.fields import text_field
from components.pages.admin.panels import empty, figure, panel, skeleton, wrong
from components.pages.admin.tables import table
from components.pages.events.parts import parts
from components.pages.office.frame import frame
from components.text import _, ngettext
from state.budgets import BudgetState
from state.locale import LocaleState


def budget() -> rx.Component:
    """The page."""
    return frame(
        _("Budget"),
        rx.el.link(rel="stylesheet", href="/budget.css"),
        rx.cond(
            BudgetState.ready,
            rx.el.div(
                parts("budget", BudgetState.project_id),
                rx.cond(BudgetState.exists, _whole(), _beginning()),
                income(),
            ),
            skeleton(6),
        ),
        about=BudgetState.event_title,
        undo=BudgetState.undo,
    )


def _whole() -> rx.Component:
    return rx.el.div(
        _limits(),
        rx.el.dl(
            figure(_("Planned"), rx.el.bdi(BudgetState.planned)),
            figure(_("Expected"), rx.el.bdi(BudgetState.expected)),
            figure(_("Paid"), rx.el.bdi(BudgetState.paid)),
            figure(_("Still to pay"), rx.el.bdi(BudgetState.unpaid)),
            class_name="grid grid-cols-2 lg:grid-cols-4 gap-3 budget-figures",
        ),
        panel(
            _("Lines"),
            rx.cond(
                BudgetState.rows.length() == 0,
                rx.el.p(_("Nothing is in the budget yet."), class_name="text-muted mb-3"),
            ),
            table(
                _("Lines of the budget"),
                (
                    _("Category"),
                    _("What for"),
                    _("Planned"),
                    _("Actual"),
                    _("Paid"),
                    _("Note"),
                    rx.el.span(_("Save or remove"), class_name="sr-only"),  # pyright: ignore[reportArgumentType]
                ),
                rx.foreach(BudgetState.rows, line),
                new_line(),
            ),
            about=ngettext(
                "%(count)s line, in %(currency)s.",
                "%(count)s lines, in %(currency)s.",
                BudgetState.rows.length(),
                currency=BudgetState.currency,
            ),
            actions=(
                link(
                    icon("download"),
                    _("Spreadsheet (CSV)"),
                    href="/events/"
                    + BudgetState.project_id.to(str)
                    + "/budget.csv?locale="
                    + LocaleState.language,
                    class_name="btn btn-quiet budget-tool",
                ),
                rx.el.button(
                    icon("file-text"),
                    _("Print"),
                    type="button",
                    on_click=rx.call_script("window.print()"),
                    class_name="btn btn-quiet budget-tool",
                ),
            ),
            class_name="admin-panel mt-5 budget-lines",
        ),
        rx.cond(BudgetState.bars.length() > 0, chart()),
    )


def _limits() -> rx.Component:
    return rx.fragment(
        rx.cond(
            BudgetState.over_limit != "",
            wrong(
                _(
                    "This is %(amount)s over the event's limit of %(limit)s.",
                    amount=BudgetState.over_limit,
                    limit=BudgetState.limit,
                ),
                id="over-limit",
                class_name=("flex gap-2.5 p-3.5 mb-4 rounded-md border border-current text-danger"),
            ),
        ),
        rx.cond(
            BudgetState.left != "",
            rx.el.p(
                _(
                    "%(amount)s of the limit of %(limit)s is left.",
                    amount=BudgetState.left,
                    limit=BudgetState.limit,
                ),
                class_name="text-muted mb-4",
                id="left",
            ),
        ),
    )


def _beginning() -> rx.Component:
    return rx.el.div(
        empty(
            "calculator",
            _("This event has no budget yet."),
            _("Say what it may cost, and it is divided by category. You change it after."),
        ),
        rx.el.form(
            *hidden("", "make"),
            text_field(
                "total",
                _("Total in %(currency)s", currency=BudgetState.currency),
                BudgetState.limit_field,
                hint=_(
                    "Divided by this program's rule of thumb for the kind of event and its guests."
                ),
                problem=rx.cond(BudgetState.problem_line == "", BudgetState.problem, "").to(str),
                input_mode="decimal",
                auto_complete="off",
            ),
            rx.el.div(
                rx.el.button(_("Divide it"), type="submit", class_name="btn"),
                rx.el.button(
                    _("Begin with an empty budget"),
                    type="submit",
                    name="total",
                    value="",
                    on_click=BudgetState.make({"total": ""}).prevent_default,
                    class_name="btn btn-quiet",
                ),
                class_name="flex flex-wrap gap-2 mt-5",
            ),
            action=TO,
            method="post",
            on_submit=BudgetState.make,
            class_name="admin-panel max-w-xl mx-auto",
        ),
    )
