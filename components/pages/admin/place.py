"""Languages, currency and time zone."""

import reflex as rx

from components.pages.admin.fields import choice_field, labelled, save_bar, tick
from components.pages.admin.panels import conflict, panel
from components.pages.admin.shell import shell
from components.text import _
from state.admin.place import Language, PlaceState


def place() -> rx.Component:
    """The page of the market's languages, currency and time zone."""
    return shell(
        _("Languages and money"),
        conflict(
            PlaceState.conflicts,
            keep_mine=PlaceState.keep_mine,
            take_theirs=PlaceState.take_theirs,
        ),
        rx.el.form(
            panel(
                _("Languages"),
                rx.el.fieldset(
                    rx.el.legend(_("Languages that visitors can choose"), class_name="sr-only"),
                    rx.el.div(
                        rx.foreach(PlaceState.offered, _language),
                        class_name="grid gap-x-6 sm:grid-cols-2 lg:grid-cols-3",
                    ),
                    custom_attrs={"aria-describedby": "locales-about"},
                ),
                _problem("locales"),
                rx.el.div(
                    rx.el.label(
                        _("First language"),
                        html_for="default_locale",
                        class_name="block mb-1.5 font-medium",
                    ),
                    rx.el.select(
                        rx.foreach(
                            PlaceState.offered,
                            lambda one: rx.el.option(one.name, value=one.code),
                        ),
                        id="default_locale",
                        name="default_locale",
                        default_value=PlaceState.default_locale,
                        class_name="field",
                        custom_attrs={"aria-describedby": "default_locale-hint"},
                    ),
                    rx.el.p(
                        _("For visitors whose own language the market does not speak."),
                        id="default_locale-hint",
                        class_name="text-sm text-muted mt-1.5",
                    ),
                    _problem("default_locale"),
                    class_name="max-w-sm mt-4",
                ),
                about=_("Texts in a language that you take away are kept, and come back with it."),
            ),
            panel(
                _("Money and time"),
                rx.el.div(
                    choice_field(
                        "currency",
                        _("Currency"),
                        PlaceState.currencies,
                        PlaceState.currency,
                        hint=_("For new prices. Those that are written keep theirs."),
                        problem=_told("currency"),
                    ),
                    labelled(
                        "timezone",
                        _("Time zone"),
                        rx.el.input(
                            id="timezone",
                            name="timezone",
                            list="zones",
                            default_value=PlaceState.timezone,
                            auto_complete="off",
                            spell_check=False,
                            class_name="field",
                            custom_attrs={"dir": "ltr"},
                        ),
                        hint=_("Type a city, such as Berlin."),
                        problem=_told("timezone"),
                    ),
                    rx.el.datalist(
                        rx.foreach(PlaceState.zones, lambda zone: rx.el.option(value=zone)),
                        id="zones",
                    ),
                    class_name="grid gap-5 sm:grid-cols-2",
                ),
            ),
            save_bar(),
            on_submit=PlaceState.save,
            key=PlaceState.version.to(str),
        ),
        about=_("Which languages visitors can choose, and how prices and dates are written."),
        undo=PlaceState.undo,
    )


def _language(one: rx.vars.ObjectVar[Language]) -> rx.Component:
    return tick(f"speak.{one.code}", one.name, one.spoken, lang=one.code)


def _told(field: str) -> rx.Var[str]:
    return rx.cond(PlaceState.problem_field == field, PlaceState.problem, "")


def _problem(field: str) -> rx.Component:
    return rx.cond(
        PlaceState.problem_field == field,
        rx.el.p(PlaceState.problem, role="alert", class_name="text-sm text-danger mt-1.5"),
    )
