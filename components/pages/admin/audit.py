"""The audit log."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.panels import empty, panel
from components.pages.admin.shell import CONSOLE_FRAME, Frame, shell
from components.pages.admin.tables import cell, pages, row, table
from components.text import _, ngettext
from state.admin.audit import AuditState, Deed


def audit(frame: Frame = CONSOLE_FRAME) -> rx.Component:
    """The page of the log: who did what, when and from where."""
    return shell(
        _("Audit log"),
        panel(
            ngettext("%(count)s entry", "%(count)s entries", AuditState.count),
            _filters(),
            rx.cond(
                AuditState.deeds.length() > 0,
                table(
                    _("Audit log"),
                    (_("When"), _("Who"), _("What"), _("Before"), _("After")),
                    rx.foreach(AuditState.deeds, _deed),
                ),
                rx.cond(
                    AuditState.sought,
                    empty("search", _("Nothing found"), _("Try fewer words or other days.")),
                    empty(
                        "list-details",
                        _("Nothing yet"),
                        _("What people of the staff do appears here."),
                    ),
                ),
            ),
            pages(AuditState.page, AuditState.pages, AuditState.earlier, AuditState.later),
        ),
        about=_("Who did what, when and from where. Nobody can change or delete an entry."),
        actions=(_file("csv", "CSV"), _file("jsonl", "JSONL")),
        frame=frame,
    )


def _file(form: str, name: str) -> rx.Component:
    return link(
        icon("download"),
        name,
        href=f"/console/audit.{form}?" + AuditState.query,
        class_name="btn btn-quiet",
        custom_attrs={"download": ""},
    )


def _filters() -> rx.Component:
    def field(name: str, label: rx.Var[str], control: rx.Component) -> rx.Component:
        return rx.el.div(
            rx.el.label(label, html_for=name, class_name="block text-xs text-muted mb-1"),
            control,
            class_name="flex-1 basis-36 min-w-0",
        )

    small = "field py-2 min-h-11 text-sm"
    return rx.el.form(
        field(
            "words",
            _("Words"),
            rx.el.input(id="words", name="words", type="search", max_length=200, class_name=small),
        ),
        field(
            "noun",
            _("Kind"),
            rx.el.select(
                rx.el.option(_("All"), value=""),
                rx.foreach(AuditState.kinds, lambda kind: rx.el.option(kind, value=kind)),
                id="noun",
                name="noun",
                class_name=small,
            ),
        ),
        field(
            "since", _("From"), rx.el.input(id="since", name="since", type="date", class_name=small)
        ),
        field(
            "until",
            _("Until"),
            rx.el.input(id="until", name="until", type="date", class_name=small),
        ),
        rx.el.button(
            icon("search"), _("Search"), type="submit", class_name="btn btn-quiet self-end"
        ),
        on_submit=AuditState.search,
        role="search",
        class_name="flex flex-wrap gap-3 mb-5",
    )


def _deed(one: rx.vars.ObjectVar[Deed]) -> rx.Component:
    def fields(text: rx.Var[str]) -> rx.Component:
        return rx.el.p(
            text, class_name="whitespace-pre-wrap break-words text-xs max-w-72", dir="auto"
        )

    return row(
        cell(_("When"), rx.el.span(one.when, class_name="md:whitespace-nowrap")),
        cell(
            _("Who"),
            rx.el.bdi(one.who),
            rx.el.p(rx.el.bdi(one.address), class_name="text-xs text-muted"),
        ),
        cell(
            _("What"),
            rx.el.code(one.action, dir="ltr", class_name="text-sm"),
            rx.el.p(rx.el.bdi(one.subject), class_name="text-xs text-muted break-all"),
        ),
        cell(_("Before"), fields(one.before)),
        cell(_("After"), fields(one.after)),
        key=one.id,
    )
