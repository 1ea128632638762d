"""The process that reckons: what it answers, and that it comes and goes."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator

import numpy
import pytest

from app.analytics.worker import Worker


@pytest.fixture(scope="module")
async def worker() -> AsyncGenerator[Worker]:
    made = Worker()
    yield made
    await made.close()


async def test_it_is_started_when_asked_and_ends_when_nobody_asks():
    made = Worker(idle_seconds=0.2)
    assert made.pid is None
    assert await made.ask("proportions", pairs=[(0, 5)])
    for _ in range(100):
        if made.pid is None:
            break
        await asyncio.sleep(0.05)
    assert made.pid is None
    assert await made.ask("proportions", pairs=[(5, 5)])
    await made.close()
    assert made.pid is None


async def test_one_that_was_killed_is_replaced(worker: Worker):
    await worker.ask("proportions", pairs=[(1, 2)])
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    assert await worker.ask("proportions", pairs=[(1, 2)])


async def test_what_cannot_be_reckoned_ends_nothing(worker: Worker):
    with pytest.raises(ArithmeticError):
        await worker.ask("proportions", pairs=[(3, 2)])
    before = worker.pid
    # Two who ask at the same time get each their own.
    one, other = await asyncio.gather(
        worker.ask("proportions", pairs=[(1, 2)]), worker.ask("proportions", pairs=[(1, 4)])
    )
    assert (one[0]["share"], other[0]["share"]) == (0.5, 0.25)
    assert worker.pid == before


async def test_wilson_s_interval(worker: Worker):
    told = (await worker.ask("proportions", pairs=[(8, 10)]))[0]
    # Wilson (1927) by Newcombe (1998), table I: 81 of 263; and by hand for 8 of 10.
    assert (round(told["low"], 4), round(told["high"], 4)) == (0.4902, 0.9433)
    newcombe = (await worker.ask("proportions", pairs=[(81, 263)]))[0]
    assert (round(newcombe["low"], 4), round(newcombe["high"], 4)) == (0.2553, 0.3662)


async def test_tests_are_those_of_the_books_and_adjusted_for_how_many_they_are(worker: Worker):
    # Fisher's tea-tasting lady: p = .4857 for three of four.
    tea = {"kind": "shares", "table": [[3, 1], [1, 3]]}
    apart = {"kind": "ranks", "first": list(range(20, 40)), "second": list(range(20))}
    together = {"kind": "together", "first": list(range(20)), "second": list(range(20))}
    told = await worker.ask("tests", asked=[tea, apart, together])
    assert round(told[0]["p"], 4) == 0.4857
    assert (told[1]["effect"], round(told[2]["effect"], 6)) == (1.0, 1.0)
    assert told[1]["p"] < told[1]["q"] < 0.001
    assert all(one["q"] >= one["p"] for one in told)
    assert told[0]["low"] < told[0]["effect"] < told[0]["high"]


async def test_a_forecast_follows_the_week_and_beats_repeating_it(worker: Worker):
    source = numpy.random.default_rng(7)
    week = (30, 28, 26, 24, 20, 8, 5)
    counts = [int(source.poisson(week[day % 7])) for day in range(140)]
    told = await worker.ask("forecast", values=counts, ahead=14, period=7, coverage=0.8)
    days = told["steps"]
    assert len(days) == 14
    for place, day in enumerate(days):
        assert day["low"] <= day["expected"] <= day["high"]
        assert abs(day["expected"] - week[place % 7]) < 5
    assert told["error"] < told["naive_error"]
    assert 0.6 <= told["covered"] <= 1
    assert told["total"]["low"] < 2 * sum(week) < told["total"]["high"]


async def test_only_what_is_unusual_is_told(worker: Worker):
    source = numpy.random.default_rng(3)
    calm = [int(source.poisson(20 if day % 7 < 5 else 8)) for day in range(120)]
    assert await worker.ask("unusual", series={"calm": calm}, period=7, rate=0.01) == []
    stirred = list(calm)
    stirred[60], stirred[90] = 90, 0
    told = await worker.ask("unusual", series={"a": calm, "b": stirred}, period=7, rate=0.01)
    assert {(one["series"], one["place"]) for one in told} == {("b", 60), ("b", 90)}
    high = next(one for one in told if one["place"] == 60)
    assert high["value"] == 90
    assert 10 < high["usual"] < 30


async def test_of_what_is_always_the_same_nothing_is_unusual(worker: Worker):
    assert await worker.ask("unusual", series={"same": [3] * 60}, period=7, rate=0.05) == []
