"""Tools around the events that a person prepares."""

from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.accounts.permissions import Permission
from app.approvals.tools import Call, Preview, Tool, known
from app.database import TenantSession
from app.i18n import translate
from app.projects.keeping import create_project, edit_project, projects_of, today_in
from app.projects.planning import plan
from app.projects.plans import template_of


class PlanWanted(BaseModel):
    """The facts of an event that are known; of one that has a plan, those that change."""

    model_config = ConfigDict(extra="forbid")

    project_id: UUID | None = None
    kind: str | None = None
    title: str | None = None
    day: date | None = None
    days: int | None = None
    begins: time | None = None
    guests: int | None = None
    place: str | None = None
    budget_amount: Decimal | None = None
    budget_currency: str | None = None


async def _plan(session: TenantSession, call: Call, wanted: PlanWanted) -> dict[str, Any]:
    told = {
        name: value
        for name, value in wanted.model_dump(exclude={"project_id"}).items()
        if value is not None
    }
    project_id = wanted.project_id or await _same(session, call, wanted)
    if project_id is None:
        project = await create_project(session, call.actor, call.market, told)
    else:
        project = await edit_project(session, call.actor, call.market, project_id, told)
    result: dict[str, Any] = {"project_id": str(project.id), "created": project_id is None}
    if project.day is None:
        # There is nothing to reckon dates from; the event is kept, and planned once it has a day.
        return result
    made = await plan(session, call.actor, project.id, today_in(call.market))
    return result | {
        "added": made.added,
        "moved": made.moved,
        "available": made.available,
        "usual": made.usual,
        "squeezed": made.squeezed,
    }


async def _same(session: TenantSession, call: Call, wanted: PlanWanted) -> UUID | None:
    """The same event, where it was written down before; so that nothing is planned twice."""
    today = today_in(call.market)
    for state in ("active", "draft"):
        for one in await projects_of(session, call.actor, call.locale, today, state=state):
            if (one.kind, one.day) == (wanted.kind or "other", wanted.day):
                return one.id
    return None


async def _describe(_session: TenantSession, locale: str, wanted: PlanWanted) -> Preview:
    name = translate(locale, template_of(wanted.kind or "other").name)
    return Preview(what=translate(locale, "A plan is made for: %(event)s.", event=name))


PLAN_EVENT = known(
    Tool(
        name="plan_event",
        about=(
            "Write down an event that the person prepares, or change what is known of it, and make"
            " or renew its plan of dated tasks."
        ),
        arguments=PlanWanted,
        permission=Permission.KEEP_PROJECTS,
        effect="keeps",
        describe=_describe,
        do=_plan,
    )
)
