"""Workers that are really killed, by SIGKILL, in the middle of what was approved.

Fewer than in `test_kills.py`, for each is a process: nothing of it runs on, its connections break
and its jobs are left behind for the next worker.
"""

import asyncio
import multiprocessing
import os
import random
import signal
from collections import Counter
from multiprocessing.context import ForkServerContext
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from app.approvals import tools
from app.approvals.models import Approval
from app.approvals.tools import known
from app.database import tenant_session
from app.embedded.postgres import Postgres
from app.jobs.work import _app, work_off
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from tests.database.approvals import child
from tests.database.approvals.proposing import (
    ENDED,
    WRITING,
    appending,
    decided,
    proposed,
    somebody,
    states,
    talk_of,
)
from tests.factories import open_market

KILLS = 30
DEEDS = 60
CUT_OFF = "It was cut off in the middle, and may have happened or not."


async def killed(
    made: ForkServerContext, home: Path, lines: Path, number: int, lives: float
) -> None:
    """Let a worker live for a while and kill it."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "AGORA_HOME")
    environment = {name: os.environ[name] for name in names}
    ready = home / f"ready-{number}"
    worker = made.Process(target=child.run, args=(environment, str(lines), str(ready)))
    await asyncio.to_thread(worker.start)
    while not ready.exists():
        assert worker.is_alive(), "the worker did not come up"
        await asyncio.sleep(0.01)
    await asyncio.sleep(lives)
    assert worker.is_alive()
    worker.kill()
    await asyncio.to_thread(worker.join)
    assert worker.exitcode == -signal.SIGKILL


async def taken_over() -> int:
    """Give the jobs of killed workers back, as the rescue does when their heartbeats stop."""
    count = 0
    async with _app().open_async():
        manager = _app().job_manager
        for left in await manager.get_stalled_jobs(seconds_since_heartbeat=0):
            await manager.retry_job(left)
            count += 1
    return count


async def ended(market: MarketCard) -> dict[UUID, Approval]:
    async with tenant_session(market.id) as session:
        found = (await session.exec(select(Approval))).all()
    return {one.id: one for one in found}


async def test_killed_processes_do_nothing_twice_and_leave_nothing_hanging(
    database: Postgres, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tools, "_known", dict(tools._known))
    lines = home / "lines.txt"
    known(WRITING)
    known(appending(lines))
    market = await open_market()
    actor = await somebody(market)
    talk = await talk_of(market, actor)
    for number in range(DEEDS):
        tool = (WRITING, tools.tool_named("test_appending"))[number % 2]
        told = {"text": "It", "pause": 0.15}
        one = await proposed(market, actor, tool, told, f"deed-{number}", talk)
        await decided(market, actor, one)
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.database.approvals.child"])
    dice = random.Random(20261121)  # noqa: S311
    left_behind = 0
    for number in range(KILLS):
        await killed(made, home, lines, number, dice.uniform(0.1, 1.0))
        left_behind += await taken_over()
    assert left_behind > KILLS / 3, "most workers were killed with nothing in hand"
    await work_off()
    found = await ended(market)
    assert len(found) == DEEDS
    assert {one.state for one in found.values()} <= set(ENDED)
    written = Counter(lines.read_text().split())
    assert set(written.values()) == {1}, "an effect outside happened twice"
    cut_off = 0
    for one in found.values():
        said = await states(market, one)
        assert said[:3] == ["waiting", "approved", "running"]
        assert len(said) == 4
        if one.tool == WRITING.name:
            assert one.state == "done"
        elif one.state == "failed":
            assert one.problem == CUT_OFF
            cut_off += 1
        else:
            assert written[str(one.id)] == 1
    async with tenant_session(market.id) as session:
        made_once = select(func.count()).where(col(Article.slug).startswith("made-"))
        assert (await session.exec(made_once)).one() == DEEDS / 2
    print(f"{KILLS} killed, {left_behind} jobs left behind, {cut_off} effects cut off")
