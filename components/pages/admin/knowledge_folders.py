"""Folders of the server that documents come from: seen and looked through, never named here."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.panels import badge, panel, progress
from components.text import _
from state.admin.knowledge import FolderRow, KnowledgeState


def folders() -> rx.Component:
    """The folders, where the market has any."""
    return rx.cond(
        KnowledgeState.folders.length() > 0,
        panel(
            _("Folders"),
            rx.el.ul(rx.foreach(KnowledgeState.folders, _folder), class_name="grid gap-4"),
            about=_(
                "Looked through each hour: what is new, changed or gone there becomes so here. "
                "Whoever runs the server names them."
            ),
            class_name="admin-panel mb-5",
        ),
    )


def access_badge(access: Any) -> rx.Component:
    """Who may see a document, in a word."""
    name: Any = rx.match(access, ("public", _("Everybody")), ("members", _("Members")), _("Staff"))
    kind: Any = rx.match(access, ("public", "good"), ("members", "plain"), "warn")
    return badge(name, kind)


def _folder(one: rx.vars.ObjectVar[FolderRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            icon("file-text"),
            rx.el.bdi(one.name, class_name="font-medium wrap-anywhere"),
            access_badge(one.access),
            rx.el.span(_("%(count)s files", count=one.files), class_name="text-sm text-muted"),
            rx.cond(
                one.busy,
                _act(_("Stop"), KnowledgeState.stop_looking(one.id)),
                _act(_("Look now"), KnowledgeState.look_through(one.id)),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            one.busy,
            rx.el.div(
                progress(one.done.to(int), one.total.to(int), _("Progress")),
                class_name="mt-2 max-w-48",
            ),
            rx.el.p(
                rx.cond(
                    one.looked_at != "",
                    _("Last looked through: %(at)s", at=one.looked_at),
                    _("Not looked through yet."),
                ),
                rx.cond(one.figures != "", rx.el.span(" · ", one.figures)),
                class_name="text-sm text-muted mt-1",
            ),
        ),
        rx.cond(
            one.problem != "",
            rx.el.p(one.problem, class_name="text-sm text-danger mt-1 max-w-prose"),
        ),
        rx.el.ul(
            rx.foreach(one.refused.to(list[str]), _refused),
            class_name="text-sm text-danger mt-1 grid gap-1",
        ),
    )


def _refused(words: Any) -> rx.Component:
    return rx.el.li(rx.el.bdi(words), class_name="wrap-anywhere")


def _act(text: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name="btn btn-quiet")
