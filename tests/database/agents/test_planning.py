"""The planning agent over a real market: plans kept for members, and told to visitors."""

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from agents.base import BaseAgent, Deps, Request, Result, Said
from agents.finance import Finance
from agents.gathering import with_slots
from agents.planning import Planning
from agents.slots.values import Guests, Slot
from agents.vendor import Vendor
from app.accounts.actors import Actor
from app.budgets.keeping import budget_of
from app.conversations import log
from app.database import tenant_session
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.projects.keeping import edit_project, today_in
from app.projects.models import Project, ProjectTask
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from tests.database.budgets.conftest import member
from tests.factories import conversation, listing, open_market
from tests.project_rows import project, project_task
from tests.shelf import Shelf

WEDDING = "Plan a wedding for 80 guests on %s, budget 20000 euros"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def ada(market: MarketCard) -> Actor:
    return await member(market)


def agent(kind: type[BaseAgent], shelf: Shelf | None = None) -> Any:
    embedder = sentence_embedder()
    return kind(Deps(index=shelf or Shelf(), embedder=embedder, model=Composer(embedder)))


async def asked(market: MarketCard, message: str, **more: Any) -> Request:
    told = {"intent": "create_plan", **more}
    return await with_slots(Request(market, told.pop("locale", "en"), message, **told))


def in_a_year(market: MarketCard) -> date:
    return today_in(market) + timedelta(days=400)


async def projects(market: MarketCard) -> list[Project]:
    async with tenant_session(market.id) as session:
        return list(await session.exec(select(Project)))


async def test_a_sentence_becomes_an_event_with_its_plan(market: MarketCard, ada: Actor):
    day = in_a_year(market)
    request = await asked(market, WEDDING % day.isoformat(), person_id=ada.id)
    found: Result = await agent(Planning).run(request)
    (kept,) = await projects(market)
    assert (kept.kind, kept.day, kept.guests, kept.person_id) == ("wedding", day, 80, ada.id)
    assert (kept.budget_amount, kept.budget_currency) == (Decimal(20000), "EUR")
    async with tenant_session(market.id) as session:
        tasks = (await session.exec(select(ProjectTask))).all()
    assert f"The plan has {len(tasks)} tasks, each with its date." in found.text
    assert "80 guests, and a budget of €20,000." in found.text
    plan, todo = found.blocks
    assert plan.url == f"/en/events/{kept.id}"
    assert plan.data["project"] == str(kept.id)
    assert sum(phase["tasks"] for phase in plan.data["phases"]) == len(tasks)
    assert plan.data["phases"][-1]["name"] == "Afterwards"
    assert {one["step"] for one in plan.data["services"]} >= {"venue", "photographer", "menu"}
    assert len(todo.data["tasks"]) == len(tasks)


async def test_said_again_nothing_is_planned_twice(market: MarketCard, ada: Actor):
    request = await asked(market, WEDDING % in_a_year(market).isoformat(), person_id=ada.id)
    await agent(Planning).run(request)
    found = await agent(Planning).run(request)
    assert len(await projects(market)) == 1
    assert "other dates" not in found.text


async def test_what_is_said_later_changes_the_plan_of_the_conversation(
    market: MarketCard, ada: Actor
):
    async with tenant_session(market.id) as session:
        talk = await conversation(session, person_id=ada.id)
    more = {"person_id": ada.id, "conversation_id": talk.id}
    first = await asked(market, WEDDING % in_a_year(market).isoformat(), **more)
    made = await agent(Planning).run(first)
    async with tenant_session(market.id) as session:
        blocks = [dataclasses.asdict(block) for block in made.blocks]
        await log.append(session, talk.id, "reply", {"text": "", "agent": "", "blocks": blocks})
        event = UUID(made.blocks[0].data["project"])
        # Changed by hand since: what was said before does not take it back.
        await edit_project(session, ada, market, event, {"budget_amount": "30000"})
    later = await asked(market, "make it 120 guests, two weeks later", **more)
    kept = tuple(slot for slot in first.slots if not isinstance(slot.value, Guests))
    kept = tuple(dataclasses.replace(slot, start=0, end=0) for slot in kept)
    new_day = in_a_year(market) + timedelta(days=14)
    later = dataclasses.replace(
        later,
        slots=(*kept, *(slot for slot in later.slots if isinstance(slot.value, Guests))),
        history=[Said("person", first.message)],
    )
    await agent(Planning).run(later)
    (changed,) = await projects(market)
    assert (changed.guests, changed.budget_amount) == (120, Decimal(30000))
    assert changed.day == in_a_year(market) != new_day


async def test_who_is_corrected_by_hand_is_believed(market: MarketCard, ada: Actor):
    event = await _kept_wedding(market, ada)
    async with tenant_session(market.id) as session:
        talk = await conversation(session, person_id=ada.id)
        block = {"kind": "plan", "title": "", "data": {"project": str(event)}, "url": ""}
        await log.append(session, talk.id, "reply", {"text": "", "agent": "", "blocks": [block]})
    request = await asked(market, "Plan my wedding", person_id=ada.id, conversation_id=talk.id)
    said = (Slot(Guests(55, 55), 0, 0, 1.0, "person"),)
    await agent(Planning).run(dataclasses.replace(request, slots=said))
    # It was said before, and changed by hand since.
    assert [one.guests for one in await projects(market)] == [80]
    request = dataclasses.replace(request, slots=said, corrected=("guests",))
    await agent(Planning).run(request)
    (changed,) = await projects(market)
    assert changed.guests == 55


