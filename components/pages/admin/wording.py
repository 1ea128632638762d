"""The market's own words."""

import reflex as rx

from components.pages.admin.fields import save_bar
from components.pages.admin.panels import conflict, panel
from components.pages.admin.shell import shell
from components.text import _
from state.admin.wording import Phrase, PhraseGroup, WordingState


def wording() -> rx.Component:
    """The page of the market's own words."""
    return shell(
        _("Wording"),
        conflict(
            WordingState.conflicts,
            keep_mine=WordingState.keep_mine,
            take_theirs=WordingState.take_theirs,
        ),
        panel(
            _("Your own words"),
            rx.el.label(_("Language"), html_for="language", class_name="block mb-1.5 font-medium"),
            rx.el.select(
                rx.foreach(
                    WordingState.spoken, lambda one: rx.el.option(one.name, value=one.value)
                ),
                id="language",
                value=WordingState.chosen,
                on_change=WordingState.choose,
                class_name="field max-w-xs",
            ),
            rx.el.label(
                _("Find a text"), html_for="sought", class_name="block mt-4 mb-1.5 font-medium"
            ),
            rx.el.input(
                id="sought",
                type="search",
                default_value=WordingState.sought,
                on_change=WordingState.seek.debounce(300),
                max_length=100,
                dir="auto",
                class_name="field max-w-md",
            ),
            rx.el.p(
                rx.cond(WordingState.none_found, rx.fragment(_("No text holds that."))),
                role="status",
                class_name="text-muted mt-3 empty:hidden",
            ),
            rx.el.form(
                rx.foreach(WordingState.groups, _group),
                save_bar(),
                on_submit=WordingState.save,
                key=f"{WordingState.chosen}{WordingState.version}",
            ),
            about=_(
                "Leave a field empty to keep the usual words. What stands in %(gap)s is filled in"
                " by the program; take it over as it is, or leave it out.",
                gap="%(…)s",
            ),
        ),
        about=_("Say some things in your own way, in each language."),
        undo=WordingState.undo,
    )


def _group(one: rx.vars.ObjectVar[PhraseGroup]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(one.name, class_name="text-lg mt-8"),
        rx.el.ul(
            rx.foreach(one.phrases.to(list[Phrase]), _phrase),
            class_name="grid gap-5 mt-4",
            dir=WordingState.chosen_direction,
            lang=WordingState.chosen,
        ),
        hidden=one.hidden,
    )


def _phrase(one: rx.vars.ObjectVar[Phrase]) -> rx.Component:
    name = f"words.{one.place}"
    return rx.el.li(
        rx.el.label(one.usual, html_for=name, class_name="block mb-1.5 font-medium"),
        rx.el.input(
            id=name,
            name=name,
            default_value=one.own,
            placeholder=one.usual,
            max_length=300,
            class_name="field",
        ),
        rx.cond(
            WordingState.problem_field == f"{WordingState.chosen}.{one.place}",
            rx.el.p(WordingState.problem, role="alert", class_name="text-sm text-danger mt-1.5"),
        ),
        # Hidden, not left out: what was typed stays in the form.
        hidden=one.hidden,
    )
