"""Who answers for whom, and what it may cost: parts of the page of chat models."""

from typing import Any

import reflex as rx

from components.pages.admin.fields import save_bar, text_field
from components.pages.admin.panels import panel
from components.text import _
from state.admin.model_rows import LONGEST_CHAIN_SHOWN, ChainRow
from state.admin.models import ModelsState


def chains() -> rx.Component:
    """Which models answer for each agent, in order, and how each writes."""
    return panel(
        _("Who answers"),
        rx.el.div(rx.foreach(ModelsState.chains, _chain), class_name="grid gap-3"),
        about=_(
            "The first model is asked first. When it fails or is too slow, the next one answers; "
            "last of all the answer is composed without a model."
        ),
        id="chains",
    )


def _chain(one: rx.vars.ObjectVar[ChainRow]) -> rx.Component:
    def number(name: str, label: rx.Var[str], value: rx.Var[str]) -> rx.Component:
        return rx.el.label(
            rx.el.span(label, class_name="block mb-1.5 text-sm font-medium"),
            rx.el.input(type="text", name=name, default_value=value, class_name="field", dir="ltr"),
        )

    return rx.el.details(
        rx.el.summary(
            rx.el.span(one.name, class_name="font-medium"),
            rx.el.span(one.line, class_name="text-muted block text-sm", dir="auto"),
            class_name="cursor-pointer py-2",
        ),
        rx.el.form(
            rx.el.div(
                *(
                    _place(f"place-{place}", label, one.places.to(list[str])[place])
                    for place, label in zip(
                        range(LONGEST_CHAIN_SHOWN),
                        (_("First"), _("Then"), _("Then, third"), _("Then, fourth")),
                        strict=True,
                    )
                ),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
            rx.el.div(
                number("first_token", _("Seconds to the first word"), one.first_token),
                number("total", _("Seconds to the last"), one.total),
                number("temperature", _("Temperature"), one.temperature),
                number("max_tokens", _("Longest answer, in tokens"), one.max_tokens),
                number("top_p", _("Top-p"), one.top_p),
                number("frequency_penalty", _("Frequency penalty"), one.frequency_penalty),
                class_name="grid gap-4 grid-cols-2 sm:grid-cols-3 mt-4",
            ),
            save_bar(
                rx.cond(
                    one.own,
                    _act(
                        _("As the platform has it"),
                        ModelsState.unset_chain(one.agent, one.version),
                    ),
                )
            ),
            on_submit=lambda form: ModelsState.save_chain(one.agent, one.version, form),
            key=one.agent.to(str) + "-" + ModelsState.changed.to(str),
            class_name="pb-4",
        ),
        class_name="border-b border-line",
    )


def _place(name: str, label: rx.Var[str], chosen: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="block mb-1.5 text-sm font-medium"),
        rx.el.select(
            rx.el.option("—", value=""),
            rx.foreach(ModelsState.choices, lambda one: rx.el.option(one.name, value=one.value)),
            name=name,
            default_value=chosen,
            class_name="field",
        ),
    )


def limits() -> rx.Component:
    """What answers may use in a day."""

    def field(name: str, label: rx.Var[str]) -> rx.Component:
        return text_field(name, label, ModelsState.limits[name], dir="ltr")

    return panel(
        _("Budget of a day"),
        rx.el.p(ModelsState.used, class_name="mb-4 tabular-nums"),
        rx.el.form(
            rx.el.div(
                field("market_tokens", _("Tokens for everybody together")),
                field("person_tokens", _("Tokens for each person")),
                field("market_money", _("Money for everybody together")),
                field("person_money", _("Money for each person")),
                class_name="grid gap-4 sm:grid-cols-2 max-w-2xl",
            ),
            save_bar(),
            on_submit=ModelsState.save_limits,
            key="limits-" + ModelsState.changed.to(str),
        ),
        about=_(
            "In the market's currency; empty is without a limit. When it is used up, answers are "
            "composed without a model. Days end at midnight, UTC."
        ),
        id="budget",
    )


def _act(text: rx.Var[str], event: Any) -> rx.Component:
    return rx.el.button(text, type="button", on_click=event, class_name="btn btn-quiet")
