"""A thousand kills at random points: no side effect happens twice, no conversation is left hanging.

These kills are made in this process. Most strike at a statement: an exception that nothing catches
is raised before or after it is executed, before its transaction is committed, or right after.
Others strike at an await: the task is cancelled after a random time. Either way the transaction at
hand is lost, nothing that follows runs, and the next life begins with what the database holds; what
differs from a killed process is that `finally` runs. `test_killed_processes.py` kills processes.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel import select

from agents.tools import REQUEST_QUOTES
from app.accounts.actors import Actor, system
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.approvals import tools
from app.approvals.models import Approval, OutsideEffect
from app.approvals.tools import Tool, known
from app.database import engine, tenant_session
from app.mail.letters import kept
from app.markets.directory import MarketCard
from app.vendors.models import QuoteRequest
from tests.database.approvals.proposing import (
    ENDED,
    Elsewhere,
    as_it_is,
    decided,
    outside,
    proposed,
    somebody,
    states,
    talk_of,
    work_through,
)
from tests.factories import listing, open_market, person, provider

pytestmark = pytest.mark.usefixtures("database")

KILLS = 1000
AT_STATEMENTS = 800
"""Of all kills; the others strike at awaits."""
EACH = 10
"""Kills of one proposal, before it is left to live."""
CUT_OFF = "It was cut off in the middle, and may have happened or not."


class Killed(BaseException):
    """What nothing catches."""


class Executioner:
    """Counts the points where a kill may strike, and strikes at one of them."""

    def __init__(self) -> None:
        self.passed = 0
        self.at: int | None = None
        self.struck: Counter[str] = Counter()

    def point(self, name: str = "outside") -> None:
        """Pass a point, or die there."""
        self.passed += 1
        if self.passed == self.at:
            # Once: what cleans up afterwards is not killed again.
            self.at = None
            self.struck[name] += 1
            raise Killed

    @contextmanager
    def watching(self) -> Generator[None]:
        """Pass a point at every statement and around every commit."""

        def before(*_: object) -> None:
            self.point("before a statement")

        def after(*_: object) -> None:
            self.point("after a statement")

        def committing(*_: object) -> None:
            self.point("before a commit")

        def committed(*_: object) -> None:
            self.point("after a commit")

        heard = (
            (engine().sync_engine, "before_cursor_execute", before),
            (engine().sync_engine, "after_cursor_execute", after),
            (engine().sync_engine, "commit", committing),
            (Session, "after_commit", committed),
        )
        for target, name, do in heard:
            event.listen(target, name, do)
        try:
            yield
        finally:
            for target, name, do in heard:
                event.remove(target, name, do)


@dataclass
class Deed:
    """One proposal on its way through its lives."""

    market: MarketCard
    actor: Actor
    talk: UUID
    tool: Tool[Any]
    told: dict[str, Any]
    key: str
    verdict: str
    approval_id: UUID | None = None

    async def live(self) -> None:
        """From the proposal to its end, as a process does that finds what is left to do."""
        approval = await proposed(
            self.market, self.actor, self.tool, self.told, self.key, self.talk
        )
        self.approval_id = approval.id
        if approval.state == "waiting":
            await decided(self.market, self.actor, approval, self.verdict)
        await work_through(self.market)


async def at_a_statement(
    executioner: Executioner, dice: random.Random, live: Callable[[], Awaitable[None]], most: int
) -> bool:
    """Live until a random statement; False if the life was over before."""
    executioner.passed, executioner.at = 0, dice.randint(1, most)
    try:
        await live()
    except Killed:
        return True
    finally:
        executioner.at = None
    return False


async def at_an_await(
    dice: random.Random, live: Callable[[], Awaitable[None]], longest: float
) -> bool:
    """Live until a random moment; False if the life was over before."""
    task = asyncio.ensure_future(live())
    await asyncio.wait({task}, timeout=dice.uniform(0, longest))
    if task.done():
        task.result()
        return False
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return True


@pytest.fixture
async def market(monkeypatch: pytest.MonkeyPatch) -> MarketCard:
    monkeypatch.setattr(tools, "_known", dict(tools._known))
    return await open_market()


async def offers(market: MarketCard, count: int) -> list[str]:
    """Listings of providers for each of whom somebody acts."""
    ids: list[str] = []
    async with tenant_session(market.id) as session:
        for _ in range(count):
            owner, acting = await provider(session), await person(session)
            giver = system(market.id, "tests")
            await give_role(session, giver, acting.id, Role.PROVIDER, owner.id)
            ids.append(str((await listing(session, provider_id=owner.id)).id))
    return ids


async def test_a_thousand_kills_do_nothing_twice_and_leave_nothing_hanging(market: MarketCard):
    dice = random.Random(20261121)  # noqa: S311
    executioner = Executioner()
    knowing, plain = Elsewhere(executioner.point, knows=True), Elsewhere(executioner.point)
    outside_known, outside_once = known(outside(knowing)), known(outside(plain))
    three = await offers(market, 3)
    asked = {"listing_ids": three, "message": "A wedding for eighty", "date": "2027-06-12"}
    actor = await somebody(market)
    deeds: list[Deed] = []
    killed_at_statements = killed_at_awaits = 0
    before = len(kept())

    def deed() -> Deed:
        number = len(deeds)
        tool = (REQUEST_QUOTES, outside_known, outside_once)[number % 3]
        told = asked if tool is REQUEST_QUOTES else {"text": "It"}
        verdict = "refuse" if number % 10 == 9 else "approve"
        talk = talks[number % len(talks)]
        deeds.append(Deed(market, actor, talk, tool, told, f"deed-{number}", verdict))
        return deeds[-1]

    talks = [await talk_of(market, actor) for _ in range(4)]
    with executioner.watching():
        while killed_at_statements + killed_at_awaits < KILLS:
            one = deed()
            most = 150 if one.tool is REQUEST_QUOTES else 60
            for _ in range(EACH):
                if killed_at_awaits * 4 < killed_at_statements:
                    killed_at_awaits += await at_an_await(dice, one.live, 0.15)
                else:
                    killed_at_statements += await at_a_statement(executioner, dice, one.live, most)
            await one.live()
    assert killed_at_statements >= AT_STATEMENTS - EACH
    print(dict(executioner.struck), "awaits:", killed_at_awaits, "deeds:", len(deeds))
    # Every kind of point was struck.
    assert set(executioner.struck) == {
        "before a statement",
        "after a statement",
        "before a commit",
        "after a commit",
        "outside",
    }
    for one in deeds:
        await _check(one, knowing, plain, three)
    letters = Counter(
        message_from_bytes(path.read_bytes())["Message-ID"] for path in kept()[before:]
    )
    assert set(letters.values()) == {1}, "a letter was sent twice"
    async with tenant_session(market.id) as session:
        effects = (await session.exec(select(OutsideEffect))).all()
    sent = [one for one in effects if one.key.startswith("letter:") and one.state == "done"]
    # A letter is there for each that is said to be; one that was cut off may be there or not.
    assert len(sent) <= len(letters) <= sum(one.key.startswith("letter:") for one in effects)


async def _check(deed: Deed, knowing: Elsewhere, plain: Elsewhere, listings: list[str]) -> None:
    assert deed.approval_id is not None
    approval = await as_it_is(deed.market, deed.approval_id)
    said = await states(deed.market, approval)
    assert approval.state in ENDED, f"{deed.key} hangs: {approval.state}"
    assert sum(state in ENDED for state in said) == 1, said
    key = str(approval.id)
    async with tenant_session(deed.market.id) as session:
        same = await session.exec(select(Approval).where(Approval.key == deed.key))
        assert len(same.all()) == 1
        rows = (await session.exec(select(QuoteRequest).where(QuoteRequest.key == key))).all()
    if deed.verdict == "refuse":
        assert said == ["waiting", "refused"]
        assert (len(rows), knowing.done[key], plain.done[key]) == (0, 0, 0)
        return
    assert said[:3] == ["waiting", "approved", "running"]
    if deed.tool is REQUEST_QUOTES:
        assert said[3:] == ["done"]
        assert len({row.provider_id for row in rows}) == len(rows) == len(listings)
    elif deed.tool.repeatable:
        assert said[3:] == ["done"]
        assert knowing.done[key] == 1
    else:
        assert plain.calls[key] == plain.done[key] <= 1
        # Nobody can know whether a call that was cut off took effect: the person is told so.
        assert (approval.state, plain.done[key]) == ("done", 1) or approval.problem == CUT_OFF
