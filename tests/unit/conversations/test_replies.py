"""Turns at work that takes a processor."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from app.conversations import replies


@pytest.fixture(autouse=True)
def turns(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    made = asyncio.Semaphore(replies.AT_ONCE)
    monkeypatch.setattr(replies, "_turns", made)
    return made


async def test_no_more_work_at_once_than_there_are_turns():
    at_work, most = 0, 0

    async def work() -> None:
        nonlocal at_work, most
        async with replies.turn():
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.01)
            at_work -= 1

    await asyncio.gather(*(work() for _ in range(10)))
    assert most == replies.AT_ONCE


async def test_who_waits_for_something_else_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, turns: asyncio.Semaphore
):
    monkeypatch.setattr(replies, "LONGEST_TURN", 0.02)
    async with AsyncExitStack() as slow:
        for _ in range(replies.AT_ONCE):
            await slow.enter_async_context(replies.turn())
        assert turns.locked()
        async with asyncio.timeout(1), replies.turn():
            pass
    # Each turn is given back once, whoever gave it back.
    assert turns._value == replies.AT_ONCE


async def test_a_turn_that_is_not_come_to_is_not_given_back(turns: asyncio.Semaphore):
    async with AsyncExitStack() as held:
        for _ in range(replies.AT_ONCE):
            await held.enter_async_context(replies.turn())
        waiting = asyncio.create_task(held.enter_async_context(replies.turn()))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert turns._value == replies.AT_ONCE
