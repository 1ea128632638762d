"""The dashboard agent: where somebody stands with events and requests, and what comes next."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from agents.acting import reader_of
from agents.base import BaseAgent, Block, Request, Result
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.budgets.keeping import Kept, NoBudget, budget_of
from app.database import TenantSession, tenant_session
from app.i18n import money, ntranslate, translate, written_date
from app.projects.keeping import Overview, projects_of
from app.projects.tasks import Task, tasks_of
from app.vendors.quotes import Asked, quotes_of, requests_to

MOST_EVENTS = 3
MOST_TASKS = 5


class Dashboard(BaseAgent):
    """Tells what is near, late, unanswered or over its budget, of the person's own."""

    name = "dashboard"

    async def run(self, request: Request) -> Result:
        """Return where the person stands, with the tasks that come next."""
        market, locale = request.market, request.locale
        today = datetime.now(ZoneInfo(market.timezone)).date()
        async with tenant_session(market.id) as session:
            actor = await reader_of(session, request)
            if not actor.may(Permission.KEEP_PROJECTS):
                return Result(text=translate(locale, "Sign in to see your events and requests."))
            told: list[str] = []
            blocks: list[Block] = []
            every = await projects_of(session, actor, locale, today, limit=50)
            for event in [one for one in every if one.state != "completed"][:MOST_EVENTS]:
                tasks = await tasks_of(session, actor, locale, project_id=event.id)
                told.append(_standing(event, today, locale))
                kept = await _budget(session, actor, event)
                if kept is not None and kept.left is not None and kept.left < 0:
                    told.append(
                        translate(
                            locale,
                            "Its budget is %(amount)s over the limit.",
                            amount=money(-kept.left, kept.currency, locale),
                        )
                    )
                if coming := _coming(tasks):
                    blocks.append(_tasks(event, coming, locale))
            told += await _requests(session, actor, locale)
        if not told:
            told.append(
                translate(
                    locale,
                    "You have no events and no requests yet. Tell me what you plan, or what you"
                    " are looking for.",
                )
            )
        return Result(text="\n\n".join(told), blocks=tuple(blocks))


def _standing(event: Overview, today: date, locale: str) -> str:
    """How an event stands, and how many of its tasks are late."""
    told = [_when(event, today, locale)]
    if event.tasks:
        told.append(
            ntranslate(
                locale,
                "%(done)s of %(count)s task is done.",
                "%(done)s of %(count)s tasks are done.",
                event.tasks,
                done=event.done,
            )
        )
    else:
        told.append(translate(locale, "It has no plan yet: ask me to make one."))
    if event.overdue:
        told.append(
            ntranslate(
                locale, "%(count)s task is late.", "%(count)s tasks are late.", event.overdue
            )
        )
    return " ".join(told)


def _when(event: Overview, today: date, locale: str) -> str:
    if event.day is None:
        return translate(locale, "%(title)s has no day yet.", title=event.title)
    left = (event.day - today).days
    if left < 0:
        return translate(
            locale,
            "%(title)s was on %(day)s and is not marked as over.",
            title=event.title,
            day=written_date(event.day, locale),
        )
    if left == 0:
        return translate(locale, "%(title)s is today.", title=event.title)
    return ntranslate(
        locale,
        "%(title)s is in %(count)s day, on %(day)s.",
        "%(title)s is in %(count)s days, on %(day)s.",
        left,
        title=event.title,
        day=written_date(event.day, locale),
    )


def _coming(tasks: Sequence[Task]) -> list[Task]:
    """The open tasks that come next, the earliest first; those that wait for others come last."""
    is_open = {task.id for task in tasks if task.state != "done"}
    coming = [task for task in tasks if task.id in is_open]
    coming.sort(
        key=lambda task: (
            bool(is_open.intersection(task.needs)),
            task.due or date.max,
            task.position,
        )
    )
    return coming[:MOST_TASKS]


def _tasks(event: Overview, tasks: Sequence[Task], locale: str) -> Block:
    data: dict[str, Any] = {
        "tasks": [
            {"name": task.title, "due": task.due.isoformat() if task.due else None, "done": False}
            for task in tasks
        ]
    }
    title = translate(locale, "Next for %(title)s", title=event.title)
    return Block("tasks", title, data, f"/{locale}/events/{event.id}")


async def _budget(session: TenantSession, actor: Actor, event: Overview) -> Kept | None:
    try:
        return await budget_of(session, actor, event.id)
    except NoBudget:
        return None


async def _requests(session: TenantSession, actor: Actor, locale: str) -> list[str]:
    """How many of the person's requests wait or were answered, and how many wait for them."""
    told: list[str] = []
    if actor.may(Permission.REQUEST_QUOTES):
        asked = await quotes_of(session, actor)
        waiting, answered = _count(asked, "sent"), _count(asked, "answered")
        if waiting:
            told.append(
                ntranslate(
                    locale,
                    "%(count)s request for a quote is unanswered.",
                    "%(count)s requests for quotes are unanswered.",
                    waiting,
                )
            )
        if answered:
            told.append(
                ntranslate(
                    locale,
                    "You have %(count)s quote to compare.",
                    "You have %(count)s quotes to compare.",
                    answered,
                )
            )
    if actor.may(Permission.OFFER) and (mine := _count(await requests_to(session, actor), "sent")):
        told.append(
            ntranslate(
                locale,
                "%(count)s customer waits for your quote.",
                "%(count)s customers wait for your quote.",
                mine,
            )
        )
    return told


def _count(asked: Sequence[Asked], state: str) -> int:
    return sum(one.state == state for one in asked)
