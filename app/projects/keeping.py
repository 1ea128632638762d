"""Events that somebody prepares: whose they are, what is known of them, and when they are over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.i18n import translate
from app.markets.directory import MarketCard
from app.outbox.emitting import emit
from app.outbox.kinds import EventCompleted, EventCreated
from app.projects.facts import FACTS, checked
from app.projects.models import Project, ProjectTask
from app.projects.plans import template_of

MOST_PROJECTS = 500
"""Events of one person, or of the market itself."""

STATES = ("draft", "active", "completed")


class TooManyProjects(AppError):
    """Somebody has as many events as anybody needs."""

    code = "many"


class NotOverYet(AppError):
    """The event has not taken place."""

    code = "early"


@dataclass(frozen=True)
class Overview:
    """An event as a list shows it."""

    id: UUID
    kind: str
    title: str
    day: date | None
    days: int
    guests: int | None
    place: str
    budget_amount: Decimal | None
    budget_currency: str | None
    state: str
    tasks: int
    done: int
    overdue: int


def today_in(market: MarketCard) -> date:
    """The day that it is in the market."""
    return datetime.now(ZoneInfo(market.timezone)).date()


def title_of(project: Project, locale: str) -> str:
    """What an event is called; without a title, by its type."""
    return project.title or translate(locale, template_of(project.kind).name)


def last_day(project: Project) -> date | None:
    """The day on which an event ends."""
    return project.day + timedelta(days=project.days - 1) if project.day else None


def may_prepare(actor: Actor) -> ColumnElement[bool]:
    """The condition that picks the events that the actor may prepare.

    A person's are their own alone. Those of the market itself are for whoever may run them: its
    admins, and the keys that they made for it. Raises as `Actor.must`.
    """
    whose: list[ColumnElement[bool]] = []
    if actor.person_id is not None and actor.may(Permission.KEEP_PROJECTS):
        whose.append(col(Project.person_id) == actor.person_id)
    if actor.may(Permission.RUN_PROJECTS):
        whose.append(col(Project.person_id).is_(None))
    if not whose:
        # A person lacks the one, a key or the program the other.
        is_person = actor.kind in ("person", "visitor")
        actor.must(Permission.KEEP_PROJECTS if is_person else Permission.RUN_PROJECTS)
    return or_(*whose)


async def project_of(
    session: TenantSession, actor: Actor, project_id: UUID, *, changing: bool = False
) -> Project:
    """The event, if it is one of the actor's; else `NotFound`.

    With `changing` nobody else can change it or its tasks until the session ends.
    """
    query = select(Project).where(Project.id == project_id, may_prepare(actor))
    if changing:
        query = query.with_for_update()
    # What this session read before may be old by now.
    found = await session.exec(query.execution_options(populate_existing=True))
    project = found.one_or_none()
    if project is None:
        raise NotFound("There is no such event.")
    return project


async def projects_of(
    session: TenantSession,
    actor: Actor,
    locale: str,
    today: date,
    *,
    state: str | None = None,
    limit: int = MOST_PROJECTS,
) -> list[Overview]:
    """The actor's events: those to come, the nearest first, then those without a day, then past."""
    is_open = col(ProjectTask.state) != "done"
    counted = (
        any_select(
            col(ProjectTask.project_id),
            func.count().label("tasks"),
            func.count().filter(~is_open).label("done"),
            func.count().filter(and_(is_open, col(ProjectTask.due) < today)).label("overdue"),
        )
        .group_by(col(ProjectTask.project_id))
        .subquery()
    )
    query = (
        select(Project, counted.c.tasks, counted.c.done, counted.c.overdue)
        .outerjoin(counted, counted.c.project_id == col(Project.id))
        .where(may_prepare(actor))
        .order_by(
            col(Project.state) == "completed",
            func.coalesce(col(Project.day) < today, False),
            col(Project.day).asc().nulls_last(),
            col(Project.updated_at).desc(),
        )
        .limit(limit)
    )
    if state is not None:
        query = query.where(col(Project.state) == state)
    rows = (await session.exec(query)).all()
    return [
        _overview(project, locale, tasks or 0, done or 0, overdue or 0)
        for project, tasks, done, overdue in rows
    ]


