"""The knowledge lab: a question and what it finds, and sets of questions that are measured."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import choice_field, text_field
from components.pages.admin.knowledge_folders import access_badge
from components.pages.admin.panels import badge, confirm, empty, panel, progress
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, row, table
from components.text import _
from state.admin.knowledge_lab import (
    KnowledgeLabState,
    LookedRow,
    MeasurementRow,
    QuestionRow,
)

S = KnowledgeLabState


def knowledge_lab() -> rx.Component:
    """The page."""
    return shell(
        _("Knowledge lab"),
        rx.el.div(
            _ask(),
            _sets(),
            rx.cond(S.open_set != "", rx.fragment(_questions(), _measurements())),
            class_name="grid gap-5",
        ),
        about=_("See what a question finds and why, and measure before and after a change."),
    )


def _ask() -> rx.Component:
    return panel(
        _("Ask"),
        rx.el.form(
            text_field(
                "question", _("Question"), S.asked, required=True, class_name="flex-1 basis-72"
            ),
            choice_field(
                "reader",
                _("As"),
                (("public", _("a visitor")), ("members", _("a member")), ("staff", _("staff"))),
                S.reader,
            ),
            rx.el.button(icon("search"), _("Look"), type="submit", class_name="btn"),
            on_submit=S.ask,
            class_name="flex flex-wrap items-end gap-3",
        ),
        rx.cond(
            S.done,
            rx.cond(
                S.looked.length() > 0,
                rx.el.ol(rx.foreach(S.looked, _looked), class_name="grid gap-3 mt-5"),
                empty("search", _("Nothing found"), _("No passage was near enough to look at.")),
            ),
        ),
    )


def _looked(one: rx.vars.ObjectVar[LookedRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.cond(one.given, badge(_("would be told"), "good"), badge(_("passed over"), "plain")),
            access_badge(one.access),
            link(rx.el.bdi(one.title), href=one.url, class_name="link font-medium"),
            rx.el.bdi(one.heading, class_name="text-sm text-muted"),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.el.p(one.text, dir="auto", class_name="mt-2 wrap-anywhere"),
        rx.el.dl(
            _sign(_("sure"), one.sure),
            _sign(_("meaning"), one.meaning),
            _sign(_("wording"), one.wording),
            _sign(_("words shared"), one.named),
            _sign(_("rank"), one.rank),
            class_name="flex flex-wrap gap-x-5 gap-y-1 mt-2 text-sm text-muted tabular-nums",
        ),
        class_name="rounded-md bg-sunken px-4 py-3",
    )


def _sign(name: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="inline"),
        " ",
        rx.el.dd(value, class_name="inline font-medium text-ink"),
    )


def _sets() -> rx.Component:
    return panel(
        _("Sets of questions"),
        rx.el.div(
            rx.foreach(
                S.sets,
                lambda one: rx.el.button(
                    rx.el.bdi(one.name),
                    type="button",
                    on_click=S.choose(one.value),
                    class_name="chip",
                    custom_attrs={"aria-pressed": (S.open_set == one.value).to_string()},
                ),
            ),
            class_name="flex flex-wrap gap-2 mb-4",
        ),
        rx.el.form(
            text_field("name", _("Name of a new set"), required=True, class_name="flex-1 basis-56"),
            rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn btn-quiet"),
            on_submit=S.make,
            key=S.kept.to(str),
            class_name="flex flex-wrap items-end gap-3",
        ),
    )


def _questions() -> rx.Component:
    return panel(
        _("Questions"),
        rx.cond(
            S.rows.length() > 0,
            table(
                _("Questions"),
                (_("Question"), _("Answered by"), _("Last time"), _("Actions")),
                rx.foreach(S.rows, _question),
            ),
        ),
        rx.el.form(
            text_field("text", _("Question"), required=True),
            rx.el.div(
                rx.el.label(
                    _("Answered by"), html_for="expected", class_name="block mb-1.5 font-medium"
                ),
                rx.el.select(
                    rx.el.option(_("Nothing: the right answer is none"), value=""),
                    rx.foreach(S.documents, lambda one: rx.el.option(one.name, value=one.value)),
                    id="expected",
                    name="document",
                    class_name="field",
                ),
            ),
            text_field(
                "passages",
                _("Words of the passage"),
                rows=2,
                hint=_("One a line, any of them will do; leave it empty for the whole document."),
            ),
            rx.el.div(
                rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn btn-quiet")
            ),
            on_submit=S.add,
            key=S.kept.to(str),
            class_name="grid gap-4 mt-5",
        ),
        actions=(
            confirm(
                "drop-set",
                _("Delete the set"),
                _("Delete this set?"),
                _("Its questions and measurements go with it."),
                _("Delete"),
                S.drop,
            ),
        ),
    )


def _question(one: rx.vars.ObjectVar[QuestionRow]) -> rx.Component:
    return row(
        cell(_("Question"), rx.el.bdi(one.text)),
        cell(
            _("Answered by"),
            rx.el.bdi(one.expected),
            rx.el.p(rx.el.bdi(one.passages), class_name="text-sm text-muted"),
        ),
        cell(
            _("Last time"),
            rx.match(
                one.went,
                ("right", badge(_("right"), "good")),
                ("late", badge(_("not first"), "warn")),
                ("wrong", badge(_("wrong"), "bad")),
                rx.el.span("—"),
            ),
        ),
        cell(
            _("Actions"),
            rx.el.button(
                _("Remove"), type="button", on_click=S.remove(one.id), class_name="btn btn-quiet"
            ),
        ),
        key=one.id,
    )


def _measurements() -> rx.Component:
    return panel(
        _("Measurements"),
        rx.el.form(
            text_field(
                "note",
                _("What was changed"),
                hint=_("So that you know later what made the difference."),
                class_name="flex-1 basis-72",
            ),
            rx.el.button(icon("chart-bar"), _("Measure"), type="submit", class_name="btn"),
            on_submit=S.measure,
            class_name="flex flex-wrap items-end gap-3",
        ),
        rx.cond(
            S.measuring != "",
            rx.el.div(progress(S.progress, S.total, _("Progress")), class_name="mt-4"),
        ),
        rx.el.ol(rx.foreach(S.measured, _measurement), class_name="grid gap-4 mt-5"),
        about=_("Recall, the place of the first right passage (MRR), how right the quotes are."),
    )


def _measurement(one: rx.vars.ObjectVar[MeasurementRow]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one.at, class_name="font-medium"),
            rx.el.bdi(one.note, class_name="text-muted"),
            rx.cond(
                one.change != "",
                rx.el.bdi(one.change, dir="ltr", class_name="ms-auto text-sm tabular-nums"),
            ),
            class_name="flex flex-wrap gap-x-3",
        ),
        rx.el.dl(
            _bar(_("Recall"), one.recall.to(int)),
            _bar(_("MRR"), one.mrr.to(int)),
            _bar(_("Quotes"), one.precision.to(int)),
            _bar(_("Abstained"), one.abstained.to(int)),
            class_name="grid gap-1.5 mt-2",
        ),
        class_name="rounded-md bg-sunken px-4 py-3",
    )


def _bar(name: Any, value: rx.vars.NumberVar[int]) -> rx.Component:
    """A figure in per cent as a bar; a line is left out where the set does not speak of it."""
    return rx.cond(
        value >= 0,
        rx.el.div(
            rx.el.dt(name, class_name="text-sm w-28 shrink-0"),
            rx.el.dd(
                rx.el.progress(value=value, max=100, class_name="admin-progress flex-1"),
                rx.el.span(f"{value} %", class_name="text-sm tabular-nums w-14 text-end"),
                class_name="flex items-center gap-3 flex-1 min-w-0",
            ),
            class_name="flex items-center gap-3",
        ),
    )
