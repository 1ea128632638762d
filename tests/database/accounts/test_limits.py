"""Counting attempts, alone and together, and what happens when Redis is gone."""

import asyncio
import logging
import os
import socket
import time
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from limits import RateLimitItem, parse

from app.accounts import counting, limits
from app.accounts.counting import Count, Counter, counter_of

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
THREE = parse("3/minute")


def redis_answers() -> bool:
    try:
        with socket.create_connection(("127.0.0.1", 6379), timeout=0.2):
            return True
    except OSError:
        return False


needs_redis = pytest.mark.skipif(not redis_answers(), reason="no Redis runs here")


@pytest.fixture(params=["here", pytest.param("redis", marks=needs_redis)])
async def counter(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Counter]:
    monkeypatch.setattr(counting, "PREFIX", f"agora-test-{uuid4()}")
    async with counter_of(REDIS if request.param == "redis" else None) as made:
        assert made.is_shared is (request.param == "redis")
        yield made
        await made.forget()


async def hits(counter: Counter, limit: RateLimitItem, times: int, *who: str) -> list[Count]:
    return [await counter.hit(limit, *who) for _ in range(times)]


async def test_attempts_beyond_the_limit_are_refused_and_others_go_on(counter: Counter):
    counts = await hits(counter, THREE, 4, "a")
    assert [count.allowed for count in counts] == [True, True, True, False]
    assert [count.remaining for count in counts] == [2, 1, 0, 0]
    assert all(0 < count.resets_in <= 60 for count in counts)
    assert (await counter.hit(THREE, "b")).allowed


async def test_of_many_at_once_no_more_get_in(counter: Counter):
    counts = await asyncio.gather(*(counter.hit(THREE, "a") for _ in range(30)))
    assert sum(count.allowed for count in counts) == 3


async def test_big_limits_are_counted_by_windows(counter: Counter):
    many = parse(f"{counting.MANY + 1}/minute")
    count = await counter.hit(many, "a")
    assert (count.allowed, count.remaining) == (True, counting.MANY)


async def test_a_market_is_forgotten_alone(counter: Counter):
    one, other = uuid4(), uuid4()
    for market in (one, other):
        await hits(counter, THREE, 3, "chat", str(market))
    assert await counter.forget_market(one) >= 1
    assert (await counter.hit(THREE, "chat", str(one))).allowed
    assert not (await counter.hit(THREE, "chat", str(other))).allowed


@needs_redis
async def test_a_market_that_is_forgotten_leaves_no_count_in_redis(
    monkeypatch: pytest.MonkeyPatch,
):
    prefix = f"agora-test-{uuid4()}"
    monkeypatch.setattr(counting, "PREFIX", prefix)
    monkeypatch.setattr(counting, "PATIENCE", 5.0)
    one, other = uuid4(), uuid4()
    async with counter_of(REDIS) as counter, asyncio.timeout(30):
        monkeypatch.setattr(limits, "counter", lambda: counter)
        assert counter.is_shared
        for market in (one, other):
            # Counts of both strategies, and more keys than one answer of Redis holds.
            await limits.spend("api_market", market)
            for number in range(100):
                await limits.spend("chat", market, f"person {number}")
        assert await limits.forget_market(one) == 101
        assert counter._shared is not None
        keys = [
            key.decode()
            async for key in counting._client(counter._shared).scan_iter(match=f"{prefix}:*")
        ]
        assert len([key for key in keys if str(other) in key]) == 101
        assert not [key for key in keys if str(one) in key]
        assert await limits.forget_market(one) == 0
        await counter.forget()


@needs_redis
async def test_processes_count_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counting, "PREFIX", f"agora-test-{uuid4()}")
    async with counter_of(REDIS) as one, counter_of(REDIS) as other:
        await hits(one, THREE, 2, "a")
        assert [count.allowed for count in await hits(other, THREE, 2, "a")] == [True, False]
        await one.forget()


@pytest.mark.parametrize("how", ["refuses", "is silent"])
async def test_a_dead_redis_neither_locks_out_nor_opens_the_gates(
    how: str, caplog: pytest.LogCaptureFixture
):
    # A socket that listens and never answers; or, once closed, one that refuses.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        if how == "refuses":
            silent.close()
        began = time.monotonic()
        async with counter_of(f"redis://127.0.0.1:{port}/0") as counter:
            with caplog.at_level(logging.WARNING):
                counts = await hits(counter, THREE, 5, "a")
            assert [count.allowed for count in counts] == [True, True, True, False, False]
            assert not counter.is_shared
    assert [record.name for record in caplog.records].count("app.accounts.counting") == 1
    assert "Redis does not answer" in caplog.text
    # One wait for all five: it is not asked again at once.
    assert time.monotonic() - began < 2
