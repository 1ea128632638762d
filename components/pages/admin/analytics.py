"""The market's figures: every chart has its numbers as a table behind it."""

import reflex as rx

from components.design import inline_style
from components.icons import icon
from components.pages.admin.panels import badge, empty, panel, skeleton
from components.pages.admin.shell import shell
from components.pages.admin.tables import cell, row, table
from components.text import _, ngettext
from state.admin.analytics import HEIGHT, WIDTH, AnalyticsState, Answer, Stage, Step, Unusual


def analytics() -> rx.Component:
    """The page."""
    return shell(
        _("Analytics"),
        rx.cond(
            AnalyticsState.loaded,
            rx.el.div(
                _funnel(),
                _forecast(),
                _anomalies(),
                _hypotheses(),
                class_name="grid grid-cols-[minmax(0,1fr)] gap-5",
            ),
            skeleton(6),
        ),
        about=_("What the market's own data say, and where there are too few to say it."),
        actions=(
            rx.el.button(
                icon("refresh"),
                _("Count again"),
                type="button",
                on_click=AnalyticsState.refresh,
                class_name="btn btn-quiet",
            ),
        ),
    )


def _funnel() -> rx.Component:
    return panel(
        _("Conversion funnel"),
        rx.el.dl(
            _figure(_("Pages shown"), AnalyticsState.page_views),
            _figure(_("Searches"), AnalyticsState.searches),
            class_name="flex flex-wrap gap-x-8 gap-y-2 mb-5",
        ),
        rx.cond(
            AnalyticsState.asked > 0,
            rx.fragment(
                rx.el.ol(
                    rx.foreach(AnalyticsState.stages, _stage),
                    class_name="grid gap-3 mb-5",
                    custom_attrs={"aria-hidden": "true"},
                ),
                table(
                    _("Conversion funnel"),
                    (_("Stage"), _("Conversations"), _("Of all"), _("Of the stage before")),
                    rx.foreach(AnalyticsState.stages, _stage_row),
                ),
            ),
            _nothing(_("Nobody asked anything in the last 90 days.")),
        ),
        about=_(
            "Conversations begun in the last 90 days. In brackets: where the true share lies in 95"
            " of 100 cases."
        ),
    )


def _figure(name: rx.Var[str], number: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="text-sm text-muted"),
        rx.el.dd(number, class_name="text-lg font-semibold tabular-nums"),
    )


def _stage(one: rx.vars.ObjectVar[Stage]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.name),
            rx.el.span(one.count, class_name="tabular-nums text-muted"),
            class_name="flex justify-between gap-3 text-sm",
        ),
        rx.el.div(
            class_name="admin-share",
            custom_attrs=inline_style({"--part": one.width.to_string() + "%"}),
        ),
    )


def _stage_row(one: rx.vars.ObjectVar[Stage]) -> rx.Component:
    return row(
        cell(_("Stage"), one.name),
        cell(_("Conversations"), one.count),
        cell(_("Of all"), rx.el.bdi(one.of_first)),
        cell(_("Of the stage before"), rx.el.bdi(one.of_previous)),
    )


def _forecast() -> rx.Component:
    return panel(
        _("Forecast of conversations"),
        rx.cond(
            AnalyticsState.steps.length() > 0,
            rx.fragment(
                rx.el.p(
                    _(
                        "In the next four weeks %(expected)s conversations are to be expected, and"
                        " between %(low)s and %(high)s in eight of ten cases.",
                        expected=AnalyticsState.total.expected,
                        low=AnalyticsState.total.low,
                        high=AnalyticsState.total.high,
                    )
                ),
                rx.cond(
                    AnalyticsState.better,
                    rx.fragment(),
                    rx.el.p(
                        _("On the last weeks that was no better than repeating a week before."),
                        class_name="text-muted mt-1",
                    ),
                ),
                _lines(),
                rx.el.details(
                    rx.el.summary(_("As a table"), class_name="link min-h-11 py-2 cursor-pointer"),
                    table(
                        _("Forecast of conversations"),
                        (_("When"), _("Expected"), _("At least"), _("At most")),
                        rx.foreach(AnalyticsState.steps, _step_row),
                    ),
                ),
            ),
            _nothing(
                ngettext(
                    "There is %(count)s day or week with conversations; more are needed.",
                    "There are %(count)s days or weeks with conversations; more are needed.",
                    AnalyticsState.have,
                )
            ),
        ),
        about=_("The last eight weeks, and what the next four may bring."),
    )


def _lines() -> rx.Component:
    return rx.el.svg(
        rx.el.svg.polygon(points=AnalyticsState.bounds, class_name="forecast-bounds"),
        rx.el.svg.polyline(points=AnalyticsState.past, class_name="forecast-past"),
        rx.el.svg.polyline(points=AnalyticsState.expected, class_name="forecast-expected"),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        class_name="forecast-chart",
        custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "none"},
    )


def _step_row(one: rx.vars.ObjectVar[Step]) -> rx.Component:
    return row(
        cell(_("When"), one.when),
        cell(_("Expected"), one.expected),
        cell(_("At least"), one.low),
        cell(_("At most"), one.high),
    )


def _anomalies() -> rx.Component:
    return panel(
        _("What was unusual"),
        rx.cond(
            AnalyticsState.unusual.length() > 0,
            table(
                _("What was unusual"),
                (_("What"), _("When"), _("How many"), _("Usual then")),
                rx.foreach(AnalyticsState.unusual, _unusual_row),
            ),
            rx.cond(
                AnalyticsState.looked,
                _nothing(_("Nothing was unusual in the last 180 days.")),
                _nothing(_("There is not enough yet to say what is unusual.")),
            ),
        ),
        about=_("Days or weeks that stand out, the least likely first."),
    )


def _unusual_row(one: rx.vars.ObjectVar[Unusual]) -> rx.Component:
    return row(
        cell(_("What"), one.what),
        cell(_("When"), one.when),
        cell(
            _("How many"),
            one.value,
            " ",
            rx.cond(one.more, badge(_("more")), badge(_("less"), "warn")),
        ),
        cell(_("Usual then"), one.usual),
    )


def _hypotheses() -> rx.Component:
    return panel(
        _("Hypotheses"),
        table(
            _("Hypotheses"),
            (_("Hypothesis"), _("Verdict"), _("Cases"), _("Effect"), _("Chance")),
            rx.foreach(AnalyticsState.answers, _answer_row),
        ),
        about=_(
            "Of the last 365 days. The chance is that of such a difference where there is none, for"
            " as many tests. What goes together need not be cause and effect."
        ),
    )


def _answer_row(one: rx.vars.ObjectVar[Answer]) -> rx.Component:
    return row(
        cell(_("Hypothesis"), one.says),
        cell(_("Verdict"), badge(one.verdict, one.kind)),
        cell(_("Cases"), rx.el.bdi(one.sizes)),
        cell(_("Effect"), rx.cond(one.effect != "", rx.el.bdi(one.effect), "—")),
        cell(_("Chance"), rx.cond(one.chance != "", one.chance, "—")),
    )


def _nothing(text: rx.Var[str]) -> rx.Component:
    return empty("chart-bar", _("Not enough data"), text)
