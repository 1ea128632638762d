"""Dates from lead times, honest about short notice, and what a delay of each task would mean."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from uuid import UUID

from app.errors import AppError
from app.projects.plans.steps import Step


class EventIsPast(AppError):
    """The day of the event is over, so nothing can be planned towards it."""

    code = "past"


class WaitsForItself(AppError):
    """Tasks would wait for each other for ever."""

    code = "circle"


@dataclass(frozen=True)
class Dated:
    """A step with the day by which it is to be done."""

    step: Step
    due: date
    days: int
    """Days of work that it usually takes."""


@dataclass(frozen=True)
class Schedule:
    """The dated steps of a plan, and whether there is as much time as people usually take."""

    steps: tuple[Dated, ...]
    available: int
    """Days from today to the event."""
    usual: int
    """Days before the event at which the first step usually begins."""

    @property
    def squeezed(self) -> bool:
        """Whether there is less time than usual, so that lead times were shortened."""
        return self.available < self.usual


def schedule(
    steps: Iterable[Step], day: date, last: date, guests: int | None, today: date
) -> Schedule:
    """Date the steps of an event on `day` to `last`, as it looks `today`.

    On short notice all lead times shrink in the same proportion: their order stays, and nothing
    is due before today. What comes after the event counts from its last day. Raises `EventIsPast`.
    """
    if day < today:
        raise EventIsPast("The day of the event is past. Choose another day.")
    wanted = list(steps)
    available = (day - today).days
    usual = max((step.lead + step.work(guests) for step in wanted), default=0)
    dated = [
        Dated(step, _due(step, day, last, available, usual), step.work(guests)) for step in wanted
    ]
    # Steps that fall on the same day stand as in the template, which puts what is needed first.
    dated.sort(key=lambda one: one.due)
    return Schedule(tuple(dated), available, usual)


def _due(step: Step, day: date, last: date, available: int, usual: int) -> date:
    if step.lead < 0:
        return last + timedelta(days=-step.lead)
    lead = step.lead if available >= usual else step.lead * available // usual
    return day - timedelta(days=lead)


@dataclass(frozen=True)
class Work:
    """A task, as reckoning sees it."""

    id: UUID
    due: date | None
    days: int
    needs: frozenset[UUID]
    done: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a task stands in time.

    `starts` and `ends` are the first and last day on which it can be worked at if everything
    before it goes well; `spare` is how many days it may slip before it, or what waits for it, is
    late, and negative where it is late already.
    """

    starts: date
    ends: date
    spare: int
    overdue: bool
    """Whether its day is past."""


@dataclass(frozen=True)
class Reckoning:
    """How the tasks hang together in time."""

    by_task: Mapping[UUID, Standing]
    chain: tuple[UUID, ...]
    """The longest chain of open tasks of which each waits for the one before it."""
    needed: int
    """Days of work that the chain takes, one task after the other."""


def reckon(tasks: Collection[Work], day: date | None, last: date | None, today: date) -> Reckoning:
    """Go through the tasks forwards for when each can be done, and backwards for when it must.

    A task without a date must be done by the event, or whenever where the event has none. The
    chain is that towards the event: what comes after it hurries nobody.
    """
    known = {task.id: task for task in tasks}
    order = ordered({task.id: task.needs & set(known) for task in tasks})
    ends: dict[UUID, date] = {}
    depth: dict[UUID, int] = {}
    before: dict[UUID, UUID | None] = {}
    for task_id in order:
        task = known[task_id]
        needed = [known[one] for one in task.needs if one in known and not known[one].done]
        begins = max(
            (today, *(ends[one.id] + timedelta(days=1) for one in needed), *_not_before(task, last))
        )
        ends[task_id] = begins + timedelta(days=0 if task.done else task.days - 1)
        longest = max(needed, key=lambda one: depth[one.id], default=None)
        depth[task_id] = 0 if task.done else task.days + (depth[longest.id] if longest else 0)
        before[task_id] = longest.id if longest else None
    must: dict[UUID, date] = {}
    waiting: dict[UUID, list[Work]] = {task_id: [] for task_id in known}
    for task in tasks:
        for needed_id in task.needs & set(known):
            waiting[needed_id].append(task)
    for task_id in reversed(order):
        latest = [must[one.id] - timedelta(days=one.days) for one in waiting[task_id]]
        own = known[task_id].due or day
        must[task_id] = min([*latest, own or (ends[task_id] if not latest else latest[0])])
    standing = {
        task.id: Standing(
            starts=ends[task.id] - timedelta(days=0 if task.done else task.days - 1),
            ends=ends[task.id],
            spare=(must[task.id] - ends[task.id]).days,
            overdue=not task.done and task.due is not None and task.due < today,
        )
        for task in tasks
    }
    chain = _chain(known, depth, before, day)
    return Reckoning(standing, chain, sum(known[one].days for one in chain))


def ordered(needs: Mapping[UUID, Collection[UUID]]) -> list[UUID]:
    """The tasks, each after those that it needs; raises `WaitsForItself`."""
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError:
        raise WaitsForItself("These tasks would wait for each other.") from None


def _not_before(task: Work, last: date | None) -> list[date]:
    """What is due after the event is done after it."""
    if last is None or task.due is None or task.due <= last:
        return []
    return [last + timedelta(days=1)]


def _chain(
    known: Mapping[UUID, Work],
    depth: Mapping[UUID, int],
    before: Mapping[UUID, UUID | None],
    day: date | None,
) -> tuple[UUID, ...]:
    towards = [
        task
        for task in known.values()
        if not task.done and (day is None or task.due is None or task.due <= day)
    ]
    if not towards:
        return ()
    # Among chains of the same length, the one whose end comes first is the one to look at.
    end: UUID | None = max(
        towards, key=lambda one: (depth[one.id], -(one.due or date.max).toordinal())
    ).id
    chain: list[UUID] = []
    while end is not None:
        chain.append(end)
        end = before[end]
    return tuple(reversed(chain))
