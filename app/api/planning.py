"""Events that people prepare, over HTTP: their facts, their plans and their timelines.

A person's events are theirs alone; an API key that may `projects.run` prepares those of the market
itself. Tasks stand in `app.api.tasks`.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api.callers import Marketplace, Signed
from app.api.planned import (
    ChangedFacts,
    Event,
    EventList,
    Facts,
    Id,
    Plan,
    State,
    Timeline,
    budget_told,
    event_id_of,
    event_told,
    facts_from,
    timeline_told,
)
from app.api.problems import locale_of
from app.database import tenant_session
from app.projects import keeping, planning

router = APIRouter(prefix="/api/v1/planning", tags=["Planning"])


@router.post(
    "/events",
    response_model=Event,
    status_code=HTTPStatus.CREATED,
    summary="Begin to prepare an event",
    operation_id="createEvent",
)
async def create(request: Request, market: Marketplace, caller: Signed, told: Facts) -> Any:
    """A new event of the caller's."""
    async with tenant_session(market.id) as session:
        made = await keeping.create_project(session, caller.actor, market, facts_from(told))
    return event_told(made, locale_of(request))


@router.get("/events", response_model=EventList, summary="List events", operation_id="listEvents")
async def listed(
    request: Request,
    market: Marketplace,
    caller: Signed,
    state: Annotated[State | None, Query()] = None,
) -> Any:
    """The caller's events, or those in one state."""
    async with tenant_session(market.id) as session:
        found = await keeping.projects_of(
            session, caller.actor, locale_of(request), keeping.today_in(market), state=state
        )
    return {
        "events": [
            {
                **vars(one),
                "type": one.kind,
                "budget": budget_told(one.budget_amount, one.budget_currency),
            }
            for one in found
        ]
    }


@router.get(
    "/events/{event_id}", response_model=Event, summary="Read an event", operation_id="readEvent"
)
async def read(request: Request, market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """One event of the caller's."""
    async with tenant_session(market.id) as session:
        found = await keeping.project_of(session, caller.actor, event_id_of(event_id))
    return event_told(found, locale_of(request))


@router.put(
    "/events/{event_id}", response_model=Event, summary="Change an event", operation_id="editEvent"
)
async def edit(
    request: Request, market: Marketplace, caller: Signed, event_id: Id, told: ChangedFacts
) -> Any:
    """Change what was sent; the plan stays until it is asked for again."""
    async with tenant_session(market.id) as session:
        changed = await keeping.edit_project(
            session, caller.actor, market, event_id_of(event_id), facts_from(told), told.version
        )
    return event_told(changed, locale_of(request))


@router.delete(
    "/events/{event_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Delete an event",
    operation_id="deleteEvent",
)
async def delete(market: Marketplace, caller: Signed, event_id: Id) -> None:
    """Delete an event with its tasks, and what is known of its guests, for good."""
    async with tenant_session(market.id) as session:
        await keeping.delete_project(session, caller.actor, event_id_of(event_id))


@router.post(
    "/events/{event_id}/complete",
    response_model=Event,
    summary="Say that an event has taken place",
    operation_id="completeEvent",
)
async def complete(request: Request, market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """From its last day on; a second time changes nothing."""
    async with tenant_session(market.id) as session:
        done = await keeping.complete_project(
            session, caller.actor, event_id_of(event_id), keeping.today_in(market)
        )
    return event_told(done, locale_of(request))


@router.post(
    "/events/{event_id}/plan",
    response_model=Plan,
    summary="Plan an event",
    operation_id="planEvent",
)
async def plan(request: Request, market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """Make a plan by the event's type, day and guests, or bring the plan up to them.

    What was done, worded or dated by a person stays as it is. The event needs a day.
    """
    held, today = event_id_of(event_id), keeping.today_in(market)
    async with tenant_session(market.id) as session:
        made = await planning.plan(session, caller.actor, held, today)
        locale = locale_of(request)
        shown = await planning.timeline_of(session, caller.actor, held, locale, today)
    return {
        **timeline_told(shown, market, locale),
        "added": made.added,
        "moved": made.moved,
        "kept": made.kept,
        "usual_days": made.usual,
        "squeezed": made.squeezed,
    }


@router.get(
    "/events/{event_id}/timeline",
    response_model=Timeline,
    summary="Read an event's timeline",
    operation_id="readTimeline",
)
async def timeline(request: Request, market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """The tasks by their dates, the longest chain among them, and the hours of the day."""
    locale = locale_of(request)
    async with tenant_session(market.id) as session:
        shown = await planning.timeline_of(
            session, caller.actor, event_id_of(event_id), locale, keeping.today_in(market)
        )
    return timeline_told(shown, market, locale)
