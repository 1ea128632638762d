"""What others write of the market: how it sounds by week, what it is about, and each mention."""

from typing import Any

import reflex as rx

from app.rendering.native import link
from components.design import inline_style
from components.icons import icon
from components.pages.admin.mentions import mentions
from components.pages.admin.panels import panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, row, table
from components.text import _, ngettext
from state.admin.social import SocialState
from state.admin.social_rows import Column, Quote, TopicRow
from state.page import PageState


def social() -> rx.Component:
    """The page."""
    return shell(
        _("Mentions"),
        rx.cond(
            SocialState.loaded,
            rx.cond(
                SocialState.some,
                rx.el.div(
                    _sounds(),
                    _topics(),
                    mentions(),
                    class_name="grid grid-cols-[minmax(0,1fr)] gap-5",
                ),
                _nothing_yet(),
            ),
            skeleton(6),
        ),
        about=_(
            "What others write about this market elsewhere, how it sounds and what it is about."
        ),
        actions=(
            rx.cond(SocialState.some, _span()),
            rx.cond(
                SocialState.some & SocialState.may_write,
                link(
                    icon("upload"),
                    _("Bring in"),
                    href=f"{PageState.home}/admin/imports",
                    class_name="btn btn-quiet",
                ),
            ),
        ),
    )


def _span() -> rx.Component:
    return rx.el.label(
        rx.el.span(_("Look back over"), class_name="sr-only"),
        rx.el.select(
            rx.foreach(
                SocialState.spans,
                lambda one: rx.el.option(one.name, value=one.value),  # pyright: ignore[reportAttributeAccessIssue]
            ),
            value=SocialState.days,
            on_change=SocialState.look_back,
            class_name="field",
        ),
        class_name="block",
    )


def _nothing_yet() -> rx.Component:
    return panel(
        _("No mentions yet"),
        rx.el.ol(
            _way(
                "upload",
                _("Load a file"),
                _(
                    "Export posts or reviews from where they are written as JSON Lines or CSV and"
                    " load them under Imports. You see what would change before anything does."
                ),
                rx.cond(
                    SocialState.may_write,
                    link(
                        _("To the imports"),
                        href=f"{PageState.home}/admin/imports",
                        class_name="btn mt-3",
                    ),
                ),
            ),
            _way(
                "code",
                _("Let a program send them"),
                _(
                    "A key that may bring in mentions lets a program send them to this address as"
                    " they are written. The same one sent twice is kept once."
                ),
                rx.el.code("POST /api/v1/social/mentions", dir="ltr", class_name="mood-code"),
                rx.cond(
                    SocialState.may_write,
                    link(
                        _("Make a key"),
                        href=f"{PageState.home}/admin/keys",
                        class_name="btn btn-quiet mt-3",
                    ),
                ),
            ),
            class_name="grid gap-5 md:grid-cols-2",
        ),
        about=_("Nothing is collected by itself: you decide which words of others come in."),
    )


def _way(symbol: str, title: rx.Var[str], text: rx.Var[str], *more: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(symbol, "size-6"), class_name="admin-seal"),
        rx.el.h3(title, class_name="font-semibold mt-4"),
        rx.el.p(text, class_name="text-muted mt-1 max-w-prose"),
        *more,
        class_name="min-w-0 grid justify-items-start content-start",
    )


