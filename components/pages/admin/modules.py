"""Modules on and off."""

import reflex as rx

from components.pages.admin.fields import save_bar, tick
from components.pages.admin.panels import conflict, panel
from components.pages.admin.shell import shell
from components.text import _
from state.admin.modules import ModulesState, Switch


def modules() -> rx.Component:
    """The page of what the market has and does without."""
    return shell(
        _("Modules"),
        conflict(
            ModulesState.conflicts,
            keep_mine=ModulesState.keep_mine,
            take_theirs=ModulesState.take_theirs,
        ),
        panel(
            _("What the market has"),
            rx.el.form(
                rx.el.div(
                    rx.foreach(ModulesState.switches, _switch), class_name="grid gap-1 max-w-2xl"
                ),
                save_bar(),
                on_submit=ModulesState.save,
                key=ModulesState.version.to(str),
            ),
            about=_(
                "What is switched off cannot be reached, and nothing leads there. Nothing is lost: "
                "it comes back as it was."
            ),
        ),
        about=_("Switch off what your market does without."),
        undo=ModulesState.undo,
    )


def _switch(one: rx.vars.ObjectVar[Switch]) -> rx.Component:
    return tick(f"module.{one.key}", one.name, one.on, hint=one.about)
