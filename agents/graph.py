"""Doing steps that wait for each other: at the same time where they can, each within its time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Made = TypeVar("Made")

State = Literal["done", "failed", "late", "skipped"]
"""How a step ended: `late` had no time left, `skipped` has nobody to do it."""


@dataclass(frozen=True)
class Node(Generic[Made]):
    """A step: `work` is called with what the steps in `needs` have made, as far as they have.

    None for `work` is a step that nobody can do.
    """

    key: str
    work: Callable[[Mapping[str, Made]], Awaitable[Made]] | None
    needs: tuple[str, ...] = ()
    seconds: float = 30.0


@dataclass(frozen=True)
class Outcome(Generic[Made]):
    """How a step ended; times are in seconds, `began` since the graph began."""

    state: State
    made: Made | None = None
    began: float = 0.0
    took: float = 0.0
    error: BaseException | None = None


class NoOrder(ValueError):
    """Steps wait for each other in a circle, or for one that is not there."""


async def run_graph(
    nodes: Sequence[Node[Made]],
    seconds: float,
    began: Callable[[str], None] = lambda _key: None,
    ended: Callable[[str, Outcome[Made]], None] = lambda _key, _outcome: None,
) -> dict[str, Outcome[Made]]:
    """Do all steps within `seconds`, and say how each ended, in the order of `nodes`.

    A step that fails or is late takes nothing from the others: what waits for it goes on without
    it. Cancelling this cancels every step. Raises `NoOrder`.
    """
    _check_order(nodes)
    start = time.monotonic()
    outcomes: dict[str, Outcome[Made]] = {}
    over = {node.key: asyncio.Event() for node in nodes}

    def end(key: str, outcome: Outcome[Made]) -> None:
        outcomes[key] = outcome
        over[key].set()
        ended(key, outcome)

    async def do(node: Node[Made]) -> None:
        for need in node.needs:
            await over[need].wait()
        at = time.monotonic() - start
        if node.work is None:
            end(node.key, Outcome("skipped", began=at))
            return
        given = {need: made for need in node.needs if (made := outcomes[need].made) is not None}
        began(node.key)
        try:
            async with asyncio.timeout(node.seconds):
                made = await node.work(given)
        except Exception as error:
            state: State = "late" if isinstance(error, TimeoutError) else "failed"
            took = time.monotonic() - start - at
            end(node.key, Outcome(state, began=at, took=took, error=error))
        else:
            end(node.key, Outcome("done", made, at, time.monotonic() - start - at))

    try:
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for node in nodes:
                group.create_task(do(node), name=f"step {node.key}")
    except TimeoutError:
        for node in nodes:
            if node.key not in outcomes:
                end(node.key, Outcome("late", took=seconds))
    return {node.key: outcomes[node.key] for node in nodes}


def _check_order(nodes: Sequence[Node[Made]]) -> None:
    waiting = {node.key: set(node.needs) for node in nodes}
    if len(waiting) < len(nodes):
        raise NoOrder("two steps have the same key")
    while waiting:
        free = {key for key, needs in waiting.items() if not needs & waiting.keys()}
        unknown = {key for key in free if waiting[key] - {node.key for node in nodes}}
        if not free or unknown:
            raise NoOrder(", ".join(sorted(unknown or waiting)))
        waiting = {key: needs for key, needs in waiting.items() if key not in free}
