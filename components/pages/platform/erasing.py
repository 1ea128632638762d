"""How far the erasure of a market is, and the proof that it left nothing."""

import reflex as rx

from components.icons import icon
from components.pages.admin.panels import panel, progress, wrong
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.platform.market import PlatformMarketState
from state.platform.report import ReportLine


def erasing() -> rx.Component:
    """The erasure under way, or what kept it from its end."""
    return rx.cond(
        PlatformMarketState.erasing,
        panel(
            _("The market is being erased…"),
            progress(
                PlatformMarketState.erase_done,
                PlatformMarketState.erase_total,
                _("The market is being erased…"),
            ),
            role="status",
        ),
        wrong(PlatformMarketState.erase_problem),
    )


def report() -> rx.Component:
    """What there was, and what is left of it."""
    return panel(
        _("Report of the erasure"),
        table(
            _("Report of the erasure"),
            (_("What"), _("Before"), _("After")),
            rx.foreach(PlatformMarketState.report, _line),
        ),
        rx.el.p(
            icon("circle-check", "size-5 mt-0.5 text-brand-ink"),
            _("The report stays in the platform's log. Backups of the database are not touched."),
            class_name="flex gap-2 text-sm text-muted mt-4",
        ),
        id="report",
    )


def _line(one: rx.vars.ObjectVar[ReportLine]) -> rx.Component:
    return row(
        cell(_("What"), rx.el.code(one.name, dir="ltr", class_name="text-sm")),
        cell(_("Before"), rx.el.bdi(one.before, class_name="tabular-nums")),
        cell(_("After"), rx.el.bdi(one.after, class_name="tabular-nums")),
        key=one.name,
    )
