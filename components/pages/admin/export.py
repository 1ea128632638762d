"""Archives of everything that the market holds."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.panels import badge, empty, panel, progress
from components.pages.admin.shell import shell
from components.text import _
from state.admin.export import ArchiveRow, ExportState


def export() -> rx.Component:
    """The page of the archives."""
    return shell(
        _("Export"),
        panel(
            _("Everything in one archive"),
            rx.el.p(
                _(
                    "A zip file with all rows as JSON lines, all files, and a manifest with counts "
                    "and SHA-256 digests. Passwords, keys and open sign-ins are left out."
                ),
                class_name="text-muted max-w-prose",
            ),
            rx.el.div(
                rx.cond(
                    ExportState.running,
                    rx.el.div(
                        rx.el.p(_("The archive is being made…"), class_name="mb-2"),
                        progress(
                            ExportState.done, ExportState.total, _("The archive is being made…")
                        ),
                        class_name="max-w-md",
                        role="status",
                    ),
                    rx.el.button(
                        icon("download"),
                        _("Make an archive"),
                        type="button",
                        on_click=ExportState.begin,
                        class_name="btn",
                    ),
                ),
                class_name="mt-5",
            ),
        ),
        panel(
            _("Archives"),
            rx.cond(
                ExportState.rows.length() > 0,
                rx.el.ul(
                    rx.foreach(ExportState.rows, _row), class_name="grid divide-y divide-line"
                ),
                empty("download", _("No archives yet"), _("Those that you make appear here.")),
            ),
            about=_("Each can be fetched for 24 hours. Keep it safe: it holds what people wrote."),
        ),
        about=_("Take out everything that the market holds."),
    )


def _row(one: rx.vars.ObjectVar[ArchiveRow]) -> rx.Component:
    return archive_line(one, f"/console/exports/{one.id}")


def archive_line(one: rx.vars.ObjectVar[ArchiveRow], href: str | rx.Var[str]) -> rx.Component:
    """An archive in a list; `href` is where it can be fetched."""
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.when, class_name="font-medium"),
            rx.el.p(rx.el.bdi(one.who), " ", rx.el.bdi(one.size), class_name="text-sm text-muted"),
            rx.cond(one.problem != "", rx.el.p(one.problem, class_name="text-sm text-danger")),
            rx.cond(
                one.sha256 != "",
                rx.el.code(one.sha256, dir="ltr", class_name="text-xs text-muted break-all"),
            ),
            class_name="min-w-0 flex-1 basis-60",
        ),
        rx.match(
            one.state,
            (
                "done",
                link(
                    icon("download"),
                    _("Fetch"),
                    href=href,
                    class_name="btn btn-quiet",
                ),
            ),
            ("expired", badge(_("Expired"))),
            ("failed", badge(_("Failed"), "bad")),
            ("cancelled", badge(_("Cancelled"))),
            badge(_("In work"), "warn"),
        ),
        class_name="flex flex-wrap items-center gap-3 py-4 first:pt-0 last:pb-0",
    )
