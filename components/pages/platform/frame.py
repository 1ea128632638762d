"""The frame of the platform's pages: the console's, with the platform's own sections."""

from typing import Any

import reflex as rx

from app.accounts.permissions import Permission
from components.icons import icon
from components.pages.admin.shell import Frame, Section, shell
from components.text import _
from state.platform.entry import PlatformState


def _names() -> dict[str, rx.Var[str]]:
    return {"": _("Markets"), "open": _("Open a market"), "audit": _("Audit log")}


FRAME = Frame(
    "platform",
    (
        (
            "",
            (
                Section("", "building-store", Permission.PLATFORM),
                Section("open", "plus", Permission.PLATFORM),
                Section("audit", "list-details", Permission.SEE_AUDIT),
            ),
        ),
    ),
    _names,
    lambda: (_("Platform"), _("Sections of the platform")),
)


def platform_shell(title: str | rx.Var[str], *content: rx.Component, **more: Any) -> rx.Component:
    """A page of the platform, which says so when this server can only look."""
    return shell(title, _bound(), *content, frame=FRAME, **more)


def _bound() -> rx.Component:
    return rx.cond(
        PlatformState.bound,
        rx.el.div(
            icon("alert-triangle", "size-5 mt-0.5 text-danger"),
            rx.el.div(
                rx.el.p(
                    _("This server can show markets, but neither open, close nor change them."),
                    class_name="font-medium",
                ),
                rx.el.p(
                    _(
                        "It does not know the owner of the database. Set %(name)s, or use the "
                        "agora market commands in a terminal.",
                        name="DATABASE_OWNER_URL",
                    ),
                    class_name="text-sm text-muted mt-1",
                ),
                class_name="min-w-0",
            ),
            role="note",
            id="bound",
            class_name="admin-panel flex gap-2.5",
        ),
    )
