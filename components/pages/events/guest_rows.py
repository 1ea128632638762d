"""A guest in the list, and the form that a row becomes when they are changed."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, text_field
from components.pages.admin.panels import badge
from components.text import _
from state.filters import Option
from state.projects.guest_rows import GuestRow
from state.projects.guests import GuestsState


def guest(one: rx.vars.ObjectVar[GuestRow]) -> rx.Component:
    """One guest."""
    return rx.el.li(
        rx.cond(GuestsState.editing == one.id, _editing(one), _shown(one)),
        key=one.id,
        tab_index=-1,
        class_name="focus-visible:outline-2",
        custom_attrs={"data-guest": one.id},
    )


def _shown(one: rx.vars.ObjectVar[GuestRow]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.el.bdi(one.name, class_name="font-medium break-words guest-name"),
                rx.cond(one.party_name != "", badge(one.party_name)),
                rx.cond(
                    one.rating_name != "",
                    rx.el.span(
                        icon("star", "size-4"),
                        rx.el.span(_("Rating"), class_name="sr-only"),
                        one.rating_name,
                        class_name="inline-flex items-center gap-1 text-sm text-muted tabular-nums",
                    ),
                ),
                class_name="flex flex-wrap items-center gap-x-2 gap-y-1",
            ),
            rx.cond(
                (one.email != "") & ~GuestsState.at_door,
                rx.el.p(rx.el.bdi(one.email, dir="ltr"), class_name="text-sm text-muted break-all"),
            ),
            rx.cond(
                one.note != "",
                rx.el.p(one.note, class_name="text-sm text-muted break-words", dir="auto"),
            ),
            class_name="min-w-0",
        ),
        rx.el.div(
            rx.cond(GuestsState.at_door, _several(one), _answer(one)),
            _came(one),
            rx.cond(
                GuestsState.at_door,
                rx.fragment(),
                _tool(
                    "pencil",
                    _("Change: %(name)s", name=one.name),
                    GuestsState.begin_editing(one.id),
                ),
            ),
            class_name=rx.cond(
                GuestsState.at_door,
                "flex flex-wrap justify-end items-center gap-2",
                "flex items-center gap-2 min-w-0",
            ),
        ),
        class_name="guest",
    )


def _answer(one: rx.vars.ObjectVar[GuestRow]) -> rx.Component:
    return rx.el.select(
        rx.foreach(GuestsState.answers, _option),
        value=one.state,
        on_change=GuestsState.answer(one.id),
        aria_label=_("Answer of %(name)s", name=one.name),
        class_name="field guest-answer guest-tool",
    )


def _option(one: rx.vars.ObjectVar[Option]) -> rx.Component:
    return rx.el.option(one.name, value=one.value)


def _came(one: rx.vars.ObjectVar[GuestRow]) -> rx.Component:
    """Whether they came: pressed once they did, with how many of how many."""
    here = one.came.to(int) > 0
    return rx.el.button(
        rx.cond(here, icon("check"), rx.fragment()),
        rx.el.span(_("Came")),
        rx.cond(
            one.came_name != "",
            rx.el.span(one.came_name, class_name="tabular-nums text-sm whitespace-nowrap"),
        ),
        rx.el.span(": ", one.name, class_name="sr-only"),
        type="button",
        on_click=GuestsState.came(one.id, rx.cond(here, 0, -1)),
        class_name=rx.cond(here, "btn guest-came", "btn btn-quiet guest-came"),
        custom_attrs={"aria-pressed": here},
    )


def _several(one: rx.vars.ObjectVar[GuestRow]) -> rx.Component:
    """One more or one fewer of a party that came."""
    came = one.came.to(int)
    return rx.cond(
        (came > 0) & ((one.party.to(int) > 1) | (came > 1)),
        rx.el.div(
            _step("−", _("One fewer: %(name)s", name=one.name), one, came - 1),
            _step("+", _("One more: %(name)s", name=one.name), one, came + 1),
            class_name="flex gap-2",
        ),
    )


def _step(
    sign: str, name: rx.Var[str], one: rx.vars.ObjectVar[GuestRow], count: Any
) -> rx.Component:
    return rx.el.button(
        rx.el.span(sign, custom_attrs={"aria-hidden": "true"}),
        rx.el.span(name, class_name="sr-only"),
        type="button",
        on_click=GuestsState.came(one.id, count),
        class_name="btn btn-quiet text-xl px-0! size-14!",
    )


def _tool(symbol: str, name: rx.Var[str], on_click: Any) -> rx.Component:
    return rx.el.button(
        icon(symbol),
        rx.el.span(name, class_name="sr-only"),
        type="button",
        title=name,
        on_click=on_click,
        class_name=(
            "grid place-items-center size-11 flex-none rounded-md text-muted hover:text-ink"
            " hover:bg-sunken guest-tool"
        ),
    )


def _editing(one: rx.vars.ObjectVar[GuestRow]) -> rx.Component:
    def wrong(name: str) -> rx.Var[str]:
        place = one.id.to(str) + "." + name
        return rx.cond(GuestsState.problem_field == place, GuestsState.problem, "").to(str)

    def line(name: str, label: rx.Var[str], value: Any, **more: Any) -> rx.Component:
        return text_field(name, label, value, id=f"edit-{name}", problem=wrong(name), **more)

    return rx.el.div(
        rx.el.form(
            line("name", _("Guest's name"), one.name, max_length=200, dir="auto", auto_focus=True),
            line("email", _("E-mail, if you have it"), one.email, max_length=254, dir="ltr"),
            line(
                "party",
                _("How many persons"),
                one.party.to(str),
                input_mode="numeric",
                max_length=3,
            ),
            choice_field("state", _("Answer"), GuestsState.answers, one.state, id="edit-state"),
            line(
                "note",
                _("Note"),
                one.note,
                max_length=500,
                dir="auto",
                class_name="sm:col-span-2",
            ),
            choice_field(
                "rating",
                _("What they thought, from 1 to 5"),
                [
                    ("", _("They did not say")),
                    *((str(number), str(number)) for number in range(1, 6)),
                ],
                one.rating,
                id="edit-rating",
            ),
            line("said", _("In their words"), one.said, max_length=5000, dir="auto"),
            rx.el.div(
                rx.el.button(_("Save"), type="submit", class_name="btn"),
                rx.el.button(
                    _("Cancel"),
                    type="button",
                    on_click=GuestsState.leave,
                    class_name="btn btn-quiet",
                ),
                rx.el.button(
                    icon("trash"),
                    _("Strike out"),
                    type="button",
                    on_click=GuestsState.remove(one.id),
                    class_name="btn btn-danger ms-auto",
                ),
                class_name="flex flex-wrap gap-2 sm:col-span-2",
            ),
            on_submit=GuestsState.save,
            class_name="grid gap-4 sm:grid-cols-2 py-4",
        ),
    )
