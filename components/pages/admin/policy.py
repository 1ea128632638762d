"""What the market asks of its people, and how long it keeps things."""

import reflex as rx

from components.pages.admin.fields import save_bar, tick
from components.pages.admin.panels import conflict, panel
from components.pages.admin.shell import shell
from components.text import _
from state.admin.policy import PolicyState, Term


def policy() -> rx.Component:
    """The page of the market's rules."""
    return shell(
        _("Rules"),
        conflict(
            PolicyState.conflicts,
            keep_mine=PolicyState.keep_mine,
            take_theirs=PolicyState.take_theirs,
        ),
        rx.el.form(
            panel(
                _("People"),
                tick(
                    "second_factor",
                    _("Staff needs a second factor"),
                    PolicyState.second_factor,
                    hint=_(
                        "Whoever has none can set it up in the account; until then they have the "
                        "rights of members. This holds for you as well."
                    ),
                ),
                tick(
                    "publish_at_once",
                    _("Providers publish without approval"),
                    PolicyState.publish_at_once,
                    hint=_("Otherwise new listings wait until your staff has looked at them."),
                ),
                tick(
                    "mask_personal_data",
                    _("Personal data is masked for outside models"),
                    PolicyState.mask_personal_data,
                    hint=_(
                        "E-mail addresses, telephone, card and document numbers, addresses of "
                        "houses and names are replaced by signs before a question goes to a chat "
                        "model outside this installation, and put back in its answer. Unusual "
                        "names may be missed. If masking fails, nothing is sent."
                    ),
                ),
                tick(
                    "index_now",
                    _("Search engines are told of new pages (IndexNow)"),
                    PolicyState.index_now,
                    hint=_(
                        "The addresses of public pages that appear, change or vanish are sent to "
                        "a service of the search engines, outside this installation."
                    ),
                ),
            ),
            panel(
                _("How long things are kept"),
                rx.el.div(
                    rx.foreach(PolicyState.terms, _term), class_name="grid gap-5 sm:grid-cols-2"
                ),
                rx.cond(
                    PolicyState.problem != "",
                    rx.el.p(
                        PolicyState.problem, role="alert", class_name="text-sm text-danger mt-3"
                    ),
                ),
                about=_("In days. What is older is deleted each night and does not come back."),
            ),
            save_bar(),
            on_submit=PolicyState.save,
            key=PolicyState.version.to(str),
        ),
        about=_("What the market asks of its people, and how long it keeps things."),
        undo=PolicyState.undo,
    )


def _term(term: rx.vars.ObjectVar[Term]) -> rx.Component:
    return rx.el.div(
        rx.el.label(term.name, html_for=term.field, class_name="block mb-1.5 font-medium"),
        rx.el.input(
            id=term.field,
            name=term.field,
            type="number",
            min=term.least,
            max=term.most,
            default_value=term.days.to(str),
            required=True,
            class_name="field max-w-40",
        ),
        rx.el.p(
            _("From %(least)s to %(most)s.", least=term.least, most=term.most),
            class_name="text-sm text-muted mt-1.5",
        ),
    )
