"""What is to be done for an event: writing tasks down, changing them, moving them about a board."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func
from sqlalchemy import select as any_select
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.i18n import translate
from app.projects.keeping import keep, may_prepare, project_of
from app.projects.models import Project, ProjectTask, TaskLink
from app.projects.plans import TEMPLATES, template_of
from app.projects.plans.scheduling import ordered
from app.projects.taskfacts import STATES, checked_task

COLUMNS = STATES
"""The states of a task are the columns of the board, in this order."""
_ORDER = {state: place for place, state in enumerate(COLUMNS)}

MOST_TASKS = 300
"""Tasks of one event."""


class TooManyTasks(AppError):
    """An event has as many tasks as any plan needs."""

    code = "many"


@dataclass(frozen=True)
class Task:
    """A task as it is shown; `needs` are the tasks that must be done before it can begin."""

    id: UUID
    project_id: UUID
    step: str | None
    title: str
    due: date | None
    due_is_own: bool
    days: int
    state: str
    position: int
    assignee: str
    needs: tuple[UUID, ...]
    version: int
    done_at: datetime | None


async def tasks_of(
    session: TenantSession,
    actor: Actor,
    locale: str,
    *,
    project_id: UUID | None = None,
    task_id: UUID | None = None,
    state: str | None = None,
    limit: int = 1000,
) -> list[Task]:
    """Tasks of the actor's events, or of one of them, column by column as the board has them."""
    query = (
        select(ProjectTask, Project.kind)
        .join(Project, col(Project.id) == col(ProjectTask.project_id))
        .where(may_prepare(actor))
        .order_by(
            col(ProjectTask.project_id),
            case(
                {state: place for place, state in enumerate(COLUMNS)}, value=col(ProjectTask.state)
            ),
            col(ProjectTask.position),
            col(ProjectTask.created_at),
        )
        .limit(limit)
    )
    if project_id is not None:
        query = query.where(col(ProjectTask.project_id) == project_id)
    if task_id is not None:
        query = query.where(col(ProjectTask.id) == task_id)
    if state is not None:
        query = query.where(col(ProjectTask.state) == state)
    rows = (await session.exec(query)).all()
    needs = await _needs(session, [row.id for row, _ in rows])
    return [
        Task(
            id=row.id,
            project_id=row.project_id,
            step=row.step,
            title=row.title or words_of(kind, row.step, locale),
            due=row.due,
            due_is_own=row.due_is_own,
            days=row.days,
            state=row.state,
            position=row.position,
            assignee=row.assignee,
            needs=tuple(needs.get(row.id, ())),
            version=row.version,
            done_at=row.done_at,
        )
        for row, kind in rows
    ]


async def task_of(session: TenantSession, actor: Actor, task_id: UUID, locale: str) -> Task:
    """One task of the actor's events; raises `NotFound`."""
    found = await tasks_of(session, actor, locale, task_id=task_id)
    if not found:
        raise NotFound("There is no such task.")
    return found[0]


def words_of(kind: str, step: str | None, locale: str) -> str:
    """What a step of a template says in `locale`; the type may have changed since it was made."""
    if step is None:
        return ""
    for template in (template_of(kind), *TEMPLATES.values()):
        if found := template.step(step):
            return translate(locale, found.phrase)
    return step


async def add_task(
    session: TenantSession, actor: Actor, project_id: UUID, told: Mapping[str, Any]
) -> UUID:
    """Write a task down, at the end of its column; returns its id.

    Raises `NotFound`, `NotAccepted`, `TooManyTasks` and `WaitsForItself`.
    """
    project = await project_of(session, actor, project_id, changing=True)
    facts = checked_task(told, new=True)
    await leave_room(session, project.id, 1)
    needs = facts.pop("needs", ())
    task = ProjectTask(project_id=project.id, due_is_own="due" in facts, **facts)
    task.position = await _end(session, project.id, task.state)
    _note_done(task)
    session.add(task)
    await session.flush()
    await _link(session, task, needs)
    await keep(session, project)
    return task.id


async def edit_task(
    session: TenantSession,
    actor: Actor,
    task_id: UUID,
    told: Mapping[str, Any],
    seen: int | None = None,
) -> None:
    """Change what was told of a task; what is left out stays.

    With another state it goes to the end of that column. Raises `NotFound`, `NotAccepted`,
    `WaitsForItself`, or `Conflict` unless `seen` is its version, where it is told.
    """
    project, task = await _to_change(session, actor, task_id)
    if seen is not None and task.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    # A task of one's own needs a title as a new one does; a step has the template's words.
    facts = checked_task(told, new=task.step is None and "title" in told)
    needs = facts.pop("needs", None)
    if "due" in facts and facts["due"] != task.due:
        task.due_is_own = facts["due"] is not None
    if facts.get("state", task.state) != task.state:
        task.position = await _end(session, project.id, facts["state"])
    for name, value in facts.items():
        setattr(task, name, value)
    await _keep(session, task)
    if needs is not None:
        await _link(session, task, needs)
    await keep(session, project)


