"""One service in its provider's office."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.listing_form import listing_form, state_badge
from components.pages.admin.panels import confirm, conflict, panel, skeleton
from components.pages.office.frame import frame
from components.photos import photo_editor
from components.text import _
from state.office.listings import OfficeListingState


def service() -> rx.Component:
    """The page."""
    return frame(
        rx.cond(OfficeListingState.listing_id != "", _("Service"), _("New service")),
        conflict(
            OfficeListingState.conflicts,
            keep_mine=OfficeListingState.keep_mine,
            take_theirs=OfficeListingState.take_theirs,
        ),
        rx.cond(
            OfficeListingState.ready,
            rx.el.div(
                rx.cond(
                    OfficeListingState.listing_id != "",
                    rx.fragment(_standing(), photo_editor("office")),
                ),
                listing_form(OfficeListingState),
                class_name="grid gap-5",
            ),
            skeleton(6),
        ),
        undo=OfficeListingState.undo,
    )


def _standing() -> rx.Component:
    state = OfficeListingState.state
    return panel(
        _("State"),
        rx.cond(
            OfficeListingState.reason != "",
            rx.el.p(
                _("The market says: %(reason)s", reason=OfficeListingState.reason),
                class_name="max-w-prose break-words",
            ),
        ),
        rx.el.p(
            rx.match(
                state,
                ("published", _("Everybody sees it. The market may look at changes first.")),
                ("waiting", _("The market looks at it. You can go on changing it.")),
                ("draft", _("Nobody else sees it. Send it when it is ready.")),
                ("refused", _("Change what is said above, and send it again.")),
                _("The market took it off the pages. You can send it again."),
            ),
            class_name="text-muted max-w-prose",
        ),
        actions=(
            state_badge(state, OfficeListingState.state_name),
            rx.cond(
                (state == "published") | (state == "waiting"),
                _act(_("Take it back"), OfficeListingState.withdraw, "btn btn-quiet"),
                _act(_("Send for approval"), OfficeListingState.send, "btn"),
            ),
            link(
                icon("eye"),
                _("Preview"),
                href=OfficeListingState.preview_path,
                class_name="btn btn-quiet",
            ),
            confirm(
                "delete",
                _("Delete"),
                _("Delete this service?"),
                _("It leaves the pages and the search, and cannot be brought back."),
                _("Delete"),
                OfficeListingState.delete,
            ),
        ),
    )


def _act(text: rx.Var[str], event: Any, class_name: str) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name=class_name)
