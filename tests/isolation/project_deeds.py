"""What ours do with the events that they prepare, where no forged request gets as far."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.database import tenant_session
from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.world import World
from tests.project_rows import project, project_task


async def _planning(world: World) -> None:
    day = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    events, tasks = "/api/v1/planning/events", "/api/v1/planning/tasks"
    event = (await _sent(world, "POST", events, {"type": "birthday", "day": day}))["id"]
    await _sent(world, "PUT", f"{events}/{event}", {"guests": 12})
    await _sent(world, "POST", f"{events}/{event}/plan", {})
    task = (await _sent(world, "POST", tasks, {"event_id": event, "title": "Sing"}))["id"]
    await _sent(world, "PUT", tasks, {"id": task, "state": "done"})


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


PROJECT_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/planning.py": _planning,
    "app/api/tasks.py": _planning,
    "state/projects/board.py": _pages,
    "state/projects/event.py": _pages,
    "state/projects/timeline.py": _pages,
}
"""By the file whose places a deed reaches."""
