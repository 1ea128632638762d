"""Who reads for search: a part of the page of chat models."""

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import choice_field, save_bar, text_field
from components.pages.admin.panels import badge, confirm, panel, progress, wrong
from components.text import _
from state.admin.embedders import EmbeddersState as S


def embedders() -> rx.Component:
    """Which model reads queries and texts, a change under way, and a box to try one."""
    return panel(
        _("Search"),
        rx.el.p(
            _("Read by"),
            " ",
            rx.el.bdi(S.reads, class_name="font-medium break-all"),
            " ",
            rx.cond(S.packaged, badge(_("packaged"))),
        ),
        rx.cond(S.lacking != "", rx.el.p(S.lacking, class_name="text-sm text-muted mt-1")),
        rx.cond(S.problem != "", rx.el.div(wrong(S.problem), class_name="mt-3")),
        rx.cond(S.coming != "", _coming(), _choice()),
        rx.cond(S.choices.length() > 0, _trial()),
        about=_(
            "A model that makes vectors can read queries and texts in the place of the packaged "
            "encoder, which stands in whenever the model does not answer."
        ),
        id="embedders",
    )


def _coming() -> rx.Component:
    return rx.el.div(
        rx.el.p(_("Being prepared:"), " ", rx.el.bdi(S.coming, class_name="break-all")),
        progress(S.done, S.total, _("Progress")),
        rx.el.button(
            _("Cancel"),
            type="button",
            on_click=S.stop,
            class_name="btn btn-quiet justify-self-start",
        ),
        class_name="grid gap-3 mt-4 max-w-2xl",
        custom_attrs={"aria-live": "polite"},
    )


def _choice() -> rx.Component:
    return rx.el.div(
        rx.cond(
            S.choices.length() > 0,
            rx.el.form(
                choice_field("reader", _("Model"), S.choices),
                save_bar(verb=_("Let it read")),
                on_submit=S.choose,
                class_name="grid gap-4 max-w-2xl",
            ),
            rx.el.p(
                _("Add a model and say how many numbers its vectors have; it can be chosen here."),
                class_name="text-sm text-muted",
            ),
        ),
        rx.cond(
            S.packaged,
            rx.fragment(),
            confirm(
                "packaged",
                _("Use the packaged encoder"),
                _("Use the packaged encoder?"),
                _("The model's vectors are deleted. To use it again, everything is read anew."),
                _("Use the packaged encoder"),
                S.use_packaged,
            ),
        ),
        class_name="grid gap-4 mt-4",
    )


def _trial() -> rx.Component:
    return rx.el.details(
        rx.el.summary(_("Try it"), class_name="btn btn-quiet w-fit mt-4"),
        rx.el.form(
            choice_field("tried", _("Model"), S.choices),
            text_field("asked", _("Question"), required=True, max_length=1000),
            text_field("text", _("Text"), rows=2, required=True, max_length=1000),
            rx.el.button(
                icon("bolt"), _("Compare"), type="submit", class_name="btn justify-self-start"
            ),
            on_submit=S.compare,
            class_name="grid gap-4 max-w-2xl mt-4",
        ),
        rx.el.div(
            rx.cond(S.trial_problem != "", wrong(S.trial_problem)),
            rx.cond(S.nearness != "", rx.el.p(S.nearness, class_name="text-sm tabular-nums")),
            class_name="mt-3",
            custom_attrs={"aria-live": "polite"},
        ),
    )
