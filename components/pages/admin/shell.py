"""The frame of the console: sections on the side, or in a sheet on a phone; title, notice.

    def brand() -> rx.Component:
        return shell(_("Brand"), form_panel(...), about=_("What visitors see first."))

Add a section to `SECTIONS` when its page exists. The parts that pages are made of stand beside:
`panels` (panels, figures, empty, error, loading, progress, confirm, conflict), `fields` (forms)
and `tables`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.accounts.permissions import Permission
from app.rendering.native import link
from components.account_menu import may_any
from components.icons import icon
from components.layout import page, way_back
from components.text import _
from components.unconfirmed import unconfirmed
from state.admin.entry import AdminState
from state.page import PageState

_SHOW_OPEN = (
    "(() => { const side = document.querySelector('.admin-side');"
    " const open = side.querySelector('[aria-current]');"
    " if (open) side.scrollTop = open.offsetTop - side.clientHeight / 2; })()"
)
"""Brings the open section into view where the menu is longer than the window."""


@dataclass(frozen=True)
class Section:
    """A page that the navigation names; `place` is its path after the part, as `/admin/`."""

    place: str
    symbol: str
    needs: Permission


def _names() -> dict[str, rx.Var[str]]:
    # Marked texts are translated inside functions only.
    return {
        "": _("Overview"),
        "analytics": _("Analytics"),
        "social": _("Mentions"),
        "feedback": _("Feedback"),
        "listings": _("Listings"),
        "providers": _("Providers"),
        "reviews": _("Reviews"),
        "categories": _("Categories"),
        "imports": _("Imports"),
        "articles": _("Help articles"),
        "knowledge": _("Documents"),
        "knowledge/lab": _("Knowledge lab"),
        "people": _("People"),
        "brand": _("Brand"),
        "keys": _("API keys"),
        "sign-in": _("Sign-in"),
        "wording": _("Wording"),
        "place": _("Languages and money"),
        "hosts": _("Domains"),
        "policy": _("Rules"),
        "modules": _("Modules"),
        "models": _("Chat models"),
        "audit": _("Audit log"),
        "export": _("Export"),
    }


SECTIONS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    (
        "",
        (
            Section("", "layout-dashboard", Permission.SEE_FIGURES),
            Section("analytics", "chart-bar", Permission.SEE_FIGURES),
            Section("social", "message-circle", Permission.SEE_FIGURES),
            Section("feedback", "message-2-question", Permission.SEE_CONVERSATIONS),
        ),
    ),
    (
        "catalogue",
        (
            Section("listings", "list-details", Permission.MODERATE),
            Section("providers", "building-store", Permission.MODERATE),
            Section("reviews", "star", Permission.MODERATE_REVIEWS),
            Section("categories", "category", Permission.EDIT_CATALOGUE),
            Section("imports", "upload", Permission.EDIT_CATALOGUE),
            Section("articles", "file-text", Permission.EDIT_KNOWLEDGE),
            Section("knowledge", "book", Permission.EDIT_KNOWLEDGE),
            Section("knowledge/lab", "flask", Permission.EDIT_KNOWLEDGE),
        ),
    ),
    (
        "people",
        (
            Section("people", "users", Permission.SEE_PEOPLE),
            Section("sign-in", "key", Permission.SIGN_IN_WAYS),
        ),
    ),
    (
        "market",
        (
            Section("brand", "palette", Permission.SHAPE),
            Section("wording", "typography", Permission.SHAPE),
            Section("place", "world", Permission.SHAPE),
            Section("hosts", "world-www", Permission.HOSTS),
            Section("modules", "puzzle", Permission.SHAPE),
            Section("models", "brain", Permission.MODELS),
            Section("policy", "scale", Permission.SHAPE),
            Section("keys", "key", Permission.KEYS),
        ),
    ),
    (
        "records",
        (
            Section("audit", "list-details", Permission.SEE_AUDIT),
            Section("export", "download", Permission.EXPORT),
        ),
    ),
)
"""Groups of sections, in the order of the navigation; one with no page yet is left out."""


def _group_names() -> dict[str, rx.Var[str]]:
    return {
        "catalogue": _("Catalogue"),
        "people": _("People"),
        "market": _("Market"),
        "records": _("Records"),
    }


@dataclass(frozen=True)
class Frame:
    """Sections with their names: those of a market's console, or those of the platform."""

    part: str
    """The first part of the paths, after the language."""
    sections: tuple[tuple[str, tuple[Section, ...]], ...]
    names: Callable[[], dict[str, rx.Var[str]]]
    title: Callable[[], tuple[rx.Var[str], rx.Var[str]]]
    """What the navigation is called, and the button that unfolds it on a phone."""


CONSOLE_FRAME = Frame(
    "admin", SECTIONS, _names, lambda: (_("Console"), _("Sections of the console"))
)