async def move_task(
    session: TenantSession, actor: Actor, task_id: UUID, state: str, place: int | None = None
) -> None:
    """Put a task into a column, at the end or at a place counted from 0."""
    facts = checked_task({"state": state}, new=False)
    project, task = await _to_change(session, actor, task_id)
    others = await session.exec(
        select(ProjectTask)
        .where(
            ProjectTask.project_id == project.id,
            ProjectTask.state == facts["state"],
            ProjectTask.id != task.id,
        )
        .order_by(col(ProjectTask.position), col(ProjectTask.created_at))
    )
    column = list(others)
    task.state = facts["state"]
    column.insert(len(column) if place is None else max(0, min(place, len(column))), task)
    for position, one in enumerate(column):
        one.position = position
        session.add(one)
    await _keep(session, task)
    await keep(session, project)


async def delete_task(session: TenantSession, actor: Actor, task_id: UUID) -> None:
    """Delete a task; a step of the template is not planned again."""
    project, task = await _to_change(session, actor, task_id)
    if task.step is not None:
        project.left_out = sorted({*project.left_out, task.step})
    await session.delete(task)
    await keep(session, project)


async def leave_room(session: TenantSession, project_id: UUID, adding: int) -> None:
    """Raise `TooManyTasks` unless the event may have so many more."""
    count = await session.scalar(
        any_select(func.count())
        .select_from(ProjectTask)
        .where(col(ProjectTask.project_id) == project_id)
    )
    if (count or 0) + adding > MOST_TASKS:
        raise TooManyTasks("An event may have at most %(count)s tasks.", count=MOST_TASKS)


async def _to_change(
    session: TenantSession, actor: Actor, task_id: UUID
) -> tuple[Project, ProjectTask]:
    """A task of the actor's with its event, which nobody else changes meanwhile."""
    query = (
        any_select(col(ProjectTask.project_id))
        .join(Project, col(Project.id) == col(ProjectTask.project_id))
        .where(col(ProjectTask.id) == task_id, may_prepare(actor))
    )
    project_id = await session.scalar(query)
    if project_id is None:
        raise NotFound("There is no such task.")
    project = await project_of(session, actor, project_id, changing=True)
    task = await session.get(ProjectTask, task_id, populate_existing=True)
    if task is None:
        raise NotFound("There is no such task.")
    return project, task


async def _keep(session: TenantSession, task: ProjectTask) -> None:
    _note_done(task)
    task.version += 1
    task.updated_at = datetime.now(UTC)
    session.add(task)
    await session.flush()


def _note_done(task: ProjectTask) -> None:
    if task.state != "done":
        task.done_at = None
    elif task.done_at is None:
        task.done_at = datetime.now(UTC)


async def _end(session: TenantSession, project_id: UUID, state: str) -> int:
    """The place after the last task of a column."""
    last = await session.scalar(
        any_select(func.max(col(ProjectTask.position))).where(
            col(ProjectTask.project_id) == project_id, col(ProjectTask.state) == state
        )
    )
    return 0 if last is None else last + 1


async def _link(session: TenantSession, task: ProjectTask, needs: Sequence[UUID]) -> None:
    """Have the task wait for exactly these; raises `NotFound` and `WaitsForItself`."""
    ids = (
        await session.exec(select(ProjectTask.id).where(ProjectTask.project_id == task.project_id))
    ).all()
    if not set(needs) <= set(ids):
        raise NotFound("There is no such task.")
    links = await _needs(session, ids)
    ordered({one: list(needs) if one == task.id else links.get(one, ()) for one in ids})
    await session.exec(delete(TaskLink).where(col(TaskLink.task_id) == task.id))
    session.add_all(TaskLink(task_id=task.id, needs_id=one) for one in dict.fromkeys(needs))
    await session.flush()


async def _needs(session: TenantSession, ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    found = await session.exec(
        select(TaskLink)
        .where(col(TaskLink.task_id).in_(list(ids)))
        .order_by(col(TaskLink.created_at), col(TaskLink.id))
    )
    needs: dict[UUID, list[UUID]] = {}
    for link in found:
        needs.setdefault(link.task_id, []).append(link.needs_id)
    return needs
