"""Fields of native forms."""

from collections.abc import Sequence

import reflex as rx

from state.filters import Option


def choice(
    name: str,
    label: rx.Var[str],
    everything: rx.Var[str],
    options: rx.Var[Sequence[Option]],
    chosen: rx.Var[str],
) -> rx.Component:
    """A labelled select; its first choice, `everything`, sends nothing."""
    return rx.el.label(
        rx.el.span(label, class_name="block text-xs text-muted mb-1"),
        rx.el.select(
            rx.el.option(everything, value=""),
            rx.foreach(options, lambda option: rx.el.option(option.name, value=option.value)),
            name=name,
            default_value=chosen,
            class_name="field py-2 min-h-11 text-sm",
        ),
        class_name="flex-1 basis-36 min-w-0 sm:max-w-60",
    )


def amount(name: str, label: rx.Var[str], value: rx.Var[str]) -> rx.Component:
    """A labelled field for an amount of money."""
    return rx.el.label(
        rx.el.span(label, class_name="block text-xs text-muted mb-1"),
        rx.el.input(
            name=name,
            default_value=value,
            custom_attrs={"inputmode": "decimal"},
            class_name="field py-2 min-h-11 text-sm",
        ),
        class_name="flex-1 basis-28 min-w-0 sm:max-w-40",
    )
