"""The form of a listing: texts side by side, price, place, languages, tags."""

from typing import Any

import reflex as rx

from components.pages.admin.fields import labelled, save_bar, text_field
from components.pages.admin.panels import panel
from components.text import _
from state.listings import ListingForm, ListingTexts


def listing_form(state: type[ListingForm]) -> rx.Component:
    """The form over the fields of `state`."""

    def problem(name: str) -> rx.Var[str]:
        return rx.cond(state.problem_field == name, state.problem, "").to(str)

    def line(name: str, label: rx.Var[str], **more: Any) -> rx.Component:
        return text_field(name, label, state.told[name], problem=problem(name), **more)

    def texts(one: rx.vars.ObjectVar[ListingTexts]) -> rx.Component:
        def written(name: str, label: rx.Var[str], value: rx.Var[str], **more: Any) -> Any:
            return text_field(
                f"{name}.{one.code}",
                label,
                value,
                problem=problem(name),
                lang=one.code,
                dir="auto",
                **more,
            )

        return rx.el.fieldset(
            rx.el.legend(one.language, class_name="font-medium text-muted mb-2"),
            rx.el.div(
                written("title", _("Title"), one.title, max_length=200),
                written("description", _("Description"), one.description, rows=7),
                written("city", _("City"), one.city, max_length=200),
                class_name="grid gap-4",
            ),
            class_name="min-w-0",
        )

    return rx.el.form(
        panel(
            _("Texts"),
            rx.el.div(rx.foreach(state.texts, texts), class_name="grid gap-6 lg:grid-cols-2"),
            about=_("Each language has its own; readers of others see the nearest."),
        ),
        panel(
            _("Category and price"),
            rx.el.div(
                category_field(
                    state.kinds,
                    state.told["category"],
                    problem("category"),
                    class_name="sm:col-span-3",
                ),
                line("amount", _("Price"), input_mode="decimal"),
                line("currency", _("Currency"), max_length=3),
                labelled(
                    "unit",
                    _("Unit"),
                    rx.el.select(
                        rx.el.option("—", value=""),
                        rx.foreach(
                            state.units, lambda one: rx.el.option(one.name, value=one.value)
                        ),
                        id="unit",
                        name="unit",
                        default_value=state.told["unit"],
                        class_name="field",
                    ),
                ),
                class_name="grid gap-4 sm:grid-cols-3",
            ),
            class_name="admin-panel mt-5",
        ),
        panel(
            _("Place, languages and tags"),
            rx.el.div(
                line(
                    "languages",
                    _("Languages spoken"),
                    hint=_("Codes with commas between them, such as en, de."),
                ),
                line("tags", _("Tags"), hint=_("Words with commas between them.")),
                line("lat", _("Latitude"), input_mode="decimal"),
                line("lon", _("Longitude"), input_mode="decimal"),
                line("radius_km", _("Radius in kilometres"), input_mode="decimal"),
                line("photo", _("Picture"), kind="text", hint=_("An address with https://.")),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
            class_name="admin-panel mt-5",
        ),
        save_bar(),
        on_submit=state.save,
        # Made anew when another listing or version is shown: fields keep what was typed otherwise.
        key=state.listing_id.to(str) + "-" + state.version.to(str),
    )


def category_field(
    kinds: Any, chosen: str | rx.Var[str], problem: rx.Var[str], class_name: str = ""
) -> rx.Component:
    """A choice among categories; nothing is chosen before the person did."""
    return labelled(
        "category",
        _("Category"),
        rx.el.select(
            rx.el.option(_("Choose a category."), value=""),
            rx.foreach(kinds, lambda one: rx.el.option(one.name, value=one.value)),
            id="category",
            name="category",
            default_value=chosen,
            required=True,
            class_name="field",
        ),
        problem=problem,
        class_name=class_name,
    )


def state_badge(state: rx.Var[str], name: rx.Var[str]) -> rx.Component:
    """The state of a listing in a word."""
    kind = rx.match(
        state,
        ("published", "good"),
        ("waiting", "warn"),
        ("refused", "bad"),
        "plain",
    )
    return rx.el.span(name, class_name="admin-badge", custom_attrs={"data-kind": kind})
