"""Imports: a file is read through, then loaded."""

from typing import Any

import reflex as rx

from app.rendering.native import form
from components.icons import icon
from components.pages.admin.fields import choice_field
from components.pages.admin.panels import (
    badge,
    confirm_of,
    empty,
    figure,
    panel,
    progress,
    skeleton,
    wrong,
)
from components.pages.admin.shell import shell
from components.text import _
from state.admin.imports import BadRow, ImportsState, UploadRow
from state.locale import LocaleState


def imports() -> rx.Component:
    """The page."""
    return shell(
        _("Imports"),
        panel(
            _("A new file"),
            rx.cond(
                ImportsState.refused,
                wrong(_("The file is empty, or larger than 16 MB."), id="refused"),
            ),
            form(
                rx.el.input(
                    type="hidden", name="locale", value=LocaleState.language, read_only=True
                ),
                choice_field(
                    "kind",
                    _("What it holds"),
                    (
                        ("listing", _("Listings")),
                        ("article", _("Help articles")),
                        ("mention", _("Mentions")),
                    ),
                ),
                rx.el.div(
                    rx.el.label(
                        _("File"), html_for="import-file", class_name="block mb-1.5 font-medium"
                    ),
                    rx.el.input(
                        type="file",
                        id="import-file",
                        name="file",
                        accept=".jsonl,.ndjson,.json,.csv",
                        required=True,
                        class_name="field",
                    ),
                    class_name="min-w-0 flex-1 basis-56",
                ),
                rx.el.button(icon("upload"), _("Read it through"), type="submit", class_name="btn"),
                action="/console/upload",
                method="post",
                enc_type="multipart/form-data",
                class_name="flex flex-wrap items-end gap-3 mt-2",
            ),
            about=_(
                "JSON Lines or CSV, up to 16 MB. You see what would change before anything does."
            ),
        ),
        rx.cond(
            ImportsState.loaded,
            rx.cond(
                ImportsState.rows.length() > 0,
                rx.el.div(rx.foreach(ImportsState.rows, _upload), class_name="grid gap-5 mt-5"),
                empty("upload", _("Nothing yet"), _("Files appear here, for a week.")),
            ),
            skeleton(4),
        ),
        about=_("Many listings, articles or mentions at once, from a file."),
    )


def _upload(one: rx.vars.ObjectVar[UploadRow]) -> rx.Component:
    busy = (one.step == "checking") | (one.step == "loading")
    return panel(
        rx.el.bdi(one.name),  # pyright: ignore[reportArgumentType]
        rx.cond(
            busy,
            progress(one.done.to(int), one.total.to(int), _("Progress")),
            rx.el.div(
                rx.cond(one.problem != "", wrong(one.problem)),
                rx.el.dl(
                    figure(_("New"), one.created),
                    figure(_("Changed"), one.updated),
                    figure(_("Unchanged"), one.unchanged),
                    figure(_("Bad rows"), one.bad),
                    class_name="grid gap-3 grid-cols-2 md:grid-cols-4",
                ),
                rx.cond(
                    one.bad.to(int) > 0,
                    rx.el.details(
                        rx.el.summary(
                            _("Bad rows, which are left out"), class_name="link min-h-11"
                        ),
                        rx.el.ul(
                            rx.foreach(one.problems.to(list[BadRow]), _bad),
                            class_name="grid gap-1 mt-2 text-sm",
                        ),
                        class_name="mt-4",
                    ),
                ),
                class_name="grid gap-4",
            ),
        ),
        about=rx.el.span(one.at, " · ", rx.el.bdi(one.by)),  # pyright: ignore[reportArgumentType]
        actions=(
            badge(*_step(one.step)),
            rx.cond(busy, _act(_("Stop"), ImportsState.stop(one.id))),
            rx.cond(
                (one.step == "checked") & (one.created.to(int) + one.updated.to(int) > 0),
                confirm_of(
                    rx.Var.create("load-").to(str) + one.id.to(str),
                    _("Load"),
                    _("Load this file?"),
                    _("New rows are added and changed ones replaced, all at once."),
                    _("Load"),
                    ImportsState.begin(one.id),
                    opener_class="btn",
                    dangerous=False,
                ),
            ),
            rx.cond(busy, rx.fragment(), _act(_("Forget the file"), ImportsState.forget(one.id))),
        ),
    )


def _step(step: rx.Var[str]) -> tuple[Any, Any]:
    """How far a file is, and what kind of news that is."""
    name = rx.match(
        step,
        ("checking", _("is read through")),
        ("checked", _("not loaded yet")),
        ("loading", _("is loaded")),
        ("loaded", _("loaded")),
        ("cancelled", _("stopped")),
        _("failed"),
    )
    kind = rx.match(step, ("checked", "warn"), ("loaded", "good"), ("failed", "bad"), "plain")
    return name, kind


def _bad(one: rx.vars.ObjectVar[BadRow]) -> rx.Component:
    return rx.el.li(
        _("Line %(number)s", number=one.line),
        ": ",
        rx.el.bdi(one.reason, dir="ltr"),
        class_name="break-words",
    )


def _act(text: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name="btn btn-quiet")
