"""The parts of an answer that are more than text, as the page shows them.

Everything is worked out here, in the reader's language: lengths in percent, days and amounts
written out. So the page needs no script to draw them, and no reader has to.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_decimal

from app.conversations import blocks
from app.i18n import money, ntranslate, translate

FIRST = 6
"""How many tasks are shown before the rest is folded away."""

CHART_WIDTH, CHART_HEIGHT = 300, 100
"""What points of a line chart are measured in."""


@dataclasses.dataclass(frozen=True)
class Bar:
    """A bar: where it begins and how long it is, as shares such as `12.5%`.

    `filled` is the part of it that is done or spent; `over` what goes beyond it.
    """

    name: str
    told: str
    x: str
    width: str
    filled: str = "0%"
    over: str = ""


@dataclasses.dataclass(frozen=True)
class TaskRow:
    """Something to be done, and by when."""

    name: str
    due: str
    done: bool


@dataclasses.dataclass(frozen=True)
class HourRow:
    """A part of the day and its hours."""

    hours: str
    name: str


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell under the head of its column; with a `url` it leads there."""

    head: str
    text: str
    url: str = ""


@dataclasses.dataclass(frozen=True)
class TableRow:
    """The cells of a row."""

    cells: list[Cell]


@dataclasses.dataclass(frozen=True)
class Curve:
    """A series of a line chart; `points` are those of an SVG polyline."""

    name: str
    points: str
    latest: str
    """Its last value, written out."""


@dataclasses.dataclass(frozen=True)
class BlockView:
    """A block: of its lists only those are filled that its kind has."""

    key: str
    kind: str
    title: str
    url: str
    summary: str = ""
    """What it comes to, as one line."""
    bars: list[Bar] = dataclasses.field(default_factory=list[Bar])
    tasks: list[TaskRow] = dataclasses.field(default_factory=list[TaskRow])
    more: list[TaskRow] = dataclasses.field(default_factory=list[TaskRow])
    """Tasks that are folded away."""
    hours: list[HourRow] = dataclasses.field(default_factory=list[HourRow])
    columns: list[str] = dataclasses.field(default_factory=list[str])
    rows: list[TableRow] = dataclasses.field(default_factory=list[TableRow])
    curves: list[Curve] = dataclasses.field(default_factory=list[Curve])
    has_actual: bool = False
    """Whether something of a budget has been spent already."""


def block_views(told: Iterable[Mapping[str, Any]], locale: str) -> list[BlockView]:
    """The blocks of a message; what has not the shape of its kind is left out."""
    views: list[BlockView] = []
    for place, block in enumerate(told):
        try:
            data = blocks.read(str(block["kind"]), block["data"])
        except (KeyError, TypeError, ValueError):
            continue
        url = str(block.get("url", ""))
        view = BlockView(
            key=f"{place}-{block['kind']}",
            kind=str(block["kind"]),
            title=str(block.get("title", "")),
            url="" if blocks.leads_away(url) else url,
        )
        views.append(_filled(view, data, locale))
    return views


def _filled(view: BlockView, data: blocks.Data, locale: str) -> BlockView:
    match data:
        case blocks.Plan():
            return _plan(view, data, locale)
        case blocks.Tasks():
            return _tasks(view, data, locale)
        case blocks.Budget():
            return _budget(view, data, locale)
        case blocks.Table():
            return _table(view, data)
        case blocks.Chart():
            return _chart(view, data, locale)


def _plan(view: BlockView, plan: blocks.Plan, locale: str) -> BlockView:
    spans = [(one, one.begins, one.ends) for one in plan.phases if one.begins and one.ends]
    bars: list[Bar] = []
    if spans:
        first = min(begins for _, begins, _ in spans)
        last = max(ends for _, _, ends in spans)
        whole = (last - first).days + 1
        for one, begins, ends in spans:
            width = ((ends - begins).days + 1) / whole
            bars.append(
                Bar(
                    name=one.name,
                    told=" · ".join(
                        (
                            _days(begins, ends, locale),
                            ntranslate(locale, "%(count)s task", "%(count)s tasks", one.tasks),
                        )
                    ),
                    x=_share((begins - first).days / whole),
                    width=_share(width),
                    filled=_share(width * one.done / one.tasks if one.tasks else 0),
                )
            )
    hours = [HourRow(_clock(one.begins, one.ends, locale), one.name) for one in plan.hours]
    facts = [
        format_date(plan.day, "long", locale=_babel(locale)) if plan.day else "",
        ntranslate(locale, "%(count)s guest", "%(count)s guests", plan.guests)
        if plan.guests
        else "",
        plan.place,
    ]
    summary = " · ".join(fact for fact in facts if fact)
    return dataclasses.replace(view, bars=bars, hours=hours, summary=summary)


