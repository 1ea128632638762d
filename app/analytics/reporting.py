"""The report on an event, made by itself when the event is over.

`event.completed` queues a job in the transaction that notes it as taken in, so there is one job for
one event however often it is delivered; and the report stands once for each event, so that a job
that is done twice writes the same row again.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select

from app.accounts.actors import Actor, system
from app.analytics.models import EventReport
from app.analytics.returns import EventReturn, in_the_name_of, return_of
from app.budgets.amounts import wire
from app.database import TenantSession, tenant_session
from app.jobs.queue import enqueue
from app.jobs.work import Work, job
from app.markets.directory import market_by_id
from app.outbox.consuming import Happening, consumer
from app.outbox.kinds import EventCompleted
from app.projects.keeping import project_of
from app.projects.models import Project


@dataclass(frozen=True)
class Reported:
    """What was found of an event, and when."""

    at: datetime
    figures: dict[str, Any]
    """Amounts and percentages as texts, persons as numbers; what is not known is None."""

    def amount(self, name: str) -> Decimal | None:
        """An amount or a percentage by its name."""
        told = self.figures.get(name)
        return Decimal(told) if isinstance(told, str) else None


@consumer("analytics.report", EventCompleted)
async def report_on(session: TenantSession, event: Happening) -> None:
    """Queue the report on an event that is over."""
    told = {"project_id": str(event.payload.project_id), "event_id": str(event.id)}
    actor = system(session.tenant_id, "analytics")
    await enqueue(session, actor, "analytics.report", told, lock=told["project_id"])


@job("analytics.report", attempts=4)
async def make(work: Work) -> None:
    """Make the report, unless the event was deleted or taken back since."""
    project_id = UUID(work.told["project_id"])
    market = await market_by_id(work.market_id)
    async with tenant_session(work.market_id) as session:
        project = await session.get(Project, project_id)
    if market is None or project is None or project.state != "completed":
        return
    figures = figures_of(await return_of(market, in_the_name_of(project), project_id))
    row = EventReport(project_id=project_id, event_id=UUID(work.told["event_id"]), figures=figures)
    async with tenant_session(work.market_id) as session:
        # Nobody deletes the event while its report is written.
        held = select(Project.id).where(Project.id == project_id).with_for_update()
        if (await session.exec(held)).one_or_none() is None:
            return
        values = row.model_dump(exclude={"tenant_id"})
        await (await session.connection()).execute(
            insert(EventReport)
            .values(values)
            .on_conflict_do_update(
                constraint="event_report_once",
                set_={name: values[name] for name in ("event_id", "figures", "created_at")},
            )
        )


async def report_of(session: TenantSession, actor: Actor, project_id: UUID) -> Reported | None:
    """The report on an event of one's own, where there is one; raises `NotFound`.

    While the event is being prepared again there is none.
    """
    project = await project_of(session, actor, project_id)
    if project.state != "completed":
        return None
    query = select(EventReport).where(EventReport.project_id == project_id)
    row = (await session.exec(query)).one_or_none()
    return None if row is None else Reported(row.created_at, row.figures)


def figures_of(found: EventReturn) -> dict[str, Any]:
    """How an event did, as JSON holds it."""

    def amount(told: Decimal | None) -> str | None:
        return None if told is None else wire(told, found.currency)

    return {
        "currency": found.currency,
        "planned": amount(found.planned),
        "cost": amount(found.cost),
        "revenue": amount(found.revenue),
        "profit": amount(found.found.profit) if found.found else None,
        "percent": str(found.found.percent) if found.found else None,
        "cost_per_guest": amount(found.cost_per_guest),
        "unknown_lines": found.unknown_lines,
        "invited": found.guests.invited,
        "coming": found.guests.coming,
        "came": found.guests.came,
        "ratings": found.guests.ratings,
        "rating": found.guests.rating,
        "missing": list(found.missing),
    }
