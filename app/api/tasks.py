"""`/api/v1/planning/tasks`: what is to be done for the caller's events."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.api.callers import Marketplace, Signed
from app.api.planned import Id, Line, TaskState, event_id_of
from app.api.problems import locale_of
from app.database import tenant_session
from app.errors import NotFound
from app.projects import keeping
from app.projects import tasks as board
from app.projects.taskfacts import LONGEST_WORK, MOST_NEEDS

router = APIRouter(prefix="/api/v1/planning/tasks", tags=["Planning"])


class TaskFacts(BaseModel):
    """What is known of a task. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: Line = ""
    due: date | None = None
    days: int = Field(default=1, ge=1, le=LONGEST_WORK, description="Days of work.")
    state: TaskState = "todo"
    assignee: Line = Field(default="", description="Whoever does it, in up to 100 characters.")
    needs: list[Id] = Field(
        default_factory=list[Id],
        max_length=MOST_NEEDS,
        description="Tasks of the same event that must be done before.",
    )


class NewTask(TaskFacts):
    """A task to write down."""

    event_id: Id
    title: Line = Field(default=...)


class ChangedTask(TaskFacts):
    """A task to change, and the version that it was read in."""

    id: Id
    version: int | None = Field(
        default=None, ge=1, description="With it, a change by somebody else in between is a 409."
    )
    place: int | None = Field(
        default=None, ge=0, description="Where in its column it goes, counted from 0."
    )


class Task(BaseModel):
    """A task of an event."""

    id: UUID
    event_id: UUID
    title: str
    due: date | None
    days: int
    state: TaskState
    position: int = Field(description="Its place in its column.")
    assignee: str
    needs: list[UUID]
    from_template: bool
    version: int


class TaskList(BaseModel):
    """Tasks, event by event and column by column."""

    tasks: list[Task]


@router.get("", response_model=TaskList, summary="List tasks", operation_id="listTasks")
async def listed(
    request: Request,
    market: Marketplace,
    caller: Signed,
    event_id: Annotated[Id | None, Query()] = None,
    state: Annotated[TaskState | None, Query()] = None,
) -> Any:
    """The tasks of the caller's events, or of one of them, or those in one state."""
    held = None if event_id is None else event_id_of(event_id)
    async with tenant_session(market.id) as session:
        if held is not None:
            await keeping.project_of(session, caller.actor, held)
        found = await board.tasks_of(
            session, caller.actor, locale_of(request), project_id=held, state=state
        )
    return {"tasks": [_task(one) for one in found]}


@router.post(
    "",
    response_model=Task,
    status_code=HTTPStatus.CREATED,
    summary="Write a task down",
    operation_id="createTask",
)
async def create(request: Request, market: Marketplace, caller: Signed, told: NewTask) -> Any:
    """A new task of an event, at the end of its column."""
    facts = told.model_dump(exclude_unset=True, exclude={"event_id"})
    async with tenant_session(market.id) as session:
        made = await board.add_task(session, caller.actor, event_id_of(told.event_id), facts)
        shown = await board.task_of(session, caller.actor, made, locale_of(request))
    return _task(shown)


@router.put("", response_model=Task, summary="Change a task", operation_id="editTask")
async def edit(request: Request, market: Marketplace, caller: Signed, told: ChangedTask) -> Any:
    """Change what was sent of the task that `id` names; `place` puts it there in its column."""
    held = _task_id(told.id)
    facts = told.model_dump(exclude_unset=True, exclude={"id", "version", "place"})
    async with tenant_session(market.id) as session:
        await board.edit_task(session, caller.actor, held, facts, told.version)
        shown = await board.task_of(session, caller.actor, held, locale_of(request))
        if told.place is not None:
            await board.move_task(session, caller.actor, held, shown.state, told.place)
            shown = await board.task_of(session, caller.actor, held, locale_of(request))
    return _task(shown)


@router.delete(
    "/{task_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Delete a task",
    operation_id="deleteTask",
)
async def delete(market: Marketplace, caller: Signed, task_id: Id) -> None:
    """Delete a task; one of the template does not come back when the event is planned anew."""
    async with tenant_session(market.id) as session:
        await board.delete_task(session, caller.actor, _task_id(task_id))


def _task(one: board.Task) -> dict[str, Any]:
    return {**vars(one), "event_id": one.project_id, "from_template": one.step is not None}


def _task_id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("There is no such task.") from error
