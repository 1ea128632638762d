"""The documents of the market: taken in, followed, deleted."""

from typing import Any

import reflex as rx

from app.rendering.native import form, link
from components.icons import icon
from components.pages.admin.fields import choice_field, text_field
from components.pages.admin.knowledge_folders import access_badge, folders
from components.pages.admin.panels import badge, confirm_of, empty, panel, progress, skeleton, wrong
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, pages, row, table
from components.text import _
from state.admin.knowledge import DocumentRow, KnowledgeState
from state.locale import LocaleState
from state.page import PageState

ACCEPTED = ".pdf,.docx,.pptx,.xlsx,.xls,.ods,.html,.htm,.md,.txt,.csv,.tsv"


def knowledge() -> rx.Component:
    """The page."""
    return shell(
        _("Documents"),
        told(KnowledgeState.told, KnowledgeState.told_wrong),
        rx.el.div(_upload(), _fetch(), class_name="grid gap-5 lg:grid-cols-2 mb-5"),
        folders(),
        panel(
            _("All documents"),
            rx.el.form(
                text_field(
                    "words",
                    _("Title or address"),
                    KnowledgeState.words,
                    kind="search",
                    class_name="flex-1 basis-56",
                ),
                rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
                on_submit=KnowledgeState.search,
                class_name="flex flex-wrap items-end gap-3 mb-4",
            ),
            rx.cond(
                KnowledgeState.loaded,
                rx.cond(
                    KnowledgeState.rows.length() > 0,
                    rx.fragment(
                        table(
                            _("Documents"),
                            (_("Document"), _("For whom"), _("State"), _("Actions")),
                            rx.foreach(KnowledgeState.rows, _document),
                        ),
                        pages(
                            KnowledgeState.number,
                            KnowledgeState.pages,
                            KnowledgeState.earlier,
                            KnowledgeState.later,
                        ),
                    ),
                    empty(
                        "file-text",
                        _("No documents"),
                        _("What you take in here is what questions are answered from."),
                    ),
                ),
                skeleton(4),
            ),
        ),
        about=_("What Maestro may quote, beside the help articles."),
        actions=(
            link(
                icon("flask"),
                _("Knowledge lab"),
                href=PageState.home + "/admin/knowledge/lab",
                class_name="btn btn-quiet",
            ),
        ),
    )


def told(text: rx.Var[str], is_wrong: rx.Var[bool]) -> rx.Component:
    """What the route that took a file has to say."""
    return rx.cond(
        text != "",
        rx.cond(
            is_wrong,
            wrong(text, class_name="flex gap-2.5 p-3.5 mb-5 rounded-md border text-danger"),
            rx.el.p(
                icon("circle-check", "size-5 mt-0.5"),
                rx.el.span(text),
                role="status",
                class_name="flex gap-2.5 p-3.5 mb-5 rounded-md border border-line text-brand-ink",
            ),
        ),
    )


def readers(name: str = "access", value: Any = "public") -> rx.Component:
    """The choice of who may see a document."""
    return choice_field(
        name,
        _("For whom"),
        (("public", _("Everybody")), ("members", _("Members")), ("staff", _("Staff"))),
        value,
    )


def files_field(many: bool = True) -> rx.Component:
    """Where files are dropped or chosen; the browser's own field takes both."""
    return rx.el.div(
        rx.el.label(
            _("Drop files here, or choose them"),
            html_for="document-files",
            class_name="block mb-1.5 font-medium",
        ),
        rx.el.input(
            type="file",
            id="document-files",
            name="files",
            multiple=many,
            accept=ACCEPTED,
            required=True,
            class_name=(
                "block w-full px-4 py-8 rounded-lg border-2 border-dashed border-line bg-sunken"
            ),
        ),
        rx.el.p(
            _("PDF, Word, PowerPoint, Excel, HTML, Markdown, text or CSV; up to 32 MB together."),
            class_name="text-sm text-muted mt-1.5",
        ),
        class_name="min-w-0",
    )


def _upload() -> rx.Component:
    return panel(
        _("From files"),
        form(
            rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
            files_field(),
            readers(),
            rx.el.button(icon("upload"), _("Take in"), type="submit", class_name="btn"),
            action="/console/documents",
            method="post",
            enc_type="multipart/form-data",
            class_name="grid gap-4 justify-items-stretch",
        ),
    )


def _fetch() -> rx.Component:
    return panel(
        _("From the web"),
        rx.el.form(
            text_field(
                "url",
                _("Address"),
                kind="url",
                placeholder="https://",
                required=True,
                hint=_("A page or a file on a public server that allows it (robots.txt)."),
            ),
            readers("web_access"),
            rx.el.button(icon("world"), _("Fetch"), type="submit", class_name="btn"),
            on_submit=KnowledgeState.fetch,
            key=KnowledgeState.fetched.to(str),
            class_name="grid gap-4",
        ),
    )


def step_of(one: Any, busy: rx.Var[bool]) -> rx.Component:
    """How far a document is."""
    name: Any = rx.match(
        one.step,
        ("waiting", _("waits")),
        ("reading", _("is read")),
        ("ready", _("ready")),
        ("cancelled", _("stopped")),
        _("failed"),
    )
    kind: Any = rx.match(one.step, ("ready", "good"), ("failed", "bad"), "plain")
    return rx.el.div(
        badge(name, kind),
        rx.cond(
            busy,
            rx.el.div(
                progress(one.done.to(int), one.total.to(int), _("Progress")),
                class_name="mt-2 max-w-48",
            ),
        ),
        rx.cond(
            one.problem != "",
            rx.el.p(one.problem, class_name="text-sm text-danger mt-1 max-w-prose"),
        ),
        rx.cond(
            (one.problem != "") & one.shown,
            rx.el.p(_("The version before is still shown."), class_name="text-sm text-muted"),
        ),
    )


def _document(one: rx.vars.ObjectVar[DocumentRow]) -> rx.Component:
    busy = (one.step == "waiting") | (one.step == "reading")
    return row(
        cell(
            _("Document"),
            link(
                rx.el.bdi(one.title),
                href=PageState.home + "/admin/knowledge/documents/" + one.id.to(str),
                class_name="link font-medium wrap-anywhere",
            ),
            rx.el.p(
                one.about,
                rx.cond(
                    one.passages.to(int) > 0,
                    rx.el.span(" · ", _("%(count)s passages", count=one.passages)),
                ),
                class_name="text-sm text-muted",
            ),
            rx.el.p(rx.el.bdi(one.address), class_name="text-xs text-muted wrap-anywhere"),
        ),
        cell(_("For whom"), access_badge(one.access)),
        cell(_("State"), step_of(one, busy)),
        cell(
            _("Actions"),
            rx.el.div(
                rx.cond(
                    busy,
                    _act(_("Stop"), KnowledgeState.stop(one.id)),
                    rx.cond(
                        (one.step == "failed") | (one.step == "cancelled"),
                        _act(_("Try again"), KnowledgeState.again(one.id)),
                    ),
                ),
                confirm_of(
                    rx.Var.create("delete-").to(str) + one.id.to(str),
                    _("Delete"),
                    _("Delete this document?"),
                    _("Its versions, passages and vectors go with it, and nothing quotes it."),
                    _("Delete"),
                    KnowledgeState.delete(one.id),
                ),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        key=one.id,
    )


def _act(text: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name="btn btn-quiet")