def _sounds() -> rx.Component:
    return panel(
        _("How they sound"),
        rx.cond(
            SocialState.read > 0,
            rx.fragment(
                rx.el.dl(
                    _share("positive", _("Positive")),
                    _share("neutral", _("Neutral")),
                    _share("negative", _("Negative")),
                    class_name="mood-shares",
                ),
                rx.el.ol(
                    rx.foreach(SocialState.columns, _column),
                    class_name="mood-chart",
                    custom_attrs={"aria-hidden": "true"},
                ),
                rx.el.p(
                    rx.el.span(SocialState.columns[0].when),
                    rx.el.span(SocialState.columns[SocialState.columns.length() - 1].when),
                    class_name="flex justify-between text-xs text-muted mt-1.5",
                    custom_attrs={"aria-hidden": "true"},
                ),
                rx.el.details(
                    rx.el.summary(_("As a table"), class_name="link min-h-11 py-2 cursor-pointer"),
                    table(
                        _("How they sound"),
                        (_("Week of"), _("Positive"), _("Neutral"), _("Negative")),
                        rx.foreach(SocialState.columns, _week),
                    ),
                    class_name="mt-2",
                ),
            ),
            rx.el.p(_("No mentions in these days. Look back further."), class_name="text-muted"),
        ),
        rx.cond(
            SocialState.unread > 0,
            rx.el.p(
                icon("clock", "size-5 mt-0.5"),
                ngettext(
                    "%(count)s mention waits to be read.",
                    "%(count)s mentions wait to be read.",
                    SocialState.unread,
                ),
                rx.el.button(
                    _("Count again"),
                    type="button",
                    on_click=SocialState.refresh,
                    class_name="link min-h-11",
                ),
                class_name="flex flex-wrap items-center gap-2.5 mt-4",
            ),
        ),
        about=ngettext(
            "%(count)s mention, read by a small classifier that is sometimes wrong.",
            "%(count)s mentions, read by a small classifier that is sometimes wrong.",
            SocialState.read,
        ),
    )


def _share(kind: str, name: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(
            rx.el.span(class_name="mood-swatch", custom_attrs={"data-mood": kind}),
            name,
            class_name="flex items-center gap-2 text-sm text-muted",
        ),
        rx.el.dd(SocialState.shares[kind], class_name="text-2xl font-semibold tabular-nums mt-0.5"),
    )


def _column(one: rx.vars.ObjectVar[Column]) -> rx.Component:
    def part(mood: str, share: Any) -> rx.Component:
        return rx.el.span(
            class_name="mood-part",
            custom_attrs={
                "data-mood": mood,
                **inline_style({"--part": share.to_string() + "%"}),
            },
        )

    return rx.el.li(
        part("positive", one.positive_part),
        part("neutral", one.neutral_part),
        part("negative", one.negative_part),
        title=f"{one.when}: +{one.positive} · {one.neutral} · −{one.negative}",
    )


def _week(one: rx.vars.ObjectVar[Column]) -> rx.Component:
    return row(
        cell(_("Week of"), one.when),
        cell(_("Positive"), one.positive),
        cell(_("Neutral"), one.neutral),
        cell(_("Negative"), one.negative),
    )


def _topics() -> rx.Component:
    return panel(
        _("What they are about"),
        rx.cond(
            SocialState.topics.length() > 0,
            rx.el.ol(rx.foreach(SocialState.topics, _topic), class_name="mood-topics"),
            rx.el.p(
                _("There are not enough mentions yet to say what they are about."),
                class_name="text-muted",
            ),
        ),
        about=_("Mentions that mean much the same, with the words that set them apart."),
    )


def _topic(one: rx.vars.ObjectVar[TopicRow]) -> rx.Component:
    def part(mood: str, share: Any) -> rx.Component:
        return rx.el.span(
            custom_attrs={
                "data-mood": mood,
                **inline_style({"--part": share.to_string() + "%"}),
            },
        )

    return rx.el.li(
        rx.el.div(
            rx.el.h3(rx.el.bdi(one.words), class_name="font-semibold min-w-0 break-words"),
            rx.el.span(one.total, class_name="tabular-nums text-muted"),
            class_name="flex justify-between gap-3",
        ),
        rx.el.div(
            part("positive", one.positive_part),
            part("neutral", one.neutral_part),
            part("negative", one.negative_part),
            class_name="mood-bar",
            title=one.told,
            role="img",
            aria_label=one.told,
        ),
        rx.el.ul(rx.foreach(one.quotes, _quote), class_name="grid gap-3 mt-3"),
        rx.el.button(
            _("Show all of them"),
            type="button",
            on_click=SocialState.open_topic(one.id),
            class_name="link min-h-11 mt-1",
        ),
        class_name="mood-topic",
    )


def _quote(one: rx.vars.ObjectVar[Quote]) -> rx.Component:
    return rx.el.li(
        rx.el.blockquote(one.text, dir="auto", class_name="mood-quote"),
        rx.el.p(rx.el.bdi(one.where), " · ", one.when, class_name="text-xs text-muted mt-0.5"),
    )
