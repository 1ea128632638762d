"""Proposals for tests: people, tools that count what they do, and what becomes of it all."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.accounts.signing import member_by_id
from app.approvals import asking
from app.approvals.models import Approval
from app.approvals.tools import Call, Editable, Preview, Tool
from app.conversations import log
from app.database import TenantSession, tenant_session
from app.jobs import work as doing
from app.jobs.models import Job
from app.jobs.queue import FINISHED
from app.markets.directory import MarketCard
from tests.factories import article, conversation, person

ENDED = ("done", "failed", "refused", "expired")


class Line(BaseModel):
    """What the tools of the tests take."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=100)
    pause: float = 0.0


async def _described(_session: TenantSession, _locale: str, line: Line) -> Preview:
    return Preview(f"{line.text} is written.", to=("nobody",))


async def _write(session: TenantSession, call: Call, line: Line) -> dict[str, Any]:
    await asyncio.sleep(line.pause)
    await article(session, slug=f"made-{call.key}")
    await asyncio.sleep(line.pause)
    return {"slug": f"made-{call.key}"}


WRITING: Tool[Line] = Tool(
    name="test_writing",
    about="Writes.",
    arguments=Line,
    permission=Permission.KEEP_CONVERSATIONS,
    effect="commits",
    describe=_described,
    do=_write,
    editable=(Editable("text", "Text", "lines", 100),),
)


@dataclass
class Elsewhere:
    """Somebody outside: counts the calls, and does nothing twice for one key if it `knows` keys."""

    point: Callable[[], None] = lambda: None
    """Called where a kill may strike."""
    calls: Counter[str] = field(default_factory=Counter[str])
    done: Counter[str] = field(default_factory=Counter[str])
    knows: bool = False

    async def call(self, call: Call, _line: Line) -> dict[str, Any]:
        """Do what is asked."""
        self.point()
        self.calls[call.key] += 1
        if not (self.knows and self.done[call.key]):
            self.done[call.key] += 1
        self.point()
        await asyncio.sleep(0)
        self.point()
        return {"number": 1}


def outside(elsewhere: Elsewhere) -> Tool[Line]:
    """A tool whose effect is outside."""
    return Tool(
        name=f"test_outside_{'known' if elsewhere.knows else 'once'}",
        about="Calls.",
        arguments=Line,
        permission=Permission.KEEP_CONVERSATIONS,
        effect="commits",
        describe=_described,
        outside=elsewhere.call,
        repeatable=elsewhere.knows,
    )


def appending(path: Path) -> Tool[Line]:
    """A tool that adds a line with its key to a file, which no transaction takes back."""

    async def append(call: Call, line: Line) -> dict[str, Any]:
        await asyncio.sleep(line.pause)
        with path.open("a") as file:
            file.write(f"{call.key}\n")
        await asyncio.sleep(line.pause)
        return {}

    return Tool(
        name="test_appending",
        about="Appends.",
        arguments=Line,
        permission=Permission.KEEP_CONVERSATIONS,
        effect="commits",
        describe=_described,
        outside=append,
    )


async def somebody(market: MarketCard) -> Actor:
    """A member."""
    async with tenant_session(market.id) as session:
        made = await person(session)
        member = await member_by_id(session, made.id)
    assert member is not None
    return actors.person(market.id, member)


async def talk_of(market: MarketCard, actor: Actor) -> UUID:
    """A conversation of theirs."""
    async with tenant_session(market.id) as session:
        return (await conversation(session, person_id=actor.id)).id


async def proposed(
    market: MarketCard,
    actor: Actor,
    tool: Tool[Any],
    told: dict[str, Any] | None = None,
    key: str = "key",
    talk: UUID | None = None,
    **more: Any,
) -> Approval:
    """A proposal that waits for the word of `actor`."""
    talk = talk or await talk_of(market, actor)
    async with tenant_session(market.id) as session:
        call = Call(market, actor, "en", key, talk)
        return (await asking.propose(session, call, tool, told or {"text": "It"}, **more)).approval


async def decided(
    market: MarketCard, actor: Actor, approval: Approval, verdict: Any = "approve"
) -> Approval:
    """The proposal after a word on it."""
    async with tenant_session(market.id) as session:
        return await asking.decide(session, actor, approval.id, verdict, seen=approval.version)


async def as_it_is(market: MarketCard, approval_id: UUID) -> Approval:
    """The proposal as it stands."""
    async with tenant_session(market.id) as session:
        return await session.get_one(Approval, approval_id)


async def states(market: MarketCard, approval: Approval) -> list[str]:
    """What the conversation's log says of a proposal, in order; its numbers have no gap."""
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, approval.conversation_id)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    return [
        entry.payload["state"]
        for entry in entries
        if entry.kind == "approval" and entry.payload["approval_id"] == str(approval.id)
    ]


async def work_through(market: MarketCard, *, but: str = "approval.expire") -> None:
    """Give every job that is not finished to a worker, as the queue does after a kill."""
    while True:
        async with tenant_session(market.id) as session:
            query = select(Job.id).where(Job.state.not_in(FINISHED), Job.kind != but)  # pyright: ignore[reportAttributeAccessIssue]
            left = (await session.exec(query.order_by(Job.created_at))).all()  # pyright: ignore[reportArgumentType]
        if not left:
            return
        for job_id in left:
            # Another attempt than the first is asked for by an exception that the queue reads.
            try:
                await doing.work(str(market.id), str(job_id))
            except doing._Later:
                continue
