"""Making a plan of an event's facts, and reading how it stands in time.

`plan` may be asked again and again: what was done, worded or dated by a person stays, what is
missing comes, what the person deleted does not come back.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.errors import AppError
from app.i18n import translate
from app.projects.keeping import keep, last_day, project_of
from app.projects.models import Project, ProjectTask, TaskLink
from app.projects.plans.dayplan import Hour, hours
from app.projects.plans.scheduling import Reckoning, Work, ordered, reckon, schedule
from app.projects.plans.steps import Step
from app.projects.plans.templates import template_of
from app.projects.tasks import Task, leave_room, tasks_of


class DayMissing(AppError):
    """Nobody has said when the event is, so that there is nothing to reckon from."""

    code = "day"


class AlreadyOver(AppError):
    """The event has taken place."""

    code = "over"


@dataclass(frozen=True)
class Made:
    """What planning changed, and whether there is as much time as people usually take."""

    added: int
    moved: int
    """Tasks that have another date now."""
    kept: int
    available: int
    """Days from today to the event."""
    usual: int
    """Days before such an event at which the first task usually begins."""
    squeezed: bool


@dataclass(frozen=True)
class Timeline:
    """An event's tasks in time, and the hours of its day."""

    project: Project
    today: date
    tasks: tuple[Task, ...]
    """In the order of their dates."""
    reckoning: Reckoning
    hours: tuple[Hour, ...]
    """Empty while nobody knows the day."""
    available: int | None
    """Days from today to the event; negative when it is past, None when nobody knows the day."""
    is_old: bool
    """Whether the facts changed since the plan was reckoned."""

    @property
    def fits(self) -> bool:
        """Whether the longest chain of open tasks can be done before the event."""
        return self.available is None or self.reckoning.needed <= max(self.available, 0) + 1


def basis(project: Project) -> str:
    """The facts that a plan is reckoned from, to see later whether they have changed."""
    return f"{project.kind}|{project.day or ''}|{project.days}|{project.guests or ''}"


def is_old(project: Project) -> bool:
    """Whether the facts changed since the plan was reckoned."""
    return bool(project.planned_for) and project.planned_for != basis(project)


async def plan(session: TenantSession, actor: Actor, project_id: UUID, today: date) -> Made:
    """Plan an event by the template of its type, or bring its plan up to what is known now.

    Raises `NotFound`, `DayMissing`, `EventIsPast`, `AlreadyOver` and `TooManyTasks`.
    """
    project = await project_of(session, actor, project_id, changing=True)
    if project.state == "completed":
        raise AlreadyOver("This event is over; its plan stays as it is.")
    last = last_day(project)
    if project.day is None or last is None:
        raise DayMissing("Say first on which day the event is.")
    steps = template_of(project.kind).steps_for(project.guests)
    wanted = [step for step in steps if step.key not in project.left_out]
    dated = schedule(wanted, project.day, last, project.guests, today)
    query = select(ProjectTask).where(
        ProjectTask.project_id == project.id, col(ProjectTask.step).is_not(None)
    )
    present = {task.step: task for task in await session.exec(query)}
    fresh = {one.step.key for one in dated.steps} - set(present)
    await leave_room(session, project.id, len(fresh))
    moved = 0
    for position, one in enumerate(dated.steps):
        task = present.get(one.step.key)
        if task is None:
            task = ProjectTask(project_id=project.id, step=one.step.key, position=position)
            present[one.step.key] = task
        elif task.state == "done" or task.due_is_own:
            continue
        elif task.due != one.due:
            moved += 1
        if (task.due, task.days) != (one.due, one.days):
            task.due, task.days = one.due, one.days
        session.add(task)
    await session.flush()
    ids = {step: one.id for step, one in present.items() if step}
    await _link(session, project, wanted, ids, fresh)
    project.planned_on, project.planned_for = today, basis(project)
    if project.state == "draft":
        project.state = "active"
    await keep(session, project)
    return Made(
        added=len(fresh),
        moved=moved,
        kept=len(dated.steps) - len(fresh) - moved,
        available=dated.available,
        usual=dated.usual,
        squeezed=dated.squeezed,
    )


async def timeline_of(
    session: TenantSession, actor: Actor, project_id: UUID, locale: str, today: date
) -> Timeline:
    """How the tasks of an event stand in time, and the hours of its day; raises `NotFound`."""
    project = await project_of(session, actor, project_id)
    tasks = await tasks_of(session, actor, locale, project_id=project.id)
    work = [
        Work(one.id, one.due, one.days, frozenset(one.needs), done=one.state == "done")
        for one in tasks
    ]
    tasks.sort(key=lambda one: (one.due or date.max, one.state, one.position))
    template = template_of(project.kind)
    day_plan = (
        hours(template, project.day, project.days, project.begins, project.guests)
        if project.day
        else []
    )
    return Timeline(
        project=project,
        today=today,
        tasks=tuple(tasks),
        reckoning=reckon(work, project.day, last_day(project), today),
        hours=tuple(
            Hour(one.key, translate(locale, one.phrase), one.starts, one.ends) for one in day_plan
        ),
        available=(project.day - today).days if project.day else None,
        is_old=is_old(project),
    )


async def _link(
    session: TenantSession,
    project: Project,
    steps: list[Step],
    ids: dict[str, UUID],
    fresh: set[str],
) -> None:
    """Have new tasks wait for others, and others for them, as the template says.

    Between tasks that were there before a person may have loosened it. A link that would close a
    circle with what the person linked is left out.
    """
    own = select(ProjectTask.id).where(ProjectTask.project_id == project.id)
    links = await session.exec(select(TaskLink).where(col(TaskLink.task_id).in_(own)))
    needs: dict[UUID, set[UUID]] = {task_id: set() for task_id in await session.exec(own)}
    for link in links:
        needs[link.task_id].add(link.needs_id)
    for step in steps:
        for key in step.after:
            task_id, needed = ids[step.key], ids.get(key)
            if needed is None or needed in needs[task_id] or not fresh & {step.key, key}:
                continue
            try:
                ordered({**needs, task_id: needs[task_id] | {needed}})
            except AppError:
                continue
            needs[task_id].add(needed)
            session.add(TaskLink(task_id=task_id, needs_id=needed))
    await session.flush()
