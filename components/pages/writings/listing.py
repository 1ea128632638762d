"""The list of one's texts, and the form of a new one; also as a page of an event."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import choice_field, text_field, tick
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.admin.tables import pages
from components.pages.events.parts import parts
from components.pages.office.frame import frame
from components.pages.writings.progress import progress
from components.text import _, ngettext
from state.filters import Option
from state.page import PageState
from state.writings.choices import ServiceOption
from state.writings.listing import WritingRow, WritingsState
from state.writings.writing import WritingState


def writings() -> rx.Component:
    """The page."""
    return frame(
        _("Proposals and texts"),
        rx.cond(
            WritingsState.ready,
            rx.el.div(
                rx.cond(
                    WritingsState.project_id != "",
                    rx.el.div(parts("texts", WritingsState.project_id), class_name="-mb-5"),
                ),
                _new(),
                _listed(),
                class_name="grid grid-cols-[minmax(0,1fr)] gap-5",
            ),
            skeleton(8),
        ),
        about=_("Written from what the market knows, kept for you alone, and sent to nobody."),
    )


def _new() -> rx.Component:
    return panel(
        _("A new text"),
        rx.cond(
            WritingState.target == "new",
            progress(),
            rx.el.div(
                rx.el.div(
                    _kind("proposal", _("Proposal")),
                    _kind("marketing", _("Marketing text")),
                    role="group",
                    aria_label=_("Kind of text"),
                    class_name="flex flex-wrap gap-2 mb-5",
                ),
                rx.cond(WritingsState.kind == "proposal", _proposal(), _marketing()),
            ),
        ),
        id="new-text",
    )


def _kind(kind: str, name: rx.Var[str]) -> rx.Component:
    chosen = WritingsState.kind == kind
    return rx.el.button(
        rx.cond(chosen, icon("check", "size-4"), rx.fragment()),
        name,
        type="button",
        on_click=WritingsState.choose_kind(kind),
        class_name=rx.cond(chosen, "chip bg-brand-tint border-brand-ink", "chip"),
        custom_attrs={"aria-pressed": chosen, "data-kind": kind},
    )


def _proposal() -> rx.Component:
    return _form(
        "proposal",
        rx.cond(
            (WritingsState.project_id == "") & (WritingsState.events.length() > 0),
            rx.el.div(
                rx.el.label(_("For which event"), html_for="event", class_name=_LABEL),
                rx.el.select(
                    rx.el.option(_("For none"), value=""),
                    rx.foreach(WritingsState.events, _option),
                    id="event",
                    name="event",
                    value=WritingsState.chosen_event,
                    on_change=WritingsState.choose_event,
                    class_name="field",
                ),
            ),
        ),
        rx.el.fieldset(
            rx.el.legend(_("Services to propose"), class_name=_LABEL),
            rx.cond(
                WritingsState.services.length() > 0,
                rx.el.div(
                    rx.foreach(WritingsState.services, _service),
                    class_name="grid sm:grid-cols-2 gap-x-4",
                ),
                rx.el.p(
                    _("None is on the shortlist."),
                    " ",
                    link(_("Find services"), href=PageState.home + "/search", class_name="link"),
                    class_name="text-muted",
                ),
            ),
            class_name="sm:col-span-2",
        ),
    )


def _service(one: rx.vars.ObjectVar[ServiceOption]) -> rx.Component:
    return rx.el.div(
        tick(
            "service." + one.value.to(str),  # pyright: ignore[reportArgumentType]
            rx.el.bdi(one.name),  # pyright: ignore[reportArgumentType]
            one.ticked,
            hint=rx.el.bdi(one.provider),  # pyright: ignore[reportArgumentType]
        ),
        # Made anew for another event, for a box keeps whether it was ticked.
        key=WritingsState.chosen_event.to(str) + one.value.to(str),
    )


def _marketing() -> rx.Component:
    return rx.cond(
        WritingsState.subjects.length() > 0,
        _form(
            "marketing",
            choice_field("subject", _("What it makes known"), WritingsState.subjects),
            choice_field(
                "channel",
                _("Where it will stand"),
                [
                    ("", _("Anywhere")),
                    ("page", _("On a web page")),
                    ("post", _("On social media")),
                    ("letter", _("In a letter")),
                    ("leaflet", _("On a leaflet")),
                ],
            ),
            choice_field(
                "length",
                _("Length"),
                [("long", _("As much as there is to say")), ("short", _("A few sentences"))],
            ),
        ),
        rx.el.p(
            _("There is nothing yet to make known: begin an event, or keep a service in mind."),
            class_name="text-muted",
        ),
    )


def _form(kind: str, *fields: rx.Component) -> rx.Component:
    """The fields that every text has, below its own."""
    return rx.el.form(
        rx.el.input(type="hidden", name="kind", value=kind),
        rx.cond(
            WritingsState.project_id != "",
            rx.el.input(type="hidden", name="event", value=WritingsState.project_id),
        ),
        *fields,
        choice_field(
            "tone",
            _("Tone"),
            [
                ("", _("Plain")),
                ("warm", _("Warm")),
                ("formal", _("Formal")),
                ("lively", _("Lively")),
            ],
            hint=_("Only a language model heeds it."),
        ),
        choice_field("locale", _("Language"), WritingsState.languages, WritingsState.language),
        text_field(
            "note",
            _("What it should pay heed to"),
            rows=3,
            max_length=1000,
            dir="auto",
            class_name="sm:col-span-2",
        ),
        rx.cond(
            WritingsState.refused != "",
            rx.el.p(
                icon("alert-circle", "size-5 mt-0.5"),
                rx.el.span(WritingsState.refused),
                role="alert",
                class_name="flex gap-2.5 text-danger sm:col-span-2",
            ),
        ),
        rx.el.div(
            rx.el.button(icon("sparkles"), _("Have it written"), type="submit", class_name="btn"),
            class_name="sm:col-span-2",
        ),
        on_submit=WritingState.write,
        key=kind,
        class_name="grid gap-4 sm:grid-cols-2",
        custom_attrs={"data-form": kind},
    )


def _option(one: rx.vars.ObjectVar[Option]) -> rx.Component:
    return rx.el.option(one.name, value=one.value)


def _listed() -> rx.Component:
    return panel(
        _("What was written"),
        rx.cond(
            WritingsState.rows.length() > 0,
            rx.el.ul(rx.foreach(WritingsState.rows, _row), id="texts", class_name="grid gap-3"),
            empty(
                "file-text",
                _("Nothing was written yet"),
                _("Choose above what the text is about; it is kept here with each version."),
            ),
        ),
        pages(
            WritingsState.number, WritingsState.pages, WritingsState.turn(-1), WritingsState.turn(1)
        ),
        about=ngettext("%(count)s text", "%(count)s texts", WritingsState.total),
    )


def _row(one: rx.vars.ObjectVar[WritingRow]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            link(
                rx.el.bdi(one.title),
                href=PageState.home + "/texts/" + one.id.to(str),
                class_name="link font-medium break-words inline-flex py-1",
            ),
            badge(one.kind_name),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.el.p(
            one.beginning,
            class_name="text-sm break-words mt-1",
            dir=one.direction,
            lang=one.locale,
        ),
        rx.el.p(
            rx.el.bdi(one.language),
            " · ",
            rx.el.bdi(one.made),
            " · ",
            rx.el.bdi(one.on),
            class_name="text-sm text-muted mt-1.5",
        ),
        key=one.id,
        class_name="p-4 rounded-md border border-line",
    )


_LABEL = "block mb-1.5 font-medium"
