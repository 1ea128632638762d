"""One text: read, copied, changed by hand, with its versions."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.messages import cards, lines
from components.pages.admin.fields import text_field
from components.pages.admin.panels import badge, confirm, panel, skeleton
from components.pages.office.frame import frame
from components.pages.writings.progress import progress
from components.text import _
from state.messages import Message
from state.writings.opened import OpenedState, VersionRow
from state.writings.writing import WritingState

_SHOWN = OpenedState.shown


def writing() -> rx.Component:
    """The page."""
    return frame(
        rx.cond(OpenedState.ready, _SHOWN.title, _("Text")).to(str),
        rx.el.link(rel="stylesheet", href="/chat.css"),
        rx.cond(OpenedState.ready, _content(), skeleton(8)),
        undo=OpenedState.undo,
    )


def _content() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            badge(_SHOWN.kind_name),
            rx.el.span(_SHOWN.language_name, class_name="text-sm text-muted"),
            rx.cond(
                _SHOWN.event_url != "",
                link(_("To its event"), href=_SHOWN.event_url, class_name="link text-sm py-1"),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            WritingState.target == OpenedState.writing_id,
            panel(_("It is written anew"), progress()),
            rx.cond(OpenedState.editing, _editing(), _reading()),
        ),
        _versions(),
        rx.el.div(
            confirm(
                "text",
                _("Delete this text"),
                _("Delete this text?"),
                _("Its versions go with it. It cannot be taken back."),
                _("Delete for good"),
                OpenedState.remove,
                opener_icon="trash",
            ),
        ),
        class_name="grid grid-cols-[minmax(0,1fr)] gap-5",
    )


def _reading() -> rx.Component:
    return panel(
        _("The text"),
        rx.el.div(
            lines(_SHOWN.to(Message)),
            lang=_SHOWN.language,
            class_name="max-w-prose",
            id="text-shown",
        ),
        cards(_SHOWN.to(Message)),
        rx.el.p(_SHOWN.made, class_name="text-sm text-muted mt-5", id="made-by"),
        rx.cond(
            _SHOWN.composed & _SHOWN.wished,
            rx.el.p(
                _("Tone and place were not heeded, for no language model wrote it."),
                class_name="text-sm text-muted mt-1",
            ),
        ),
        rx.cond(
            _SHOWN.missing != "",
            rx.el.p(
                _("Not decided yet: %(facts)s.", facts=_SHOWN.missing),
                class_name="text-sm mt-1",
            ),
        ),
        rx.cond(
            OpenedState.refused != "",
            rx.el.p(OpenedState.refused, role="alert", class_name="text-danger mt-3"),
        ),
        rx.el.div(
            rx.el.button(
                icon("pencil"),
                _("Change it"),
                type="button",
                id="edit",
                on_click=OpenedState.begin_editing,
                class_name="btn",
            ),
            rx.el.button(
                icon("copy"),
                _("Copy"),
                type="button",
                on_click=[
                    rx.set_clipboard(_SHOWN.title.to(str) + "\n\n" + _SHOWN.text.to(str)),
                    OpenedState.say_copied,
                ],
                class_name="btn btn-quiet",
            ),
            link(
                icon("download"),
                _("Markdown"),
                href="/texts/" + OpenedState.writing_id.to(str) + ".md",
                class_name="btn btn-quiet",
            ),
            rx.el.button(
                icon("refresh"),
                _("Write it anew"),
                type="button",
                on_click=WritingState.write({"again": OpenedState.writing_id}),
                class_name="btn btn-quiet",
            ),
            class_name="flex flex-wrap gap-2 mt-5",
        ),
    )


def _editing() -> rx.Component:
    def wrong(name: str) -> rx.Var[str]:
        return rx.cond(OpenedState.problem_field == name, OpenedState.problem, "").to(str)

    return panel(
        _("Change it by hand"),
        rx.el.form(
            rx.el.input(type="hidden", name="version", value=OpenedState.version.to(str)),
            text_field(
                "title",
                _("Title"),
                _SHOWN.title,
                problem=wrong("title"),
                max_length=300,
                dir="auto",
                auto_focus=True,
            ),
            text_field(
                "text",
                _("Text"),
                _SHOWN.text,
                problem=wrong("text"),
                rows=16,
                max_length=20_000,
                dir=_SHOWN.direction,
                lang=_SHOWN.language,
                hint=_("Numbers in brackets such as [1] lead to what a sentence rests on."),
            ),
            rx.el.div(
                rx.el.button(_("Save"), type="submit", class_name="btn"),
                rx.el.button(
                    _("Cancel"),
                    type="button",
                    on_click=OpenedState.leave,
                    class_name="btn btn-quiet",
                ),
                class_name="flex flex-wrap gap-2",
            ),
            on_submit=OpenedState.save,
            class_name="grid gap-4",
            id="change-text",
        ),
    )


def _versions() -> rx.Component:
    return rx.cond(
        OpenedState.versions.length() > 1,
        panel(
            _("Versions"),
            rx.el.ol(rx.foreach(OpenedState.versions, _version), id="versions"),
        ),
    )


def _version(one: rx.vars.ObjectVar[VersionRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(one.name, class_name="font-medium"),
                rx.cond(one.current, badge(_("as it stands"), "good")),
                class_name="flex flex-wrap items-center gap-2",
            ),
            rx.el.p(rx.el.bdi(one.made), " · ", rx.el.bdi(one.on), class_name="text-sm text-muted"),
            class_name="min-w-0 flex-1 basis-56",
        ),
        rx.cond(
            one.current,
            rx.fragment(),
            rx.el.button(
                icon("arrow-back-up", "size-5 icon-along"),
                rx.el.span(_("Go back to it")),
                rx.el.span(": ", one.name, class_name="sr-only"),
                type="button",
                on_click=OpenedState.go_back_to(one.number),
                class_name="btn btn-quiet",
            ),
        ),
        key=one.number,
        class_name="flex flex-wrap items-center gap-3 py-3 border-t border-line first:border-0",
    )
