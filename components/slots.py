"""What was understood, as chips above the composer that can be put right."""

from typing import Literal

import reflex as rx

from components.icons import icon
from components.text import _
from state.correcting import CorrectingState
from state.filters import Option
from state.slots import Chip, SlotState


def slot_chips() -> rx.Component:
    """The chips and, where one is being put right, its field."""
    return rx.cond(
        (SlotState.chips.length() > 0) | (SlotState.asks.length() > 0),
        rx.el.div(
            rx.el.ul(
                rx.foreach(SlotState.chips, _known),
                rx.foreach(SlotState.asks, _asked),
                class_name="slot-chips",
                aria_label=_("What I understood"),
            ),
            rx.cond(SlotState.editing != "", _form()),
            class_name="mb-2",
            id="slots",
        ),
    )


def _known(chip: rx.vars.ObjectVar[Chip]) -> rx.Component:
    words = rx.fragment(
        _symbol(chip.kind),
        rx.el.span(chip.name, class_name="sr-only"),
        rx.el.bdi(chip.text),
        rx.cond(chip.unsure, rx.el.span("?", class_name="font-semibold")),
    )
    return rx.el.li(
        rx.cond(
            chip.editable,
            rx.el.button(
                words,
                icon("pencil", "size-3.5 text-muted"),
                rx.el.span(_("Change"), class_name="sr-only"),
                type="button",
                on_click=SlotState.edit(chip.kind),
                class_name="chip slot-chip",
                aria_expanded=SlotState.editing == chip.kind,
            ),
            rx.el.span(words, class_name="chip slot-chip"),
        ),
        key=chip.kind.to(str) + chip.text.to(str),
        custom_attrs={"data-slot": chip.kind},
    )


def _asked(chip: rx.vars.ObjectVar[Chip]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            chip.editable,
            rx.el.button(
                icon("plus", "size-3.5"),
                rx.el.span(chip.name),
                type="button",
                on_click=SlotState.edit(chip.kind),
                class_name="chip slot-chip slot-asked",
                aria_expanded=SlotState.editing == chip.kind,
            ),
        ),
        key="?" + chip.kind.to(str),
        custom_attrs={"data-asked": chip.kind},
    )


def _symbol(kind: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        rx.match(
            kind,
            ("date", icon("calendar", "size-4")),
            ("time", icon("clock", "size-4")),
            ("duration", icon("clock", "size-4")),
            ("money", icon("calculator", "size-4")),
            ("guests", icon("users", "size-4")),
            ("place", icon("map-pin", "size-4")),
            icon("language", "size-4"),
        )
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.label(SlotState.name, html_for="slot-value", class_name="text-sm text-muted"),
        rx.el.div(
            rx.match(
                SlotState.editing,
                ("place", _choice()),
                ("language", _choice()),
                ("date", _field("date")),
                ("time", _field("time")),
                _number(),
            ),
            rx.cond(SlotState.editing == "money", rx.el.span(SlotState.currency)),
            rx.el.button(_("Answer again"), type="submit", class_name="btn"),
            rx.el.button(
                icon("x"),
                rx.el.span(_("Cancel"), class_name="sr-only"),
                type="button",
                on_click=SlotState.leave,
                class_name="btn btn-quiet px-3!",
            ),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.cond(
            SlotState.problem != "",
            rx.el.p(SlotState.problem, role="alert", class_name="text-sm text-danger"),
        ),
        on_submit=CorrectingState.save,
        key=SlotState.editing,
        class_name="slot-form",
    )


def _field(kind: Literal["date", "time"]) -> rx.Component:
    return rx.el.input(
        type=kind,
        name="value",
        id="slot-value",
        default_value=SlotState.value,
        auto_focus=True,
        class_name="field w-auto!",
    )


def _number() -> rx.Component:
    return rx.el.input(
        type="text",
        input_mode="decimal",
        name="value",
        id="slot-value",
        default_value=SlotState.value,
        auto_focus=True,
        max_length=20,
        class_name="field w-36!",
        dir="ltr",
    )


def _choice() -> rx.Component:
    return rx.el.select(
        rx.el.option(_("Not said"), value=""),
        rx.foreach(
            SlotState.options,
            _option,
        ),
        name="value",
        id="slot-value",
        default_value=SlotState.value,
        auto_focus=True,
        class_name="field w-auto!",
    )


def _option(option: rx.vars.ObjectVar[Option]) -> rx.Component:
    return rx.el.option(option.name, value=option.value)
