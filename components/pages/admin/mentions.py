"""Each mention: searched, read where it was written, forgotten when somebody asks for it."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import labelled, text_field
from components.pages.admin.panels import badge, confirm_of, empty, panel
from components.pages.admin.tables import cell, pages, row, table
from components.text import _, ngettext
from state.admin.social import SocialState
from state.admin.social_rows import MentionRow


def mentions() -> rx.Component:
    """The mentions that are sought."""
    return panel(
        ngettext("%(count)s mention", "%(count)s mentions", SocialState.total),
        _filters(),
        rx.cond(
            SocialState.rows.length() > 0,
            rx.fragment(
                table(
                    _("Mentions"),
                    (_("When"), _("Where"), _("What was written"), _("How it sounds"), ""),
                    rx.foreach(SocialState.rows, _mention),
                ),
                pages(
                    SocialState.number,
                    SocialState.pages,
                    SocialState.earlier,
                    SocialState.later,
                ),
            ),
            empty(
                "message-circle",
                _("Nothing found"),
                _("Look for other words, or look back further."),
                rx.el.button(
                    _("Show all"),
                    type="button",
                    on_click=SocialState.seek_all,
                    class_name="btn btn-quiet",
                ),
            ),
        ),
        id="mentions",
    )


def _filters() -> rx.Component:
    told = SocialState.sought

    def choice(name: str, label: rx.Var[str], *options: Any) -> rx.Component:
        return labelled(
            f"{name}-sought",
            label,
            rx.el.select(
                rx.el.option(_("All"), value=""),
                *options,
                id=f"{name}-sought",
                name=name,
                default_value=told[name].to(str),
                class_name="field",
            ),
            class_name="flex-1 basis-36",
        )

    def each(options: Any) -> Any:
        return rx.foreach(options, lambda one: rx.el.option(one.name, value=one.value))

    return rx.el.form(
        text_field(
            "words",
            _("Text or author"),
            told["words"].to(str),
            kind="search",
            class_name="flex-1 basis-56",
        ),
        choice(
            "sentiment",
            _("How it sounds"),
            rx.el.option(_("Positive"), value="positive"),
            rx.el.option(_("Neutral"), value="neutral"),
            rx.el.option(_("Negative"), value="negative"),
        ),
        choice("source", _("Where"), each(SocialState.sources)),
        choice("topic", _("Topic"), each(SocialState.choices)),
        rx.el.button(icon("search"), _("Find"), type="submit", class_name="btn btn-quiet"),
        on_submit=SocialState.search,
        key=SocialState.filled.to(str),
        class_name="flex flex-wrap items-end gap-3 mb-5",
    )


def _mention(one: rx.vars.ObjectVar[MentionRow]) -> rx.Component:
    return row(
        cell(_("When"), rx.el.span(one.when, class_name="whitespace-nowrap")),
        cell(
            _("Where"),
            rx.el.bdi(one.where),
            rx.cond(
                one.author != "",
                rx.el.bdi(one.author, class_name="block text-sm text-muted break-words"),
            ),
        ),
        cell(
            _("What was written"),
            rx.el.p(one.text, dir="auto", class_name="mood-text"),
            rx.el.p(
                rx.cond(one.language != "", rx.el.bdi(one.language)),
                rx.cond(
                    one.about != "",
                    rx.el.span(" · ", _("about %(name)s", name=one.about)),
                ),
                class_name="text-xs text-muted mt-1",
            ),
        ),
        cell(_("How it sounds"), badge(one.sounds, one.kind)),
        cell(
            "",
            rx.el.div(
                rx.cond(
                    one.url != "",
                    rx.el.a(
                        icon("external-link"),
                        rx.el.span(_("Open where it was written"), class_name="sr-only"),
                        href=one.url,
                        target="_blank",
                        rel="noopener noreferrer nofollow",
                        class_name="nav px-2.5",
                    ),
                ),
                rx.cond(SocialState.may_write, _forget(one)),
                class_name="flex justify-end",
            ),
        ),
    )


def _forget(one: rx.vars.ObjectVar[MentionRow]) -> rx.Component:
    """Deleting a mention, or all that its author wrote, as somebody may ask for."""
    return rx.fragment(
        confirm_of(
            rx.Var.create("one-").to(str) + one.id.to(str),
            rx.el.span(_("Delete"), class_name="sr-only"),  # pyright: ignore[reportArgumentType]
            _("Delete this mention?"),
            _("It comes back if it is brought in again."),
            _("Delete"),
            SocialState.forget(one.id),
            opener_class="nav px-2.5",
            opener_icon="trash",
        ),
        rx.cond(
            one.author != "",
            confirm_of(
                rx.Var.create("their-").to(str) + one.id.to(str),
                rx.el.span(_("Delete all by this author"), class_name="sr-only"),  # pyright: ignore[reportArgumentType]
                _("Delete all that this author wrote here?"),
                _("For somebody who asks you to forget them. It cannot be undone."),
                _("Delete all"),
                SocialState.forget_their(one.id),
                opener_class="nav px-2.5",
                opener_icon="user",
            ),
        ),
    )