async def create_project(
    session: TenantSession, actor: Actor, market: MarketCard, told: Mapping[str, Any]
) -> Project:
    """A new event with the facts that were told: the person's own, or the market's for a key.

    Raises `NotAccepted` and `TooManyProjects`.
    """
    mine = may_prepare(actor)
    facts = checked(told, market.currency)
    own = col(Project.person_id) == actor.person_id if actor.person_id else mine
    count = await session.scalar(any_select(func.count()).select_from(Project).where(own))
    if (count or 0) >= MOST_PROJECTS:
        raise TooManyProjects("You have %(count)s events. Delete one first.", count=count)
    project = Project(person_id=actor.person_id, **facts)
    session.add(project)
    await session.flush()
    await _note(session, actor, "created", project)
    await emit(
        session,
        EventCreated(
            project_id=project.id, kind=project.kind, day=project.day, guests=project.guests
        ),
    )
    return project


async def edit_project(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    project_id: UUID,
    told: Mapping[str, Any],
    seen: int | None = None,
) -> Project:
    """Change the facts that were told; what is left out stays.

    Raises `NotFound`, `NotAccepted`, or `Conflict` unless `seen` is its version, where it is told.
    """
    project = await project_of(session, actor, project_id, changing=True)
    if seen is not None and project.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    facts = checked(told, project.budget_currency or market.currency)
    if all(getattr(project, name) == value for name, value in facts.items()):
        return project
    for name, value in facts.items():
        setattr(project, name, value)
    return await keep(session, project)


async def complete_project(
    session: TenantSession, actor: Actor, project_id: UUID, today: date
) -> Project:
    """Say that the event has taken place; a second time changes nothing.

    Raises `NotOverYet` before its last day, and for an event without a day.
    """
    project = await project_of(session, actor, project_id, changing=True)
    if project.state == "completed":
        return project
    last = last_day(project)
    if last is None or last > today:
        raise NotOverYet("The event has not taken place yet.")
    project.state, project.completed_at = "completed", datetime.now(UTC)
    await keep(session, project)
    await _note(session, actor, "completed", project)
    await emit(session, EventCompleted(project_id=project.id, kind=project.kind, day=project.day))
    return project


async def reopen_project(session: TenantSession, actor: Actor, project_id: UUID) -> Project:
    """Take back that the event has taken place."""
    project = await project_of(session, actor, project_id, changing=True)
    if project.state != "completed":
        return project
    project.state = "active" if project.planned_on else "draft"
    project.completed_at = None
    await keep(session, project)
    await _note(session, actor, "reopened", project)
    return project


async def delete_project(session: TenantSession, actor: Actor, project_id: UUID) -> None:
    """Delete an event with its tasks and what is known of its guests."""
    project = await project_of(session, actor, project_id, changing=True)
    await session.delete(project)
    await session.flush()
    await _note(session, actor, "deleted", project)


async def keep(session: TenantSession, project: Project) -> Project:
    """Save a changed event."""
    project.version += 1
    project.updated_at = datetime.now(UTC)
    session.add(project)
    await session.flush()
    return project


def facts_of(project: Project) -> dict[str, Any]:
    """The facts of an event by name."""
    return {name: getattr(project, name) for name in FACTS}


async def _note(session: TenantSession, actor: Actor, deed: str, project: Project) -> None:
    # What somebody celebrates is not for the market's staff to read, so the log has no more.
    await record(session, actor, f"project.{deed}", "project", project.id)


def _overview(project: Project, locale: str, tasks: int, done: int, overdue: int) -> Overview:
    return Overview(
        id=project.id,
        kind=project.kind,
        title=title_of(project, locale),
        day=project.day,
        days=project.days,
        guests=project.guests,
        place=project.place,
        budget_amount=project.budget_amount,
        budget_currency=project.budget_currency,
        state=project.state,
        tasks=tasks,
        done=done,
        overdue=overdue if project.state != "completed" else 0,
    )
