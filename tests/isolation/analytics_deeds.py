"""What ours ask of their own figures; see `deeds`."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import uuid4

from app.accounts.actors import system
from app.database import tenant_session
from app.jobs.queue import enqueue
from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.deeds import a_row, done, posted
from tests.isolation.world import World

PAST = date(2026, 1, 1)
MARKET = ("conversion-funnel", "anomalies", "predictions", "hypotheses")


async def _figures(world: World) -> None:
    """The market's figures, as our owner and as a program of ours."""
    for who in ("owner", "key"):
        for what in MARKET:
            path = f"/api/v1/analytics/{what}"
            await answer("GET", path, world.ours.host, world.headers(who))
    told = {"metrics": ["conversations"], "step": "month"}
    await posted(world, "/api/v1/analytics/custom-report", data=told)


async def _events(world: World) -> None:
    """How an event of our owner did, and what it brought in."""
    event = await a_row(world, "project", person_id=world.people["owner"])
    path = f"/api/v1/analytics/events/{event}"
    headers = world.headers("owner")
    await posted(world, f"{path}/income", data={"source": "tickets", "amount": "10"})
    for what in ("income", "roi"):
        await answer("GET", f"{path}/{what}", world.ours.host, headers)
    entry = await a_row(world, "event_income", project_id=event)
    headers |= {"origin": f"http://{world.ours.host}"}
    await answer("DELETE", f"{path}/income/{entry}", world.ours.host, headers)


async def _console(world: World) -> None:
    """The page of the console, drawn twice."""
    for handler in ("load", "refresh"):
        await handlers.send(world, f"AnalyticsState.{handler}", {})


async def _report(world: World) -> None:
    """An event of our owner that is over, and the job that reports on it."""
    event = await a_row(
        world, "project", person_id=world.people["owner"], state="completed", day=PAST
    )
    async with tenant_session(world.ours.id) as session:
        told = {"project_id": event, "event_id": str(uuid4())}
        job = await enqueue(session, system(world.ours.id, "tests"), "analytics.report", told)
    await done(world, str(job))
    await handlers.send(world, "EventState.load", {}, place=event)


ANALYTICS_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/analytics.py": _figures,
    "app/api/returning.py": _events,
    "app/analytics/reporting.py": _report,
    "state/admin/analytics.py": _console,
    "state/projects/report.py": _report,
}
"""By the file whose places a deed reaches."""
