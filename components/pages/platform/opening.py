"""The form that opens a market."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import choice_field, labelled, save_bar, text_field, tick
from components.pages.admin.panels import panel
from components.pages.platform.frame import platform_shell
from components.text import _
from state.admin.place import Language
from state.page import PageState
from state.platform.opening import OpeningState


def opening() -> rx.Component:
    """The page on which a market is opened."""
    return platform_shell(
        _("Open a market"),
        rx.cond(OpeningState.opened_id != "", _opened()),
        rx.el.form(
            panel(
                _("Address"),
                rx.el.div(
                    text_field(
                        "key",
                        _("Key"),
                        hint=_("Short name in addresses: letters a-z, digits, hyphens."),
                        problem=_told("key"),
                        dir="ltr",
                        required=True,
                        max_length=40,
                        auto_complete="off",
                        auto_capitalize="off",
                        spell_check=False,
                    ),
                    text_field(
                        "host",
                        _("Host"),
                        hint=_(
                            "Empty: the key before %(host)s.",
                            host=OpeningState.platform_host,
                        ),
                        problem=_told("host"),
                        dir="ltr",
                        max_length=253,
                        auto_complete="off",
                        auto_capitalize="off",
                        spell_check=False,
                    ),
                    class_name="grid gap-5 sm:grid-cols-2",
                ),
            ),
            panel(
                _("Languages and names"),
                rx.el.div(
                    rx.foreach(OpeningState.languages, _language),
                    class_name="grid gap-4",
                ),
                _problem("locales"),
                rx.el.div(
                    labelled(
                        "default_locale",
                        _("First language"),
                        rx.el.select(
                            rx.foreach(
                                OpeningState.languages,
                                lambda one: rx.el.option(
                                    one.name, value=one.code, selected=one.spoken
                                ),
                            ),
                            id="default_locale",
                            name="default_locale",
                            class_name="field",
                        ),
                        problem=_told("default_locale"),
                    ),
                    class_name="max-w-sm mt-5",
                ),
                about=_("Tick the languages that the market speaks, and name it in each."),
            ),
            panel(
                _("Money and time"),
                rx.el.div(
                    choice_field(
                        "currency",
                        _("Currency"),
                        OpeningState.currencies,
                        "EUR",
                        problem=_told("currency"),
                    ),
                    text_field(
                        "timezone",
                        _("Time zone"),
                        "UTC",
                        hint=_("Type a city, such as Berlin."),
                        problem=_told("timezone"),
                        list="zones",
                        dir="ltr",
                        auto_complete="off",
                        spell_check=False,
                    ),
                    rx.el.datalist(
                        rx.foreach(OpeningState.zones, lambda zone: rx.el.option(value=zone)),
                        id="zones",
                    ),
                    class_name="grid gap-5 sm:grid-cols-2",
                ),
            ),
            panel(
                _("Owner"),
                text_field(
                    "owner",
                    _("E-mail"),
                    hint=_("Gets a letter with a link, good for seven days. May be left empty."),
                    problem=_told("owner"),
                    kind="email",
                    dir="ltr",
                    max_length=254,
                    auto_complete="off",
                    class_name="max-w-md",
                ),
            ),
            save_bar(verb=_("Open the market")),
            on_submit=OpeningState.open_market,
            key=OpeningState.number.to(str),
            no_validate=True,
        ),
        about=_("A market has its own people, catalogue and addresses."),
    )


def _opened() -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            icon("circle-check", "size-6 inline-block me-2 align-[-0.2em] text-brand-ink"),
            _("%(name)s is open.", name=OpeningState.opened_name),
            class_name="text-lg",
        ),
        rx.cond(
            OpeningState.invited != "",
            rx.el.p(
                _(
                    "The invitation is on its way to %(email)s.",
                    email=OpeningState.invited,
                ),
                class_name="text-muted mt-1",
            ),
            rx.el.p(_("It has no owner yet."), class_name="text-muted mt-1"),
        ),
        rx.el.div(
            link(
                icon("external-link"),
                _("Visit the market"),
                href=OpeningState.opened_home,
                class_name="btn",
            ),
            link(
                _("Figures and quotas"),
                href=PageState.home + "/platform/markets/" + OpeningState.opened_id,
                class_name="btn btn-quiet",
            ),
            class_name="flex flex-wrap gap-2 mt-4",
        ),
        id="opened",
        class_name="admin-panel",
    )


def _language(one: rx.vars.ObjectVar[Language]) -> rx.Component:
    name = f"name.{one.code}"
    problem = rx.cond(OpeningState.problem_field == name, OpeningState.problem, "")
    return rx.el.div(
        tick(f"speak.{one.code}", one.name, one.spoken, lang=one.code),
        rx.el.div(
            rx.el.input(
                id=name,
                name=name,
                max_length=60,
                auto_complete="off",
                lang=one.code,
                dir="auto",
                class_name="field",
                aria_label=_("Name: %(language)s", language=one.name),
            ),
            rx.cond(
                problem != "",
                rx.el.p(problem, role="alert", class_name="text-sm text-danger mt-1.5"),
            ),
            class_name="min-w-0",
        ),
        class_name="grid gap-x-5 sm:grid-cols-[12rem_minmax(0,1fr)]",
    )


def _told(field: str) -> rx.Var[str]:
    return rx.cond(OpeningState.problem_field == field, OpeningState.problem, "")


def _problem(field: str) -> rx.Component:
    return rx.cond(
        OpeningState.problem_field == field,
        rx.el.p(OpeningState.problem, role="alert", class_name="text-sm text-danger mt-1.5"),
    )
