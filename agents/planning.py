"""The planning agent: makes and follows the plans of events, which `app.projects` keeps.

Types of events are told apart by the words in `prompts/planning.json`; dates and tasks are reckoned
from the templates there. No model is asked.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from agents.acting import actor_of
from agents.base import BaseAgent, Request, Result
from agents.occasions import OTHERWISE, Occasion, facts_in, kind_in, occasion_in
from agents.plans import (
    Planned,
    kept,
    plan_block,
    reckoned,
    tasks_block,
    told_facts,
    told_tasks,
    told_time,
)
from agents.slots.values import Dates
from agents.tools.projects import PLAN_EVENT
from agents.tools.using import use
from app.approvals.tools import Call
from app.conversations import log
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import ntranslate, translate, written_date
from app.projects.keeping import facts_of, project_of, projects_of, today_in
from app.projects.models import Project
from app.projects.planning import timeline_of

NEXT = 3
"""How many of the next tasks are said; the rest stand in the block."""

LOOKED_AT = 40
"""How many entries of the conversation are looked through for a plan."""


class Planning(BaseAgent):
    """Makes the plan of an event from what a conversation says of it, or says how one stands."""

    name = "planning"
    tools = (PLAN_EVENT.name,)

    async def run(self, request: Request) -> Result:
        """Return the plan as text and blocks; a visitor is asked to sign in to keep it."""
        if "planning" in request.market.switched_off:
            return Result(text=translate(request.locale, "This market does not plan events."))
        try:
            if request.intent == "track_plan":
                return await _standing(request)
            return await _planned(request)
        except AppError as error:
            # A day that is past and the like: the refusal is the answer.
            return Result(text=translate(request.locale, error.message, **error.params))


async def _planned(request: Request) -> Result:
    said = [one.text for one in request.history if one.author == "person"]
    occasion = occasion_in([*said, request.message], request.slots)
    if not occasion.is_named:
        return Result(asks=("date", "guests"))
    today = today_in(request.market)
    if request.person_id is None:
        planned = reckoned(occasion.kind or OTHERWISE, request.locale, today, **occasion.facts)
        return _for_visitor(planned, occasion, request.locale)
    async with tenant_session(request.market.id) as session:
        project = await _meant(session, request)
        told = _changes(request, occasion, project)
    call = Call(
        request.market,
        actor_of(request),
        request.locale,
        f"conversation:{request.conversation_id}:plan",
        request.conversation_id,
    )
    used = await use(PLAN_EVENT, call, told)
    made: dict[str, Any] = used.result or {}
    async with tenant_session(request.market.id) as session:
        timeline = await timeline_of(
            session, call.actor, UUID(made["project_id"]), request.locale, today
        )
    planned = kept(timeline, request.locale, made)
    return _for_member(planned, occasion, request.locale, made)


def _changes(request: Request, occasion: Occasion, project: Project | None) -> dict[str, Any]:
    """What the plan is to be made of, or what changes of one that is there.

    What was said earlier was planned then, and may have been changed by hand since: it only fills
    what is still empty.
    """
    if project is None:
        return {"kind": occasion.kind or OTHERWISE, **occasion.facts}
    now = [slot for slot in request.slots if slot.end > 0 or slot.kind in request.corrected]
    fresh, _around = facts_in(now)
    # A price for each guest is a sum only with how many come, who may have been named before.
    known = facts_of(project)
    filled = {name: value for name, value in occasion.facts.items() if not known.get(name)}
    kind = kind_in(request.message)
    return {
        "project_id": project.id,
        **filled,
        **fresh,
        **({"kind": kind} if kind and project.kind == OTHERWISE else {}),
    }


async def _meant(session: TenantSession, request: Request) -> Project | None:
    """The event of this conversation that the message means; None for a new one."""
    if request.conversation_id is None:
        return None
    actor, kind = actor_of(request), kind_in(request.message)
    entries = await log.latest_events(session, request.conversation_id, limit=LOOKED_AT)
    for entry in reversed(entries):
        for block in entry.payload.get("blocks", ()):
            named = str(block["data"].get("project", "")) if block["kind"] == "plan" else ""
            if not named:
                continue
            try:
                project = await project_of(session, actor, UUID(named))
            except NotFound:
                # It was deleted since.
                continue
            if project.state != "completed" and kind in ("", project.kind):
                return project
    return None


def _for_visitor(planned: Planned, occasion: Occasion, locale: str) -> Result:
    told = [
        told_facts(planned, locale),
        *_around(occasion.around, planned, locale),
        told_time(planned, locale),
        told_tasks(planned.tasks, locale),
        translate(locale, "Sign in and ask once more, and I will keep this plan for you."),
    ]
    return Result(text="\n\n".join(told), blocks=(plan_block(planned, locale),))


def _for_member(planned: Planned, occasion: Occasion, locale: str, made: dict[str, Any]) -> Result:
    if planned.day is None and not planned.tasks:
        usual = reckoned(planned.kind, locale, date.min, guests=planned.guests)
        planned = replace(planned, tasks=usual.tasks)
    told = [told_facts(planned, locale), *_around(occasion.around, planned, locale)]
    if not made["created"] and (moved := int(made.get("moved", 0))):
        told.append(
            ntranslate(
                locale,
                "%(count)s task has another date now.",
                "%(count)s tasks have other dates now.",
                moved,
            )
        )
    told.append(told_time(planned, locale))
    if planned.open:
        told.append(_next(planned, locale))
    return Result(
        text="\n\n".join(told), blocks=(plan_block(planned, locale), tasks_block(planned, locale))
    )


def _next(planned: Planned, locale: str) -> str:
    first = translate(locale, "What comes next:")
    return f"{first}\n{told_tasks(planned.open[:NEXT], locale)}"


def _around(around: Dates | None, planned: Planned, locale: str) -> list[str]:
    """The question on which day, where only a stretch of time was said."""
    if around is None or planned.day is not None:
        return []
    return [
        translate(
            locale,
            "On which day between %(first)s and %(last)s is it?",
            first=written_date(around.first, locale),
            last=written_date(around.last, locale),
        )
    ]


async def _standing(request: Request) -> Result:
    """How the person's plan stands: the one of the conversation, of the type named, or the next."""
    locale, today = request.locale, today_in(request.market)
    if request.person_id is None:
        return Result(text=translate(locale, "Sign in to see the plans of your events."))
    actor, kind = actor_of(request), kind_in(request.message)
    async with tenant_session(request.market.id) as session:
        project = await _meant(session, request)
        project_id = project.id if project else None
        if project_id is None:
            found = await projects_of(session, actor, locale, today, limit=20)
            open_ = [one for one in found if one.state != "completed"]
            named = [one for one in open_ if one.kind == kind] or open_
            if not named:
                return Result(
                    text=translate(
                        locale,
                        "You have no event yet. Tell me what you want to celebrate, when, and with"
                        " how many guests, and I will plan it.",
                    )
                )
            project_id = named[0].id
        timeline = await timeline_of(session, actor, project_id, locale, today)
    planned = kept(timeline, locale)
    done = len(planned.tasks) - len(planned.open)
    late = [task for task in planned.open if task.due is not None and task.due < today]
    told = [
        told_facts(planned, locale),
        ntranslate(
            locale,
            "%(done)s of %(count)s task is done.",
            "%(done)s of %(count)s tasks are done.",
            len(planned.tasks),
            done=done,
        ),
    ]
    if late:
        told.append(
            ntranslate(
                locale,
                "%(count)s task is overdue:",
                "%(count)s tasks are overdue:",
                len(late),
            )
            + f"\n{told_tasks(late[:NEXT], locale)}"
        )
    if coming := [task for task in planned.open if task not in late]:
        first = translate(locale, "What comes next:")
        told.append(f"{first}\n{told_tasks(coming[:NEXT], locale)}")
    return Result(
        text="\n\n".join(told), blocks=(plan_block(planned, locale), tasks_block(planned, locale))
    )
