"""Several specialists on one message: what each is given, and what an answer says without one."""

import asyncio
import dataclasses
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest

from agents.base import BaseAgent, Block, Deps, Request, Result
from agents.events import Blocked, Cited, Done, Event, Piece, Routed, Slotted, Traced, Working
from agents.maestro import Maestro
from agents.slots.values import Guests, Money
from app.database import tenant_session
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from tests.factories import listing, open_market
from tests.shelf import Shelf

pytestmark = pytest.mark.usefixtures("database")

WEDDING = "Plan a wedding for 80 guests, budget 2000 euros"


class Stand(BaseAgent):
    """A specialist that does what a test says, and remembers for what it was asked."""

    def __init__(self, deps: Deps, name: str, does: Callable[[Request], Result]) -> None:
        super().__init__(deps)
        self.name, self.does = name, does
        self.asked: list[Request] = []

    async def run(self, request: Request) -> Result:
        self.asked.append(request)
        return self.does(request)


class Slow(Stand):
    """One that takes longer than anybody waits."""

    def __init__(self, deps: Deps, name: str, does: Callable[[Request], Result]) -> None:
        super().__init__(deps, name, does)
        self.begun, self.stopped = asyncio.Event(), False

    async def run(self, request: Request) -> Result:
        self.asked.append(request)
        self.begun.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return Result()


class Waiting(Stand):
    """One that uses what planning made."""

    needs = ("planning",)


def says(text: str) -> Callable[[Request], Result]:
    return lambda _request: Result(text=text)


def broken(_request: Request) -> Result:
    raise ZeroDivisionError


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def deps() -> Deps:
    embedder = sentence_embedder()
    return Deps(index=Shelf(), embedder=embedder, model=Composer(embedder))


def maestro_with(deps: Deps, *agents: BaseAgent, seconds: float = 20.0) -> Maestro:
    made = Maestro(deps, step_seconds=seconds)
    kept = {name: made.agents[name] for name in ("vendor", "communication")}
    made.agents = kept | {agent.name: agent for agent in agents}
    return made


async def events(maestro: Maestro, request: Request) -> list[Event]:
    return [event async for event in maestro.answer(request)]


def text_of(said: list[Event]) -> str:
    done = said[-1]
    assert isinstance(done, Done)
    pieces = "".join(one.text for one in said if isinstance(one, Piece))
    assert pieces == done.text
    return done.text


async def test_a_plan_brings_in_three_agents_and_one_answer(market: MarketCard, deps: Deps):
    async with tenant_session(market.id) as session:
        made = await listing(session)
    deps = dataclasses.replace(deps, index=Shelf({"listing": [Hit("listing", made.id, 0.9)]}))
    budget = {"currency": "EUR", "lines": [{"name": "Hall", "planned": "9"}], "total": "9"}
    planning = Stand(deps, "planning", says("Here is the plan."))
    finance = Stand(
        deps, "finance", lambda _: Result(text="Money.", blocks=(Block("budget", "B", budget),))
    )
    maestro = maestro_with(deps, planning, finance)
    said = await events(maestro, Request(market, "en", WEDDING))
    routed = next(one for one in said if isinstance(one, Routed))
    assert (routed.route.intent, routed.route.agents) == (
        "create_plan",
        ("planning", "finance", "vendor"),
    )
    text = text_of(said)
    assert text.startswith("Here is the plan.\n\nMoney.\n\nTo go on I need to know: the day.")
    assert f"{made.title['en']} [1]" in text
    assert [one.blocks for one in said if isinstance(one, Blocked)] == [
        (Block("budget", "B", budget),)
    ]
    (cited,) = [one for one in said if isinstance(one, Cited)]
    assert [one.external_id for one in cited.citations] == [made.external_id]
    (slotted,) = [one for one in said if isinstance(one, Slotted)]
    assert {slot.value for slot in slotted.slots} == {
        Guests(80, 80),
        Money(None, Decimal(2000), "EUR"),
    }
    assert slotted.asks == ("date",)
    working = {(one.agent, one.state) for one in said if isinstance(one, Working)}
    assert working == {
        (agent, state) for agent in routed.route.agents for state in ("began", "done")
    }


async def test_who_waits_is_given_what_was_waited_for(market: MarketCard, deps: Deps):
    planning = Stand(deps, "planning", says("80 guests"))
    finance = Waiting(deps, "finance", says("counted"))
    await events(maestro_with(deps, planning, finance), Request(market, "en", WEDDING))
    assert finance.asked[0].given == {"planning": Result(text="80 guests")}
    assert finance.asked[0].intent == "create_plan"
    assert planning.asked[0].given == {}


async def test_an_answer_says_what_it_lacks_and_holds_what_it_has(market: MarketCard, deps: Deps):
    late = Slow(deps, "planning", says("never"))
    maestro = maestro_with(deps, late, Stand(deps, "finance", broken), seconds=1.0)
    said = await events(maestro, Request(market, "en", WEDDING))
    text = text_of(said)
    assert "Not ready in time: the plan." in text
    assert "Something went wrong with: the figures of money." in text
    assert late.stopped
    traces = [one.trace for one in said if isinstance(one, Traced)]
    states = {step.agent: (step.state, step.error) for step in traces[-1].steps}
    assert states["planning"] == ("late", "TimeoutError")
    assert states["finance"] == ("failed", "ZeroDivisionError")


async def test_an_agent_that_is_not_there_is_not_made_up(market: MarketCard, deps: Deps):
    said = await events(maestro_with(deps), Request(market, "en", "optimise the price of tickets"))
    assert text_of(said) == "Not available in this market yet: the figures of money."


async def test_who_stops_the_answer_stops_the_specialists(market: MarketCard, deps: Deps):
    slow = Slow(deps, "planning", says("never"))
    task = asyncio.create_task(events(maestro_with(deps, slow), Request(market, "en", WEDDING)))
    await slow.begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert slow.stopped


async def test_what_was_said_before_is_kept_and_what_is_said_now_comes_first(
    market: MarketCard, deps: Deps
):
    planning = Stand(deps, "planning", says("Planned."))
    maestro = maestro_with(deps, planning)
    first = await events(maestro, Request(market, "en", WEDDING))
    kept = next(one.slots for one in first if isinstance(one, Slotted))
    request = Request(market, "en", "Plan the wedding for 100 guests instead", kept=kept)
    said = await events(maestro, request)
    slots = {slot.value for slot in planning.asked[-1].slots}
    assert slots == {Guests(100, 100), Money(None, Decimal(2000), "EUR")}
    assert any(isinstance(one, Slotted) for one in said)


async def test_an_agent_goes_through_its_life(market: MarketCard, deps: Deps):
    planning = Stand(deps, "planning", says("Planned."))
    assert planning.life.stage == "configured"
    planning.life.register()
    assert planning.life.stage == "registered"
    maestro = maestro_with(deps, planning)
    await events(maestro, Request(market, "en", WEDDING))
    assert planning.life.stage == "ready"
    assert planning.life.counts.endings == {"done": 1}
    planning.life.retire()
    said = await events(maestro, Request(market, "en", WEDDING))
    assert "Something went wrong with: the plan." in text_of(said)
