"""The help pages: the list of articles, and one of them."""

import reflex as rx

from components.cards import article_link
from components.design import button_link, section
from components.icons import icon
from components.layout import page, source
from components.modules import where_on
from components.text import _
from state.knowledge import HelpState
from state.page import PageState

_GRID = "grid gap-4 sm:grid-cols-2 lg:grid-cols-3"


def help_index() -> rx.Component:
    """Every article that visitors may read."""
    return page(
        rx.el.div(
            rx.el.h1(_("Help"), class_name="text-2xl"),
            rx.el.p(
                _("Short answers to what people ask most. If yours is missing, ask Maestro."),
                class_name="text-muted mt-2 max-w-prose",
            ),
            rx.el.ul(rx.foreach(HelpState.articles, article_link), class_name=_GRID + " mt-8"),
            _ask(),
            class_name="wrap pt-4",
        )
    )


def article() -> rx.Component:
    """One article, and where to go on reading."""
    return page(
        rx.el.article(
            source(),
            rx.el.h1(
                HelpState.card.title, class_name="text-2xl max-w-3xl", lang=HelpState.text_locale
            ),
            rx.cond(
                HelpState.foreign != "",
                rx.el.p(
                    icon("language", "size-4"),
                    _("Written in: %(language)s", language=HelpState.foreign),
                    class_name="flex items-center gap-2 text-sm text-muted mt-3",
                ),
            ),
            rx.el.div(
                rx.html(HelpState.html, class_name="reading max-w-prose mt-6"),
                lang=HelpState.text_locale,
            ),
            rx.el.p(
                _("Last changed: %(date)s", date=HelpState.updated),
                class_name="text-sm text-muted mt-8",
            ),
            class_name="wrap pt-4",
        ),
        rx.el.div(_ask(), class_name="wrap unprinted"),
        rx.cond(
            HelpState.articles.length() > 0,
            section(
                _("Read on"),
                rx.el.ul(rx.foreach(HelpState.articles, article_link), class_name=_GRID),
                class_name="wrap mt-14 md:mt-20 unprinted",
            ),
        ),
    )


def _ask() -> rx.Component:
    return rx.el.aside(
        rx.el.p(_("Your question is not among them?")),
        where_on(
            "chat", button_link(icon("sparkles"), _("Ask Maestro"), href=PageState.home + "/chat")
        ),
        class_name=(
            "floor border border-line rounded-lg p-6 mt-10 flex flex-wrap items-center "
            "justify-between gap-4"
        ),
    )
