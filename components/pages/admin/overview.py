"""The overview: how the market does."""

import reflex as rx

from components.design import inline_style
from components.icons import icon
from components.pages.admin.panels import empty, figure, panel
from components.pages.admin.shell import shell
from components.text import _, ngettext
from state.admin.overview import Bar, OverviewState, Share


def overview() -> rx.Component:
    """The first page of the console."""
    return shell(
        _("Console"),
        rx.el.dl(
            figure(
                _("Members"),
                OverviewState.members,
                _("%(count)s new in 30 days", count=OverviewState.new_members),
            ),
            figure(
                _("Published listings"),
                OverviewState.listings,
                ngettext("%(count)s provider", "%(count)s providers", OverviewState.providers),
            ),
            figure(_("Messages"), OverviewState.messages, _("In the last 30 days")),
            figure(
                _("Found an answer"),
                rx.cond(OverviewState.replies > 0, f"{OverviewState.answered_percent} %", "—"),
                _(
                    "%(answered)s of %(replies)s replies name something of the market",
                    answered=OverviewState.answered,
                    replies=OverviewState.replies,
                ),
            ),
            class_name="grid gap-4 sm:grid-cols-2 xl:grid-cols-4 mb-5",
        ),
        rx.el.div(
            panel(
                _("Messages by day"),
                rx.cond(
                    OverviewState.messages > 0,
                    _chart(),
                    empty(
                        "chart-bar",
                        _("Nothing yet"),
                        _("Figures appear here as people use the market."),
                    ),
                ),
                about=_("The last 30 days, by the market's clock."),
            ),
            panel(
                _("Listings by state"),
                rx.el.ul(rx.foreach(OverviewState.shares, _share), class_name="grid gap-3"),
            ),
            panel(
                _("Questions that found nothing"),
                rx.cond(
                    OverviewState.unanswered.length() > 0,
                    rx.el.ul(
                        rx.foreach(
                            OverviewState.unanswered,
                            lambda said: rx.el.li(
                                said, dir="auto", class_name="clamp rounded-md bg-sunken px-3 py-2"
                            ),
                        ),
                        class_name="grid gap-2",
                    ),
                    empty(
                        "message-2-question",
                        _("None in 30 days"),
                        _("What visitors ask in vain is listed here, the newest first."),
                    ),
                ),
            ),
            panel(
                _("Work in the background"),
                rx.el.dl(
                    _line(_("Waiting or in work"), OverviewState.jobs_waiting),
                    _line(_("Failed"), OverviewState.jobs_failed),
                    class_name="grid gap-2",
                ),
            ),
            class_name="grid gap-5 xl:grid-cols-[3fr_2fr] items-start",
        ),
        about=_("How the market does, and what shapes it."),
        actions=(
            rx.el.button(
                icon("refresh"),
                _("Count again"),
                type="button",
                on_click=OverviewState.refresh,
                class_name="btn btn-quiet",
            ),
        ),
    )


def _chart() -> rx.Component:
    return rx.el.ol(
        rx.foreach(OverviewState.bars, _bar), class_name="admin-chart", aria_label=_("By day")
    )


def _bar(one: rx.vars.ObjectVar[Bar]) -> rx.Component:
    told = _(
        "%(day)s: %(messages)s messages in %(conversations)s conversations",
        day=one.day,
        messages=one.messages,
        conversations=one.conversations,
    )
    return rx.el.li(
        rx.el.span(told, class_name="sr-only"),
        title=told,
        custom_attrs=inline_style({"--part": one.height.to_string() + "%"}),
    )


def _share(one: rx.vars.ObjectVar[Share]) -> rx.Component:
    name = rx.match(
        one.state,
        ("published", _("Published")),
        ("waiting", _("Waiting for moderation")),
        ("draft", _("Draft")),
        ("hidden", _("Hidden")),
        _("Refused"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(name),
            rx.el.span(one.count, class_name="tabular-nums text-muted"),
            class_name="flex justify-between gap-3 text-sm",
        ),
        rx.el.div(
            class_name="admin-share",
            custom_attrs=inline_style({"--part": one.width.to_string() + "%"})
            | {"aria-hidden": "true"},
        ),
    )


def _line(name: rx.Var[str], value: rx.Var[int]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-muted"),
        rx.el.dd(value, class_name="tabular-nums font-medium"),
        class_name="flex justify-between gap-3",
    )
