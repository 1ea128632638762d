"""Steps that wait for each other: at once where they can, each within its time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from agents.graph import Node, NoOrder, Outcome, run_graph

Work = Callable[[Mapping[str, str]], Awaitable[str]]


def says(text: str, after: float = 0.0) -> Work:
    async def work(given: Mapping[str, str]) -> str:
        await asyncio.sleep(after)
        return "+".join([text, *given.values()])

    return work


def fails(_given: Mapping[str, str]) -> Awaitable[str]:
    raise ZeroDivisionError


async def test_a_step_is_given_what_it_waited_for():
    nodes = [Node("budget", says("b"), ("plan",)), Node("plan", says("p", 0.01))]
    outcomes = await run_graph(nodes, 5)
    assert [outcomes[key].made for key in ("plan", "budget")] == ["p", "b+p"]


async def test_steps_that_need_nothing_of_each_other_run_at_once():
    gate = asyncio.Barrier(3)

    async def meets(_given: Mapping[str, str]) -> str:
        await gate.wait()
        return "met"

    outcomes = await run_graph([Node(key, meets) for key in "abc"], 5)
    assert {one.state for one in outcomes.values()} == {"done"}


async def test_what_fails_or_is_late_takes_nothing_from_the_others():
    nodes = [
        Node("late", says("never", 9), seconds=0.02),
        Node("failed", fails),
        Node("nobody", None),
        Node("after", says("still"), ("late", "failed", "nobody")),
    ]
    outcomes = await run_graph(nodes, 5)
    states = {key: one.state for key, one in outcomes.items()}
    assert states == {"late": "late", "failed": "failed", "nobody": "skipped", "after": "done"}
    assert outcomes["after"].made == "still"
    assert isinstance(outcomes["failed"].error, ZeroDivisionError)


async def test_what_is_done_in_time_is_kept_when_the_whole_is_not():
    told: list[tuple[str, str]] = []

    def ended(key: str, outcome: Outcome[str]) -> None:
        told.append((key, outcome.state))

    nodes = [Node("quick", says("here")), Node("slow", says("never", 9))]
    outcomes = await run_graph(nodes, 0.05, ended=ended)
    assert (outcomes["quick"].made, outcomes["slow"].state) == ("here", "late")
    assert told == [("quick", "done"), ("slow", "late")]


async def test_cancelling_reaches_every_step():
    cancelled: list[str] = []
    begun = asyncio.Event()

    def waits(name: str) -> Work:
        async def work(_given: Mapping[str, str]) -> str:
            begun.set()
            try:
                await asyncio.sleep(9)
            except asyncio.CancelledError:
                cancelled.append(name)
                raise
            return ""

        return work

    task = asyncio.create_task(run_graph([Node("a", waits("a")), Node("b", waits("b"))], 5))
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(cancelled) == ["a", "b"]


@pytest.mark.parametrize("needs", [("b",), ("elsewhere",)])
async def test_a_circle_and_an_unknown_step_are_refused(needs: tuple[str, ...]):
    with pytest.raises(NoOrder):
        await run_graph([Node("a", says("a"), needs), Node("b", says("b"), ("a",))], 5)
