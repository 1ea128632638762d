"""The report on an event that is over."""

import reflex as rx

from components.pages.admin.panels import figure, panel
from components.text import _
from state.projects.report import ReportState


def report() -> rx.Component:
    """How the event did, and what is missing to know more; nothing while it is being prepared."""
    return rx.fragment(
        rx.cond(
            ReportState.waits,
            panel(
                _("Report"),
                rx.el.p(_("The report is being made. Come back in a minute.")),
                id="report",
            ),
        ),
        rx.cond(ReportState.made != "", _made()),
    )


def _made() -> rx.Component:
    return panel(
        _("Report"),
        rx.el.dl(
            _known(_("Cost"), ReportState.cost),
            _known(_("Income"), ReportState.revenue),
            _known(_("Return on investment"), ReportState.percent),
            _known(_("Guests who came, of those invited"), ReportState.guests),
            _known(_("Cost of each guest who came"), ReportState.per_guest),
            _known(_("Rating by guests"), ReportState.rating),
            class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-3",
        ),
        rx.cond(
            ReportState.missing.length() > 0,
            rx.el.div(
                rx.el.p(_("Nobody has written down yet:"), class_name="font-medium"),
                rx.el.ul(
                    rx.foreach(ReportState.missing, rx.el.li),
                    class_name="list-disc ps-5 mt-1 text-muted",
                ),
                class_name="mt-4",
            ),
        ),
        about=_("Made on %(when)s, when the event was marked as over.", when=ReportState.made),
        id="report",
    )


def _known(name: rx.Var[str], value: rx.Var[str]) -> rx.Component:
    return rx.cond(value != "", figure(name, value))
