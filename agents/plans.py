"""How a plan is told: its sentences, each from a fact of the plan, and its blocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.lists import format_list

from agents.base import Block, Request
from app.budgets.amounts import wire
from app.i18n import N_, money, ntranslate, translate, written_date
from app.projects.keeping import title_of
from app.projects.planning import Timeline
from app.projects.plans.dayplan import hours
from app.projects.plans.scheduling import schedule
from app.projects.plans.templates import template_of

PHASES: tuple[tuple[int, str], ...] = (
    (180, N_("More than six months before")),
    (90, N_("Three to six months before")),
    (30, N_("One to three months before")),
    (7, N_("The last month")),
    (0, N_("The last week")),
)
"""Parts of the time before an event: from how many days before it, and what that is called."""
AFTERWARDS = N_("Afterwards")

SERVICES: Mapping[str, str] = {
    "venue": N_("A place to celebrate"),
    "photographer": N_("Photographer"),
    "menu": N_("Catering"),
    "music": N_("Music and a host"),
    "flowers": N_("Flowers and decoration"),
    "cake": N_("A festive cake"),
    "transport": N_("Transport for the guests"),
    "equipment": N_("Sound, screens and light"),
}
"""Steps for which somebody has to be found, by their keys in the templates, and whom."""


@dataclass(frozen=True)
class PlannedTask:
    """A task of a plan; `step` is its key in the template, where it came from there."""

    name: str
    due: date | None
    days: int = 1
    done: bool = False
    step: str = ""


@dataclass(frozen=True)
class Planned:
    """A plan, whether it is kept or was only reckoned for somebody who reads it once."""

    kind: str
    title: str
    day: date | None
    days: int
    guests: int | None
    place: str
    amount: Decimal | None
    currency: str
    tasks: tuple[PlannedTask, ...]
    hours: tuple[tuple[str, datetime, datetime], ...] = ()
    available: int = 0
    usual: int = 0
    squeezed: bool = False
    project_id: UUID | None = None

    @property
    def open(self) -> list[PlannedTask]:
        """What is still to be done."""
        return [task for task in self.tasks if not task.done]

    @property
    def last(self) -> date | None:
        """The day on which the event ends."""
        return self.day + timedelta(days=self.days - 1) if self.day else None


def reckoned(
    kind: str,
    locale: str,
    today: date,
    *,
    day: date | None = None,
    days: int = 1,
    begins: time | None = None,
    guests: int | None = None,
    place: str = "",
    budget_amount: Decimal | None = None,
    budget_currency: str = "",
) -> Planned:
    """The plan of an event that nobody keeps, by the template of its type."""
    template = template_of(kind)
    steps = template.steps_for(guests)
    planned = Planned(
        kind=kind,
        title=translate(locale, template.name),
        day=day,
        days=days,
        guests=guests,
        place=place,
        amount=budget_amount,
        currency=budget_currency,
        tasks=tuple(
            PlannedTask(translate(locale, one.phrase), None, one.work(guests), step=one.key)
            for one in steps
        ),
    )
    if day is None or planned.last is None:
        return planned
    made = schedule(steps, day, planned.last, guests, today)
    return replace(
        planned,
        tasks=tuple(
            PlannedTask(translate(locale, one.step.phrase), one.due, one.days, step=one.step.key)
            for one in made.steps
        ),
        hours=tuple(
            (translate(locale, hour.phrase), hour.starts, hour.ends)
            for hour in hours(template, day, days, begins, guests)
        ),
        available=made.available,
        usual=made.usual,
        squeezed=made.squeezed,
    )


def kept(timeline: Timeline, locale: str, made: dict[str, Any] | None = None) -> Planned:
    """The plan of an event that somebody keeps; `made` is what planning just said of it."""
    project, said = timeline.project, made or {}
    tasks = tuple(
        PlannedTask(one.title, one.due, one.days, one.state == "done", one.step or "")
        for one in timeline.tasks
    )
    return Planned(
        kind=project.kind,
        title=title_of(project, locale),
        day=project.day,
        days=project.days,
        guests=project.guests,
        place=project.place,
        amount=project.budget_amount,
        currency=project.budget_currency or "",
        tasks=tasks,
        hours=tuple((hour.phrase, hour.starts, hour.ends) for hour in timeline.hours),
        available=timeline.available or 0,
        usual=int(said.get("usual", 0)),
        squeezed=bool(said.get("squeezed")),
        project_id=project.id,
    )


def told_facts(planned: Planned, locale: str) -> str:
    """What the event is, when, for how many, where and for how much, as one sentence."""
    facts = [
        written_date(planned.day, locale) if planned.day else "",
        ntranslate(locale, "%(count)s guest", "%(count)s guests", planned.guests)
        if planned.guests
        else "",
        planned.place,
        translate(
            locale,
            "a budget of %(amount)s",
            amount=money(planned.amount, planned.currency, locale),
        )
        if planned.amount is not None
        else "",
    ]
    told = [fact for fact in facts if fact]
    if not told:
        return f"{planned.title}."
    listed = format_list(told, locale=locale.replace("-", "_"))
    return translate(locale, "%(event)s: %(facts)s.", event=planned.title, facts=listed)


def told_time(planned: Planned, locale: str) -> str:
    """How many tasks there are, and whether there is as much time as usual."""
    count = len(planned.tasks)
    if planned.day is None:
        return ntranslate(
            locale,
            "There is usually %(count)s thing to do. It gets its date once the day is known.",
            "There are usually %(count)s things to do. They get their dates once the day is known.",
            count,
        )
    told = [
        ntranslate(
            locale,
            "The plan has %(count)s task, with a date.",
            "The plan has %(count)s tasks, each with its date.",
            count,
        )
    ]
    if planned.squeezed:
        told.append(
            ntranslate(
                locale,
                "There is %(count)s day left, and people usually begin %(usual)s days before: the"
                " dates stand closer together.",
                "There are %(count)s days left, and people usually begin %(usual)s days before:"
                " the dates stand closer together.",
                planned.available,
                usual=planned.usual,
            )
        )
    return " ".join(told)


def told_tasks(tasks: Iterable[PlannedTask], locale: str) -> str:
    """Tasks as lines of a list."""
    lines = [
        f"• {task.name}"
        if task.due is None
        else "• "
        + translate(
            locale, "%(task)s — by %(day)s", task=task.name, day=written_date(task.due, locale)
        )
        for task in tasks
    ]
    return "\n".join(lines)


def plan_block(planned: Planned, locale: str) -> Block:
    """The plan in time: its phases before the event, and the hours of its day."""
    data: dict[str, Any] = {
        "type": planned.kind,
        "date": planned.day.isoformat() if planned.day else None,
        "days": planned.days,
        "guests": planned.guests,
        "place": planned.place,
        "phases": _phases(planned, locale),
        "hours": [
            {"name": name, "from": starts.isoformat(), "to": ends.isoformat()}
            for name, starts, ends in planned.hours
        ],
        "services": [
            {"step": task.step, "name": task.name} for task in planned.open if task.step in SERVICES
        ],
    }
    if planned.amount is not None:
        data["budget"] = {
            "amount": wire(planned.amount, planned.currency),
            "currency": planned.currency,
        }
    url = ""
    if planned.project_id is not None:
        data["project"] = str(planned.project_id)
        url = f"/{locale}/events/{planned.project_id}"
    return Block("plan", planned.title, data, url)


def tasks_block(planned: Planned, locale: str) -> Block:
    """The tasks with their dates and how far they are."""
    data = {
        "tasks": [
            {
                "name": task.name,
                "due": task.due.isoformat() if task.due else None,
                "done": task.done,
            }
            for task in planned.tasks
        ]
    }
    url = f"/{locale}/events/{planned.project_id}" if planned.project_id else ""
    return Block("tasks", translate(locale, "Tasks"), data, url)


def plan_given(request: Request) -> Mapping[str, Any]:
    """What the planning agent has just planned for this message; empty where it did not."""
    given = request.given.get("planning")
    blocks = given.blocks if given else ()
    nothing: dict[str, Any] = {}
    return next((block.data for block in blocks if block.kind == "plan"), nothing)


def _phases(planned: Planned, locale: str) -> list[dict[str, Any]]:
    """The dated tasks in the parts of time before the event; the empty parts are left out."""
    day, last = planned.day, planned.last
    if day is None or last is None:
        return []
    found: dict[str, list[PlannedTask]] = {}
    for task in planned.tasks:
        if task.due is not None:
            found.setdefault(_phase(task.due, day, last), []).append(task)
    return [
        {
            "name": translate(locale, name),
            "from": _begins(tasks).isoformat(),
            "to": max(task.due for task in tasks if task.due).isoformat(),
            "tasks": len(tasks),
            "done": sum(task.done for task in tasks),
        }
        for name in (*(name for _, name in PHASES), AFTERWARDS)
        if (tasks := found.get(name))
    ]


def _phase(due: date, day: date, last: date) -> str:
    if due > last:
        return AFTERWARDS
    before = max((day - due).days, 0)
    return next(name for least, name in PHASES if before >= least)


def _begins(tasks: Sequence[PlannedTask]) -> date:
    return min(task.due for task in tasks if task.due)
