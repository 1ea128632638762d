"""Fields of the console's forms: a label, a hint and a refusal tied to each.

Forms are `rx.el.form(..., on_submit=State.save, key=State.version.to(str))`: with the key a form
takes new values after a save, for its fields keep what was typed otherwise.
"""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from components.icons import icon
from components.text import _

Kind = Literal["text", "email", "number", "url", "search", "date", "color"]


def labelled(
    name: str,
    label: str | rx.Var[str],
    control: rx.Component,
    *,
    hint: str | rx.Var[str] | None = None,
    problem: rx.Var[str] | None = None,
    class_name: str = "",
    control_id: str | None = None,
) -> rx.Component:
    """A control under its label; `problem` is shown in red while it is not empty.

    `control_id` is the control's own, where it is not its name.
    """
    return rx.el.div(
        rx.el.label(label, html_for=control_id or name, class_name="block mb-1.5 font-medium"),
        control,
        *(
            [rx.el.p(hint, id=f"{name}-hint", class_name="text-sm text-muted mt-1.5")]
            if hint is not None
            else []
        ),
        *(
            [
                rx.cond(
                    problem != "",
                    rx.el.p(
                        icon("alert-circle", "size-4 mt-1"),
                        rx.el.span(problem),
                        id=f"{name}-problem",
                        class_name="flex gap-1.5 text-sm text-danger mt-1.5",
                    ),
                )
            ]
            if problem is not None
            else []
        ),
        class_name=f"min-w-0 {class_name}".strip(),
    )


def text_field(
    name: str,
    label: str | rx.Var[str],
    value: str | rx.Var[str] = "",
    *,
    kind: Kind = "text",
    hint: str | rx.Var[str] | None = None,
    problem: rx.Var[str] | None = None,
    rows: int = 0,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A line of text, or `rows` lines of it."""
    more = _told(name, hint, problem) | props.pop("custom_attrs", {})
    usual: dict[str, Any] = {
        "id": name,
        "name": name,
        "default_value": value,
        "class_name": "field",
        "custom_attrs": more,
        **props,
    }
    control = rx.el.textarea(**usual, rows=str(rows)) if rows else rx.el.input(**usual, type=kind)
    return labelled(
        name,
        label,
        control,
        hint=hint,
        problem=problem,
        class_name=class_name,
        control_id=usual["id"],
    )


def choice_field(
    name: str,
    label: str | rx.Var[str],
    options: Sequence[tuple[str, str | rx.Var[str]]] | rx.Var[Any],
    value: str | rx.Var[str] = "",
    *,
    hint: str | rx.Var[str] | None = None,
    problem: rx.Var[str] | None = None,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A choice of one; `options` are pairs (value, name), or a Var of `state.filters.Option`."""
    if isinstance(options, rx.Var):
        listed = [rx.foreach(options, lambda one: rx.el.option(one.name, value=one.value))]
    else:
        listed = [rx.el.option(text, value=code) for code, text in options]
    control_id = props.pop("id", name)
    control = rx.el.select(
        *listed,
        id=control_id,
        name=name,
        default_value=value,
        class_name="field",
        custom_attrs=_told(name, hint, problem) | props.pop("custom_attrs", {}),
        **props,
    )
    return labelled(
        name,
        label,
        control,
        hint=hint,
        problem=problem,
        class_name=class_name,
        control_id=control_id,
    )


def tick(
    name: str,
    label: str | rx.Var[str],
    ticked: bool | rx.Var[bool] = False,
    *,
    hint: str | rx.Var[str] | None = None,
    **props: Any,
) -> rx.Component:
    """A box to tick; in the form's data it is there when ticked. `name` may be a Var."""
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=name, default_checked=ticked, class_name="admin-tick", **props
        ),
        rx.el.span(
            rx.el.span(label, class_name="block"),
            *(
                [rx.el.span(hint, class_name="block text-sm text-muted")]
                if hint is not None
                else []
            ),
            class_name="min-w-0",
        ),
        class_name="flex gap-3 items-start py-2.5 min-h-11",
    )


def save_bar(*more: rx.Component, verb: str | rx.Var[str] | None = None) -> rx.Component:
    """The end of a form: the button that sends it, and `more` beside."""
    return rx.el.div(
        rx.el.button(_("Save") if verb is None else verb, type="submit", class_name="btn"),
        *more,
        class_name="flex flex-wrap gap-2 mt-6",
    )


def _told(name: str, hint: str | rx.Var[str] | None, problem: rx.Var[str] | None) -> dict[str, Any]:
    ids = ([f"{name}-hint"] if hint is not None else []) + (
        [f"{name}-problem"] if problem is not None else []
    )
    told: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    if problem is not None:
        told["aria-invalid"] = rx.cond(problem != "", "true", rx.Var("undefined"))
    return told