def shell(
    title: str | rx.Var[str],
    *content: rx.Component,
    about: str | rx.Var[str] | None = None,
    actions: tuple[rx.Component, ...] = (),
    undo: Any = None,
    frame: Frame = CONSOLE_FRAME,
) -> rx.Component:
    """A page of the console, or of the platform with that `frame`.

    `actions` stand beside the title. `undo` is the event that takes the last change back; the
    notice offers it when the page's state said so (`say_done(..., undo=True)`).
    """
    return page(
        rx.el.link(rel="stylesheet", href="/admin.css"),
        rx.el.div(
            rx.el.aside(
                _sections(frame), class_name="admin-side", on_mount=rx.call_script(_SHOW_OPEN)
            ),
            rx.el.div(
                _sheet(frame),
                _closed(),
                unconfirmed("mb-4"),
                way_back("mb-1"),
                rx.el.div(
                    rx.el.div(
                        rx.el.h1(title, class_name="text-2xl"),
                        *(
                            [rx.el.p(about, class_name="text-muted mt-1.5 max-w-prose")]
                            if about is not None
                            else []
                        ),
                        class_name="min-w-0 flex-1 basis-64",
                    ),
                    *([rx.el.div(*actions, class_name="flex flex-wrap gap-2")] if actions else []),
                    class_name="flex flex-wrap items-start gap-4 mb-6",
                ),
                *content,
                class_name="admin-body",
            ),
            class_name="admin",
        ),
        notice(undo),
        searchable=False,
        footed=False,
        crumbed=False,
    )


def _closed() -> rx.Component:
    """Why the market is closed, to the staff who can still come in."""
    return rx.cond(
        AdminState.closed,
        rx.el.div(
            rx.el.p(
                _("This market is suspended. Visitors and members are not let in."),
                class_name="font-medium",
            ),
            rx.cond(
                AdminState.closed_because != "",
                rx.el.p(
                    _("Reason: %(reason)s", reason=AdminState.closed_because),
                    class_name="mt-1 break-words",
                    dir="auto",
                ),
            ),
            role="status",
            id="suspended",
            class_name="p-3.5 mb-4 rounded-md border border-current text-danger",
        ),
    )


def _sections(frame: Frame) -> rx.Component:
    names, groups = frame.names(), _group_names()
    parts: list[rx.Component] = []
    for group, sections in frame.sections:
        if not sections:
            continue
        listed = rx.el.div(
            *([rx.el.p(groups[group], class_name="admin-group")] if group else []),
            rx.el.ul(
                *(_section(frame.part, section, names[section.place]) for section in sections)
            ),
        )
        needed = frozenset(section.needs for section in sections)
        parts.append(rx.cond(may_any(needed), listed) if group else listed)
    return rx.el.nav(*parts, aria_label=frame.title()[0], class_name="grid gap-4")


def _section(part: str, section: Section, name: rx.Var[str]) -> rx.Component:
    href = PageState.home + (f"/{part}/{section.place}" if section.place else f"/{part}")
    is_open = AdminState.place == section.place
    return rx.cond(
        may_any(frozenset({section.needs})),
        rx.el.li(
            link(
                icon(section.symbol),
                name,
                href=href,
                class_name="admin-link",
                custom_attrs={"aria-current": rx.cond(is_open, "page", rx.Var("undefined"))},
            )
        ),
    )


def _sheet(frame: Frame) -> rx.Component:
    """The sections on a phone: folded under a button, which works before JavaScript does."""
    return rx.el.details(
        rx.el.summary(
            icon("menu-2"),
            frame.title()[1],
            icon("chevron-down", "size-5 ms-auto"),
            class_name="chip w-full list-none [&::-webkit-details-marker]:hidden",
        ),
        rx.el.div(_sections(frame), class_name="mt-2 p-2 rounded-md border border-line bg-surface"),
        class_name="admin-sheet",
    )


def notice(undo: Any) -> rx.Component:
    """The last thing said, with a way to undo it where `undo` is an event."""
    wrong = AdminState.notice_kind == "wrong"
    return rx.el.div(
        rx.cond(
            AdminState.notice != "",
            rx.el.div(
                rx.cond(
                    wrong,
                    icon("alert-triangle", "size-5 mt-0.5 text-danger"),
                    icon("circle-check", "size-5 mt-0.5 text-brand-ink"),
                ),
                rx.el.p(AdminState.notice, class_name="flex-1 min-w-0", id="notice"),
                *(
                    [
                        rx.cond(
                            AdminState.undoable,
                            rx.el.button(
                                _("Undo"), type="button", on_click=undo, class_name="link min-h-11"
                            ),
                        )
                    ]
                    if undo is not None
                    else []
                ),
                rx.el.button(
                    icon("x"),
                    rx.el.span(_("Close"), class_name="sr-only"),
                    type="button",
                    on_click=AdminState.dismiss,
                    class_name="nav px-2.5 -me-1.5",
                ),
                key=AdminState.notice_number.to(str),
                class_name="admin-notice",
            ),
        ),
        role="status",
        custom_attrs={"aria-live": "polite"},
        class_name="admin-notices",
    )