async def test_a_visitor_gets_the_plan_as_text_and_keeps_nothing(market: MarketCard):
    request = await asked(market, WEDDING % in_a_year(market).isoformat())
    found = await agent(Planning).run(request)
    assert "• Choose and book the place — by " in found.text
    assert found.text.endswith("Sign in and ask once more, and I will keep this plan for you.")
    (plan,) = found.blocks
    assert (plan.url, "project" in plan.data) == ("", False)
    assert await projects(market) == []


async def test_without_a_day_an_event_is_kept_and_its_plan_waits(market: MarketCard, ada: Actor):
    found = await agent(Planning).run(
        await asked(market, "Plan a wedding in June for 80 guests", person_id=ada.id)
    )
    (kept,) = await projects(market)
    assert (kept.day, kept.state) == (None, "draft")
    assert "They get their dates once the day is known." in found.text
    assert "On which day between June 1," in found.text


async def test_of_nothing_nothing_is_made(market: MarketCard, ada: Actor):
    found = await agent(Planning).run(await asked(market, "make a plan", person_id=ada.id))
    assert (found.text, found.asks) == ("", ("date", "guests"))
    assert await projects(market) == []


async def test_a_day_too_near_is_said_as_it_is(market: MarketCard, ada: Actor):
    day = today_in(market) + timedelta(days=20)
    found = await agent(Planning).run(
        await asked(market, WEDDING % day.isoformat(), person_id=ada.id)
    )
    assert "There are 20 days left, and people usually begin" in found.text


async def test_a_market_without_planning_plans_nothing(market: MarketCard, ada: Actor):
    without = dataclasses.replace(market, switched_off=frozenset({"planning"}))
    request = await asked(without, WEDDING % in_a_year(market).isoformat(), person_id=ada.id)
    found = await agent(Planning).run(request)
    assert found == Result(text="This market does not plan events.")
    assert await projects(market) == []


async def test_how_a_plan_stands_is_told_of_ones_own_alone(market: MarketCard, ada: Actor):
    eve = await member(market, "eve@example.com")
    event = await _kept_wedding(market, ada)
    yesterday = today_in(market) - timedelta(days=1)
    async with tenant_session(market.id) as session:
        more = {"project_id": event}
        await project_task(session, title="Taste the cake", due=yesterday, **more)
        await project_task(session, title="Ask the band", state="done", **more)
    request = await asked(market, "What is next?", intent="track_plan", person_id=ada.id)
    found = await agent(Planning).run(request)
    assert "1 of 2 tasks are done." in found.text
    assert "1 task is overdue:\n• Taste the cake — by " in found.text
    other = await agent(Planning).run(dataclasses.replace(request, person_id=eve.id))
    assert other.text.startswith("You have no event yet.")
    nobody = await agent(Planning).run(dataclasses.replace(request, person_id=None))
    assert nobody.text == "Sign in to see the plans of your events."


async def test_the_plan_has_its_budget_kept_once(market: MarketCard, ada: Actor):
    request = await asked(market, WEDDING % in_a_year(market).isoformat(), person_id=ada.id)
    planned = await agent(Planning).run(request)
    given = dataclasses.replace(request, given={"planning": planned})
    found = await agent(Finance).run(given)
    event = UUID(planned.blocks[0].data["project"])
    async with tenant_session(market.id) as session:
        budget = await budget_of(session, ada, event)
    assert budget.sums.planned == Decimal(20000)
    (block,) = found.blocks
    assert (block.kind, block.url) == ("budget", f"/en/events/{event}/budget")
    assert sum(Decimal(line["planned"]) for line in block.data["lines"]) == Decimal(20000)
    again = await agent(Finance).run(given)
    assert "€20,000 planned" in again.text


async def test_three_services_of_one_kind_are_compared(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = [await listing(session, price_amount=Decimal(10 + one)) for one in range(4)]
    hits = [Hit("listing", one.id, 0.9 - place / 10) for place, one in enumerate(made)]
    request = await asked(market, WEDDING % in_a_year(market).isoformat())
    planned = await agent(Planning).run(request)
    given = dataclasses.replace(request, given={"planning": planned})
    shelf = Shelf({"listing": hits})
    found = await agent(Vendor, shelf).run(given)
    (block,) = found.blocks
    assert block.kind == "comparison"
    assert block.data["columns"] == ["Service", "Provider", "Price", "Place", "Languages"]
    assert len(block.data["rows"]) == 3
    assert block.data["urls"] == [f"/en/s/{one.slug}" for one in made[:3]]
    assert [one.id for one in found.findings] == [one.id for one in made[:3]]
    assert all("Wedding" in query.text for query in shelf.asked)


async def _kept_wedding(market: MarketCard, who: Actor) -> UUID:
    async with tenant_session(market.id) as session:
        made = await project(session, person_id=who.id, state="active")
        return made.id


async def test_what_it_keeps_belongs_to_the_market(market: MarketCard, ada: Actor):
    other = await open_market()
    request = await asked(market, WEDDING % in_a_year(market).isoformat(), person_id=ada.id)
    await agent(Planning).run(request)
    async with tenant_session(other.id) as session:
        assert (await session.exec(select(Project).where(col(Project.guests) == 80))).all() == []
