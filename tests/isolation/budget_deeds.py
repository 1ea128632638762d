"""What ours do with the budgets of their own events; see `deeds`."""

import json
from collections.abc import Awaitable, Callable

from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.deeds import a_row, posted
from tests.isolation.world import PLUMBERS, World

LINES = [{"category": "venue", "title": "The hall", "planned": "10"}]


async def _over_http(world: World) -> None:
    """Make, read and change the budget of an event of our owner, and reckon with it."""
    event = await a_row(world, "project", person_id=world.people["owner"])
    path = f"/api/v1/finance/events/{event}"
    await posted(world, f"{path}/budget", data={"lines": LINES})
    await posted(world, f"{path}/roi-analysis", data={"revenue": "20"})
    await posted(world, "/api/v1/finance/pricing-optimization", data={"category": PLUMBERS.key})
    headers = world.headers("owner")
    await answer("GET", f"{path}/budget", world.ours.host, headers)
    await answer("GET", f"/events/{event}/budget.csv", world.ours.host, headers)
    headers |= {"content-type": "application/json", "origin": f"http://{world.ours.host}"}
    body = json.dumps({"version": 1, "lines": LINES}).encode()
    await answer("PUT", f"{path}/budget", world.ours.host, headers, body)


async def _pages(world: World) -> None:
    """The same by forms, with and without JavaScript."""
    await _over_http(world)
    event = await a_row(world, "project", person_id=world.people["owner"])
    told = {"event": event, "deed": "make", "total": "100", "locale": "en"}
    await posted(world, "/events/budget", told)
    await handlers.send(world, "BudgetState.load", {}, place=event)
    kept = {"project_id": event, "version": 1}
    await handlers.send(world, "BudgetState.save", {"form": LINES[0]}, kept)
    bare = await a_row(world, "project", person_id=world.people["owner"])
    await handlers.send(world, "BudgetState.make", {"form": {}}, {"project_id": bare})
    income = {"form": {"source": "tickets", "amount": "10"}}
    held = {"project_id": event, "currency": "EUR"}
    await handlers.send(world, "IncomeState.add", income, held)
    entry = await a_row(world, "event_income", project_id=event)
    form = {"event": event, "deed": "add", "source": "fees", "amount": "5", "locale": "en"}
    await posted(world, "/events/income", form)
    await handlers.send(world, "IncomeState.remove", {"income_id": entry}, held)


BUDGET_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/budgeting.py": _pages,
    "app/api/finance.py": _over_http,
    "state/budgets.py": _pages,
    "state/projects/income.py": _pages,
}
"""By the file whose places a deed reaches."""
