"""What ours do with the events that they prepare, where no forged request gets as far."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.database import tenant_session
from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.world import World
from tests.project_rows import guest_feedback, project, project_task


async def _planning(world: World) -> None:
    day = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    events, tasks = "/api/v1/planning/events", "/api/v1/planning/tasks"
    event = (await _sent(world, "POST", events, {"type": "birthday", "day": day}))["id"]
    await _sent(world, "PUT", f"{events}/{event}", {"guests": 12})
    await _sent(world, "POST", f"{events}/{event}/plan", {})
    task = (await _sent(world, "POST", tasks, {"event_id": event, "title": "Sing"}))["id"]
    await _sent(world, "PUT", tasks, {"id": task, "state": "done"})


async def _guests(world: World) -> None:
    """Who comes to an event of our owner, one by one and from a file, and what they thought."""
    async with tenant_session(world.ours.id) as session:
        event = await project(session, person_id=world.people["owner"])
    path = f"/api/v1/planning/events/{event.id}"
    guest = (await _sent(world, "POST", f"{path}/registrations", {"name": "Zoe"}))["id"]
    await _sent(world, "PATCH", f"{path}/registrations/{guest}", {"state": "coming"})
    for what, told in (
        ("registrations/import", {"content": "name\nBo", "dry_run": False}),
        ("attendance", {"registration_id": guest}),
        ("feedback", {"rating": 5}),
    ):
        headers = {**world.headers("owner"), "content-type": "application/json"}
        body = json.dumps(told).encode()
        await answer("POST", f"{path}/{what}", world.ours.host, headers, body)
    for what in ("registrations", "feedback"):
        await answer("GET", f"{path}/{what}", world.ours.host, world.headers("owner"))
    await answer("DELETE", f"{path}/registrations/{guest}", world.ours.host, world.headers("owner"))


async def _sent(world: World, method: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    headers = {**world.headers("owner"), "content-type": "application/json"}
    body = json.dumps(told).encode()
    return json.loads((await answer(method, path, world.ours.host, headers, body)).text)


async def _pages(world: World) -> None:
    async with tenant_session(world.ours.id) as session:
        event = await project(session, person_id=world.people["owner"])
        task = await project_task(session, project_id=event.id)
    await handlers.send(world, "EventState.load", {}, place=str(event.id))
    kept = {"project_id": str(event.id), "editing": str(task.id)}
    await handlers.send(world, "BoardState.save", {"form": {"title": "Sing"}}, kept)
    told = {"task_id": str(task.id), "column": "done"}
    await handlers.send(world, "BoardState.move", told, kept)


async def _guest_pages(world: World) -> None:
    """The guests of an event of our owner on their page, and as a file."""
    async with tenant_session(world.ours.id) as session:
        event = await project(session, person_id=world.people["owner"])
        opinion = await guest_feedback(session, project_id=event.id)
    host, headers = world.ours.host, world.headers("owner")
    await answer("GET", f"/events/{event.id}/guests.csv", host, headers)
    await handlers.send(world, "GuestsState.load", {}, place=str(event.id))
    kept = {"project_id": str(event.id)}
    await handlers.send(world, "GuestsState.add", {"form": {"name": "Zoe"}}, kept)
    await handlers.send(world, "OpinionsState.add", {"form": {"opinion": "5"}}, kept)
    await handlers.send(world, "OpinionsState.remove", {"opinion_id": str(opinion.id)}, kept)


PROJECT_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/guest_sheets.py": _guest_pages,
    "app/api/guests.py": _guests,
    "app/api/planning.py": _planning,
    "app/api/tasks.py": _planning,
    "state/projects/board.py": _pages,
    "state/projects/entry.py": _guest_pages,
    "state/projects/event.py": _pages,
    "state/projects/guest_figures.py": _guest_pages,
    "state/projects/guests.py": _guest_pages,
    "state/projects/opinions.py": _guest_pages,
    "state/projects/timeline.py": _pages,
}
"""By the file whose places a deed reaches."""