def _tasks(view: BlockView, told: blocks.Tasks, locale: str) -> BlockView:
    rows = [
        TaskRow(
            one.name,
            format_date(one.due, "medium", locale=_babel(locale)) if one.due else "",
            one.done,
        )
        # What is still to be done comes first; among those the order is that of the plan.
        for one in sorted(told.tasks, key=lambda task: task.done)
    ]
    summary = ntranslate(
        locale,
        "%(done)s of %(count)s task is done.",
        "%(done)s of %(count)s tasks are done.",
        len(rows),
        done=sum(one.done for one in told.tasks),
    )
    # Two rows are not worth a fold.
    first = len(rows) if len(rows) <= FIRST + 2 else FIRST
    return dataclasses.replace(view, tasks=rows[:first], more=rows[first:], summary=summary)


def _budget(view: BlockView, budget: blocks.Budget, locale: str) -> BlockView:
    amounts = [amount for line in budget.lines for amount in (line.planned, line.actual) if amount]
    most = max(amounts, default=Decimal(1))

    def written(amount: Decimal) -> str:
        return money(amount, budget.currency, locale)

    bars: list[Bar] = []
    for line in budget.lines:
        told, actual = written(line.planned), line.actual
        if actual is not None:
            told = translate(
                locale,
                "planned %(planned)s, actual %(actual)s",
                planned=written(line.planned),
                actual=written(actual),
            )
        over = actual is not None and actual > line.planned
        bars.append(
            Bar(
                name=line.name,
                told=told,
                x="0%",
                width=_share(float(line.planned / most)),
                filled=_share(float((actual or 0) / most)),
                over=written(actual - line.planned) if over and actual is not None else "",
            )
        )
    return dataclasses.replace(
        view,
        bars=bars,
        summary=translate(locale, "Planned in all: %(amount)s", amount=written(budget.total)),
        has_actual=any(line.actual is not None for line in budget.lines),
    )


def _table(view: BlockView, table: blocks.Table) -> BlockView:
    urls = table.urls or [""] * len(table.rows)
    rows = [
        TableRow(
            [
                Cell(head, text, url if place == 0 else "")
                for place, (head, text) in enumerate(zip(table.columns, row, strict=True))
            ]
        )
        for row, url in zip(table.rows, urls, strict=True)
    ]
    return dataclasses.replace(view, columns=table.columns, rows=rows)


def _chart(view: BlockView, chart: blocks.Chart, locale: str) -> BlockView:
    """Bars or curves, and the table of all values, which is what they say in words."""

    def written(value: Decimal | None) -> str:
        return "–" if value is None else format_decimal(value, locale=_babel(locale))

    columns = ["", *(one.name for one in chart.series)]
    rows = [
        TableRow(
            [
                Cell("", label),
                *(Cell(one.name, written(one.values[place])) for one in chart.series),
            ]
        )
        for place, label in enumerate(chart.labels)
    ]
    values = [value for one in chart.series for value in one.values if value is not None]
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(1))
    low = min(low, Decimal(0))
    span = float(high - low) or 1.0
    bars: list[Bar] = []
    curves: list[Curve] = []
    if chart.form == "bar":
        several = len(chart.series) > 1
        bars = [
            Bar(
                name=f"{label} · {one.name}" if several else label,
                told=written(one.values[place]),
                x=_share(float(min(value, Decimal(0)) - low) / span),
                width=_share(abs(float(value)) / span),
            )
            for place, label in enumerate(chart.labels)
            for one in chart.series
            if (value := one.values[place]) is not None
        ]
    else:
        curves = [
            Curve(
                one.name,
                _points(one.values, float(low), span),
                written(next((v for v in reversed(one.values) if v is not None), None)),
            )
            for one in chart.series
        ]
    return dataclasses.replace(view, bars=bars, curves=curves, columns=columns, rows=rows)


def _points(values: Sequence[Decimal | None], low: float, span: float) -> str:
    step = CHART_WIDTH / max(len(values) - 1, 1)
    return " ".join(
        f"{place * step:.1f},{CHART_HEIGHT * (1 - (float(value) - low) / span):.1f}"
        for place, value in enumerate(values)
        if value is not None
    )


def _share(part: float) -> str:
    return f"{100 * min(max(part, 0.0), 1.0):.2f}%"


def _days(first: date, last: date, locale: str) -> str:
    if first == last:
        return format_date(first, "medium", locale=_babel(locale))
    return format_interval(first, last, "yMMMd", locale=_babel(locale))


def _clock(begins: datetime, ends: datetime, locale: str) -> str:
    times = (format_time(at.time(), "short", locale=_babel(locale)) for at in (begins, ends))
    return " – ".join(times)


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
