"""Rows of event projects, for tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.database import TenantSession
from app.projects.models import (
    Attendance,
    GuestFeedback,
    Project,
    ProjectTask,
    Registration,
    TaskLink,
)
from tests.rows import kept, numbers


async def project(session: TenantSession, **more: Any) -> Project:
    """A wedding for eighty, which is the market's own."""
    usual = {"kind": "wedding", "title": "Our wedding", "day": date(2031, 6, 12), "guests": 80}
    return await kept(session, Project, usual, more)


async def project_task(session: TenantSession, **more: Any) -> ProjectTask:
    """A task of a fresh project that is still to be done."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    return await kept(session, ProjectTask, {"title": "Taste the cake"}, more)


async def task_link(session: TenantSession, **more: Any) -> TaskLink:
    """That a task needs another of the same project."""
    event = (await project(session)).id
    for name in ("task_id", "needs_id"):
        if name not in more:
            more[name] = (await project_task(session, project_id=event)).id
    return await kept(session, TaskLink, {}, more)


async def registration(session: TenantSession, **more: Any) -> Registration:
    """A guest who comes with another."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    usual = {"name": "Zoe", "email": f"guest{next(numbers)}@example.com", "party": 2}
    return await kept(session, Registration, {**usual, "state": "coming"}, more)


async def attendance(session: TenantSession, **more: Any) -> Attendance:
    """That somebody came who was not registered."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    return await kept(session, Attendance, {}, more)


async def guest_feedback(session: TenantSession, **more: Any) -> GuestFeedback:
    """What somebody thought who did not say who they are."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    return await kept(session, GuestFeedback, {"rating": 5, "text": "A lovely day."}, more)


PROJECT_ROWS: dict[str, Callable[..., Any]] = {
    "project": project,
    "project_task": project_task,
    "task_link": task_link,
    "registration": registration,
    "attendance": attendance,
    "guest_feedback": guest_feedback,
}
"""How to make a row of each table of event projects."""
