"""One document: its name and readers, its versions, its passages."""

import reflex as rx

from app.rendering.native import form, link
from components.icons import icon
from components.pages.admin.fields import save_bar, text_field
from components.pages.admin.knowledge import files_field, readers, step_of, told
from components.pages.admin.knowledge_folders import access_badge
from components.pages.admin.panels import badge, panel, skeleton
from components.pages.admin.shell import shell
from components.text import _
from state.admin.knowledge_document import ChunkRow, KnowledgeDocumentState, VersionRow
from state.locale import LocaleState
from state.page import PageState

S = KnowledgeDocumentState


def knowledge_document() -> rx.Component:
    """The page."""
    return shell(
        S.title,
        told(S.told, S.told_wrong),
        rx.cond(
            S.row,
            rx.el.div(
                _state(),
                rx.el.div(_edit(), _replace(), class_name="grid gap-5 lg:grid-cols-2"),
                panel(
                    _("Versions"),
                    rx.el.ul(rx.foreach(S.versions, _version), class_name="grid gap-3"),
                ),
                _passages(),
                class_name="grid gap-5",
            ),
            skeleton(5),
        ),
        actions=(
            link(
                icon("eye"),
                _("As readers see it"),
                href=PageState.home + "/documents/" + S.id,
                class_name="btn btn-quiet",
            ),
        ),
    )


def _state() -> rx.Component:
    busy = (S.row.step == "waiting") | (S.row.step == "reading")
    return rx.el.div(
        access_badge(S.access),
        step_of(S.row, busy),
        rx.el.span(S.row.about, class_name="text-sm text-muted"),
        class_name="flex flex-wrap items-start gap-3",
    )


def _edit() -> rx.Component:
    return panel(
        _("Name and readers"),
        rx.el.form(
            rx.el.input(type="hidden", name="version", value=S.version.to(str), read_only=True),
            text_field("title", _("Title"), S.title, required=True),
            readers("access", S.access),
            save_bar(),
            on_submit=S.save,
            key=S.version.to(str),
            class_name="grid gap-4",
        ),
    )


def _replace() -> rx.Component:
    return panel(
        _("A new version"),
        form(
            rx.el.input(type="hidden", name="locale", value=LocaleState.language, read_only=True),
            rx.el.input(type="hidden", name="document_id", value=S.id, read_only=True),
            rx.el.input(type="hidden", name="version", value=S.version.to(str), read_only=True),
            files_field(many=False),
            rx.el.button(icon("upload"), _("Replace"), type="submit", class_name="btn"),
            action="/console/documents",
            method="post",
            enc_type="multipart/form-data",
            class_name="grid gap-4",
        ),
        about=_("The version before stays, and can be shown again."),
    )


def _version(one: rx.vars.ObjectVar[VersionRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            _("Version %(number)s", number=one.number), class_name="font-medium tabular-nums"
        ),
        rx.el.span(
            rx.el.bdi(one.name), " · ", one.size, " · ", one.at, class_name="text-sm text-muted"
        ),
        rx.cond(
            one.shown,
            badge(_("shown"), "good"),
            rx.el.button(
                icon("arrow-back-up"),
                _("Show again"),
                type="button",
                on_click=S.roll_back(one.number),
                class_name="btn btn-quiet",
            ),
        ),
        class_name="flex flex-wrap items-center gap-3",
    )


def _passages() -> rx.Component:
    return panel(
        _("Passages"),
        rx.el.ol(rx.foreach(S.chunks, _chunk), class_name="grid gap-3"),
        rx.cond(
            S.more,
            rx.el.button(
                _("More"), type="button", on_click=S.show_more, class_name="btn btn-quiet mt-4"
            ),
        ),
        about=_("What is looked for and quoted: short pieces with the headings above them."),
    )


def _chunk(one: rx.vars.ObjectVar[ChunkRow]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            link(f"#{one.position}", href=one.href, class_name="link tabular-nums"),
            rx.el.bdi(one.heading),
            rx.el.span(one.place, class_name="ms-auto tabular-nums"),
            class_name="flex flex-wrap gap-x-3 text-sm text-muted",
        ),
        rx.el.p(one.text, dir="auto", class_name="mt-1 whitespace-pre-line wrap-anywhere"),
        class_name="rounded-md bg-sunken px-4 py-3",
    )
