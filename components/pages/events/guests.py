"""The guests of an event: how they stand, the list, and what they thought."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.panels import empty, figure, panel, skeleton
from components.pages.admin.tables import pages
from components.pages.events.guest_forms import adding, others
from components.pages.events.guest_rows import guest
from components.pages.events.opinions import opinions
from components.pages.events.parts import parts
from components.pages.office.frame import frame
from components.text import _, ngettext
from state.filters import Option
from state.projects.guest_figures import Bar, GuestFiguresState
from state.projects.guests import GuestsState


def guests() -> rx.Component:
    """The page."""
    return frame(
        _("Guest list"),
        rx.el.link(rel="stylesheet", href="/guests.css"),
        rx.cond(GuestsState.ready, _content(), skeleton(8)),
        undo=GuestsState.undo,
    )


def _content() -> rx.Component:
    return rx.el.div(
        rx.cond(GuestsState.at_door, rx.fragment(), _standing()),
        _list(),
        rx.cond(
            GuestsState.at_door,
            others(),
            rx.fragment(adding(), opinions()),
        ),
        class_name="grid grid-cols-[minmax(0,1fr)] gap-5",
    )


def _standing() -> rx.Component:
    return rx.el.div(
        parts("guests", GuestsState.project_id),
        rx.el.dl(
            figure(_("Persons on the list"), GuestFiguresState.invited),
            figure(_("Coming"), GuestFiguresState.coming),
            figure(_("No answer yet"), GuestFiguresState.waiting),
            figure(_("Declined"), GuestFiguresState.declined),
            figure(_("Came"), GuestFiguresState.came),
            class_name="grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-5 gap-3",
            id="guest-figures",
        ),
        rx.cond(GuestFiguresState.invited != "0", _chart()),
    )


def _chart() -> rx.Component:
    """The figures against the planned number; all of it stands in words beside, too."""
    return rx.el.div(
        rx.el.p(
            _key("sure", _("Coming")),
            _key("maybe", _("No answer yet")),
            rx.cond(
                GuestFiguresState.planned != "",
                _key("mark", _("Planned: %(count)s", count=GuestFiguresState.planned)),
            ),
            class_name="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted mb-3",
        ),
        rx.el.ul(rx.foreach(GuestFiguresState.bars, _bar), class_name="grid gap-3"),
        rx.cond(
            GuestFiguresState.remark != "",
            rx.el.p(GuestFiguresState.remark, class_name="text-sm mt-3", id="guest-remark"),
        ),
        class_name="admin-panel mt-3",
    )


def _key(kind: str, name: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name="guest-key", custom_attrs={"data-kind": kind}),
        name,
        class_name="inline-flex items-center gap-1.5",
    )


def _bar(one: rx.vars.ObjectVar[Bar]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one.name),
            rx.el.span(one.amount, class_name="tabular-nums font-medium"),
            class_name="flex justify-between gap-4 text-sm",
        ),
        rx.el.svg(
            rx.el.svg.rect(x="0", y="2", width="100%", height="14", class_name="guest-bed"),
            rx.el.svg.rect(
                x=f"{one.width}%",
                y="2",
                width=f"{one.more}%",
                height="14",
                class_name="guest-maybe",
            ),
            rx.el.svg.rect(
                x="0", y="2", width=f"{one.width}%", height="14", class_name="guest-sure"
            ),
            rx.cond(
                GuestFiguresState.planned != "",
                rx.el.svg.line(
                    x1=f"{GuestFiguresState.mark}%",
                    x2=f"{GuestFiguresState.mark}%",
                    y1="0",
                    y2="18",
                    class_name="guest-mark",
                ),
            ),
            width="100%",
            height="18",
            class_name="guest-bars mt-1",
            custom_attrs={"aria-hidden": "true"},
        ),
        key=one.key,
    )


def _list() -> rx.Component:
    return panel(
        rx.cond(GuestsState.at_door, _("Who is here"), _("Who is on the list")).to(str),
        _search(),
        rx.cond(
            GuestsState.rows.length() > 0,
            rx.el.ul(
                rx.foreach(GuestsState.rows, guest),
                id="guests",
                class_name=rx.cond(GuestsState.at_door, "guest-door", ""),
            ),
            rx.cond(
                (GuestsState.words != "") | (GuestsState.standing != ""),
                rx.el.p(_("Nobody is found."), class_name="text-muted py-6", role="status"),
                empty(
                    "users",
                    _("Nobody is on the list yet"),
                    _("Write one guest down below, or paste a whole list."),
                ),
            ),
        ),
        pages(GuestsState.number, GuestsState.pages, GuestsState.turn(-1), GuestsState.turn(1)),
        about=rx.cond(
            GuestsState.at_door,
            _(
                "Came: %(came)s, expected: %(coming)s",
                came=GuestFiguresState.came,
                coming=GuestFiguresState.coming,
            ),
            ngettext("%(count)s entry", "%(count)s entries", GuestsState.total),
        ).to(str),
        actions=(
            rx.el.button(
                rx.cond(
                    GuestsState.at_door,
                    rx.fragment(icon("arrow-back-up", "size-5 icon-along"), _("The whole page")),
                    rx.fragment(icon("circle-check"), _("At the door")),
                ),
                type="button",
                on_click=GuestsState.go_to_door(~GuestsState.at_door),
                class_name="btn btn-quiet guest-tool",
                id="door",
            ),
            rx.cond(
                GuestsState.at_door,
                rx.fragment(),
                link(
                    icon("download"),
                    _("Spreadsheet (CSV)"),
                    href="/events/" + GuestsState.project_id.to(str) + "/guests.csv",
                    class_name="btn btn-quiet guest-tool",
                ),
            ),
        ),
    )


def _search() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label(_("Find a guest"), html_for="guest-words", class_name="sr-only"),
            rx.el.input(
                type="search",
                id="guest-words",
                default_value=GuestsState.words,
                placeholder=_("Name, address or note"),
                on_change=GuestsState.seek.debounce(250),
                max_length=100,
                auto_complete="off",
                dir="auto",
                class_name="field",
                key="words-" + GuestsState.drawn.to(str),
            ),
            class_name="flex-1 basis-64 min-w-0",
        ),
        rx.el.div(
            rx.foreach(GuestsState.standings, _standing_chip),
            role="group",
            aria_label=_("Show only"),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="flex flex-wrap gap-3 mb-3 guest-tool",
    )


def _standing_chip(one: rx.vars.ObjectVar[Option]) -> rx.Component:
    chosen = GuestsState.standing == one.value
    return rx.el.button(
        rx.cond(chosen, icon("check", "size-4"), rx.fragment()),
        one.name,
        type="button",
        on_click=GuestsState.choose(one.value),
        class_name=rx.cond(chosen, "chip bg-brand-tint border-brand-ink", "chip"),
        custom_attrs={"aria-pressed": chosen},
        key=one.value,
    )
