"""The timeline of an event: its tasks as bars, and the hours of its day."""

import dataclasses
from datetime import date, timedelta

import reflex as rx
from babel.dates import format_date, format_skeleton, format_time

from app.database import tenant_session
from app.errors import AppError
from app.i18n import translate, written_date
from app.projects.keeping import today_in
from app.projects.planning import Timeline, timeline_of
from app.projects.tasks import Task
from state.admin.entry import Entry, say_wrong
from state.payloads import uuid_of

MOST_TICKS = 6


@dataclasses.dataclass(frozen=True)
class Bar:
    """A task as a bar; `x` and `width` are shares of the chart such as `12.5%`."""

    id: str
    title: str
    x: str
    width: str
    kind: str
    """`done`, `overdue`, `critical` or `plain`."""
    told: str
    """When, in words."""


@dataclasses.dataclass(frozen=True)
class Tick:
    """A day under the chart."""

    x: str
    name: str


@dataclasses.dataclass(frozen=True)
class HourRow:
    """A part of the event's day."""

    key: str
    day: str
    """The day's name on its first row, where there are several days."""
    hours: str
    title: str


class TimelineState(rx.State):
    """The tasks of one event in time."""

    project_id: rx.Field[str] = rx.field("")
    bars: rx.Field[list[Bar]] = rx.field(default_factory=list)
    ticks: rx.Field[list[Tick]] = rx.field(default_factory=list)
    today_x: rx.Field[str] = rx.field("")
    day_x: rx.Field[str] = rx.field("")
    """Where the event stands; empty while nobody knows its day."""
    hours: rx.Field[list[HourRow]] = rx.field(default_factory=list)
    remarks: rx.Field[list[str]] = rx.field(default_factory=list)
    """What the person should know of how much time there is."""

    async def _show(self, entry: Entry) -> None:
        market, locale = entry.market, entry.locale
        try:
            async with tenant_session(market.id) as session:
                shown = await timeline_of(
                    session, entry.actor, uuid_of(self.project_id), locale, today_in(market)
                )
        except AppError as error:
            self.bars, self.hours, self.remarks = [], [], []
            await say_wrong(self, error)
            return
        spans = {one.id: _span(one) for one in shown.tasks}
        days = [day for span in spans.values() if span for day in span]
        days += [shown.today, *([shown.project.day] if shown.project.day else [])]
        first, last = min(days), max(days) + timedelta(days=1)
        width = (last - first).days

        def share(day: date) -> str:
            return f"{100 * (day - first).days / width:.2f}%"

        self.bars = [
            Bar(
                id=str(one.id),
                title=one.title,
                x=share(span[0]),
                width=f"{100 * ((span[1] - span[0]).days + 1) / width:.2f}%",
                kind=_kind(one, shown),
                told=_told(span, locale),
            )
            for one in shown.tasks
            if (span := spans[one.id])
        ]
        self.ticks = [Tick(share(day), _tick(day, width, locale)) for day in _days(first, width)]
        self.today_x = share(shown.today)
        self.day_x = share(shown.project.day) if shown.project.day else ""
        self.hours = _hours(shown, locale)
        self.remarks = _remarks(shown, locale)


def _span(one: Task) -> tuple[date, date] | None:
    if one.due is None:
        return None
    return one.due - timedelta(days=one.days - 1), one.due


def _kind(one: Task, shown: Timeline) -> str:
    if one.state == "done":
        return "done"
    if shown.reckoning.by_task[one.id].overdue:
        return "overdue"
    return "critical" if one.id in shown.reckoning.chain else "plain"


def _told(span: tuple[date, date], locale: str) -> str:
    written = [format_date(day, "medium", locale=locale.replace("-", "_")) for day in span]
    return written[0] if span[0] == span[1] else f"{written[0]} – {written[1]}"


def _days(first: date, width: int) -> list[date]:
    """Days to name under the chart: a few, at even distances."""
    step = max(1, -(-width // MOST_TICKS))
    return [first + timedelta(days=number) for number in range(0, width, step)]


def _tick(day: date, width: int, locale: str) -> str:
    skeleton = "yMMM" if width > 200 else "MMMd"
    return format_skeleton(skeleton, day, locale=locale.replace("-", "_"))


def _hours(shown: Timeline, locale: str) -> list[HourRow]:
    code, several = locale.replace("-", "_"), shown.project.days > 1
    rows: list[HourRow] = []
    named = None
    for number, one in enumerate(shown.hours):
        # What lasts past midnight still belongs to its evening, so a new day begins when one opens.
        day = one.starts.date()
        fresh = several and (named is None or (one.starts.hour >= 5 and day != named))
        named = day if fresh else named
        begins, ends = (
            format_time(at.time(), "short", locale=code) for at in (one.starts, one.ends)
        )
        rows.append(
            HourRow(
                key=f"{number}-{one.key}",
                day=written_date(day, locale) if fresh else "",
                hours=f"{begins} – {ends}",
                title=one.phrase,
            )
        )
    return rows


def _remarks(shown: Timeline, locale: str) -> list[str]:
    told: list[str] = []
    if shown.project.state == "completed":
        return told
    if shown.project.day is None:
        told.append(translate(locale, "Say when the event is; the plan is reckoned from its day."))
    if shown.is_old:
        told.append(
            translate(
                locale, "The facts changed since the plan was made. Plan anew to follow them."
            )
        )
    if not shown.fits:
        told.append(
            translate(
                locale,
                "Time is short. Days left: %(left)s. Days that the longest chain of tasks usually "
                "takes: %(needed)s. Drop some of them, get help, or choose a later day.",
                left=max(shown.available or 0, 0),
                needed=shown.reckoning.needed,
            )
        )
    overdue = sum(1 for one in shown.reckoning.by_task.values() if one.overdue)
    if overdue:
        told.append(translate(locale, "Overdue: %(count)s", count=overdue))
    return told
