"""The forms by which guests get onto the list of an event, and through its door."""

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, labelled, text_field
from components.pages.admin.panels import panel
from components.text import _, ngettext
from state.projects.arriving import ArrivingState
from state.projects.guest_figures import GuestFiguresState
from state.projects.guests import GuestsState

_EXAMPLE = "Ada Lovelace\nGrace Hopper <grace@example.com>\nZoe, zoe@example.com, 4"
"""Of a paste; names and addresses are the same in every language."""


def _wrong(place: str) -> rx.Var[str]:
    """Why a field was refused; empty while it was not. `place` is `form.field`."""
    return rx.cond(GuestsState.problem_field == place, GuestsState.problem, "").to(str)


def adding() -> rx.Component:
    """Forms for one guest and for a pasted list."""
    return panel(
        _("Add guests"),
        rx.el.form(
            text_field(
                "name",
                _("Guest's name"),
                problem=_wrong("new.name"),
                required=True,
                max_length=200,
                dir="auto",
                auto_complete="off",
            ),
            text_field(
                "email",
                _("E-mail, if you have it"),
                problem=_wrong("new.email"),
                kind="email",
                max_length=254,
                dir="ltr",
                auto_complete="off",
            ),
            text_field(
                "party",
                _("How many persons"),
                "1",
                problem=_wrong("new.party"),
                input_mode="numeric",
                max_length=3,
            ),
            choice_field("state", _("Answer"), GuestsState.answers, "invited"),
            text_field(
                "note",
                _("Note"),
                problem=_wrong("new.note"),
                max_length=500,
                dir="auto",
                class_name="sm:col-span-2",
            ),
            rx.el.div(
                rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn"),
                class_name="sm:col-span-2",
            ),
            on_submit=GuestsState.add,
            key="new-" + GuestsState.added.to(str),
            class_name="grid gap-4 sm:grid-cols-2",
            id="new-guest",
        ),
        rx.el.details(
            rx.el.summary(
                icon("list-details"),
                _("Paste a list of many"),
                class_name="btn btn-quiet mt-4 cursor-pointer w-fit",
            ),
            _pasting(),
        ),
        class_name="admin-panel guest-tool",
    )


def _pasting() -> rx.Component:
    return rx.el.form(
        labelled(
            "lines",
            _("One guest on each line"),
            rx.el.textarea(
                id="lines",
                name="lines",
                rows="8",
                required=True,
                dir="auto",
                class_name="field",
                placeholder=_EXAMPLE,
                custom_attrs={"aria-describedby": "lines-hint"},
            ),
            hint=_(
                "A name; an e-mail address and how many persons come, if you like. Who is on the"
                " list already stays as they are."
            ),
        ),
        choice_field("lines_state", _("They are"), GuestsState.answers, "invited"),
        rx.el.button(
            icon("upload"), _("Add all"), type="submit", class_name="btn justify-self-start"
        ),
        on_submit=ArrivingState.paste,
        key="lines-" + ArrivingState.added.to(str),
        class_name="grid gap-4 mt-3",
        id="paste",
    )


def others() -> rx.Component:
    """The form for those who came without being on the list."""
    return panel(
        _("Came without being on the list"),
        rx.cond(
            GuestFiguresState.others > 0,
            rx.el.div(
                rx.el.p(
                    ngettext("%(count)s person", "%(count)s persons", GuestFiguresState.others),
                    class_name="text-lg font-medium tabular-nums",
                    id="others-count",
                ),
                rx.el.button(
                    icon("arrow-back-up", "size-5 icon-along"),
                    _("Take all of them back"),
                    type="button",
                    on_click=ArrivingState.no_others,
                    class_name="btn btn-quiet",
                ),
                class_name="flex flex-wrap items-center gap-3 mb-4",
            ),
        ),
        rx.el.form(
            text_field(
                "others",
                _("How many persons"),
                "1",
                problem=_wrong("others.others"),
                input_mode="numeric",
                max_length=3,
                class_name="w-40",
            ),
            rx.el.button(
                icon("plus"), _("They are here"), type="submit", class_name="btn min-h-14!"
            ),
            on_submit=ArrivingState.others,
            key="others-" + ArrivingState.added.to(str),
            class_name="flex flex-wrap items-end gap-3",
        ),
    )
