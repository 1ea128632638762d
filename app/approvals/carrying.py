"""Carrying out what was approved: as a job, with effects exactly once however often it is killed.

In the database, the effect and the note that it is done are one transaction. Outside, an intent is
committed first and the effect has a key (`app.approvals.effects`). A killed process leaves the job
to the next worker; a mistake is tried again a few times and then told.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.signing import member_by_id
from app.approvals import asking
from app.approvals.effects import BeingDone, once
from app.approvals.models import Approval
from app.approvals.tools import Call, Tool, tool_named
from app.audit.log import record
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotAllowed
from app.jobs.models import Job
from app.jobs.queue import FINISHED
from app.jobs.work import Work, hourly, job
from app.markets.directory import all_markets, market_by_id

_log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""How often a mistake is tried again."""

PAUSE = timedelta(seconds=5)
"""Before the second attempt; each further pause is three times as long."""

_CARRIED = ("approved", "running")


@job("approval.carry_out")
async def carry_out(work: Work) -> None:
    """Do what a person approved."""
    approval_id = UUID(work.told["approval_id"])
    begun = await _begin(work.market_id, approval_id)
    if begun is None:
        return
    tool, call, arguments = begun
    try:
        if tool.do is not None:
            await _do(work.market_id, approval_id, tool, call, arguments)
        else:
            result = await _do_outside(work.market_id, tool, call, arguments)
            async with tenant_session(work.market_id) as session:
                await _finish(session, approval_id, call.actor, result)
    except AppError as error:
        if error.status >= 500:
            await _try_again(work.market_id, approval_id, call.actor, error)
            return
        await _fail(work.market_id, approval_id, error)
    except Exception as error:
        _log.exception("Carrying out %s failed.", approval_id)
        await _try_again(work.market_id, approval_id, call.actor, error)


@job("approval.expire")
async def expire(work: Work) -> None:
    """Let a proposal go that nobody decided in time."""
    async with tenant_session(work.market_id) as session:
        approval = await _locked(session, UUID(work.told["approval_id"]))
        if approval is None or approval.state != "waiting":
            return
        if approval.expires_at <= datetime.now(UTC):
            await asking.expire(session, approval)


@hourly("approvals.tend")
async def tend() -> None:
    """In every market, go on with what hangs; see `tend_to`."""
    for market in await all_markets():
        try:
            await tend_to(market.id)
        except Exception:
            _log.exception("Tending to the approvals of %s failed.", market.key)


async def tend_to(market_id: UUID, conversation_id: UUID | None = None) -> int:
    """Queue what is approved and has no job that lives, let go what is overdue; say how many.

    Jobs are queued with what they are for, so this finds nothing, unless somebody took a job away.
    """
    alive = (
        select(Job.id)
        .where(col(Job.id) == col(Approval.job_id), col(Job.state).not_in(FINISHED))
        .correlate(Approval)
        .exists()
    )
    hanging = col(Approval.state).in_(_CARRIED) & ~alive
    overdue = (col(Approval.state) == "waiting") & (col(Approval.expires_at) <= datetime.now(UTC))
    query = select(Approval).where(or_(hanging, overdue))
    if conversation_id is not None:
        query = query.where(Approval.conversation_id == conversation_id)
    async with tenant_session(market_id) as session:
        found = (await session.exec(query.limit(500).with_for_update(skip_locked=True))).all()
        for approval in found:
            if approval.state == "waiting":
                await asking.expire(session, approval)
            else:
                actor = Actor(market_id, "person", approval.person_id)
                await asking.start(session, actor, approval)
        return len(found)


async def _begin(market_id: UUID, approval_id: UUID) -> tuple[Tool[Any], Call, Any] | None:
    """Say that it is being done; None where there is nothing left to do, or nobody to do it for."""
    market = await market_by_id(market_id)
    if market is None:
        return None
    async with tenant_session(market_id) as session:
        approval = await _locked(session, approval_id)
        if approval is None or approval.state not in _CARRIED:
            return None
        try:
            tool = tool_named(approval.tool)
            arguments = tool.read(approval.arguments)
            # Looked up now: a role may have been taken, or the account closed, since the approval.
            member = await member_by_id(session, approval.person_id)
            if member is None:
                raise NotAllowed("You are not allowed to do this.")
            actor = actors.person(market_id, member)
            actor.must(tool.permission)
        except AppError as error:
            await _failed(session, approval, error)
            return None
        if approval.state == "approved":
            approval.state = "running"
            await asking.note(session, approval)
        call = Call(market, actor, approval.locale, str(approval.id), approval.conversation_id)
        return tool, call, arguments


async def _do(
    market_id: UUID, approval_id: UUID, tool: Tool[Any], call: Call, arguments: Any
) -> None:
    """The effect and the note that it is done, in one transaction."""
    assert tool.do is not None
    async with tenant_session(market_id) as session:
        approval = await _locked(session, approval_id)
        if approval is None or approval.state != "running":
            return
        result = await tool.do(session, call, arguments)
        await _finish(session, approval_id, call.actor, result)


async def _do_outside(
    market_id: UUID, tool: Tool[Any], call: Call, arguments: Any
) -> dict[str, Any]:
    outside = tool.outside
    assert outside is not None

    async def do() -> dict[str, Any]:
        return await outside(call, arguments)

    return await once(market_id, f"tool:{call.key}", do, repeatable=tool.repeatable)


async def _finish(
    session: TenantSession, approval_id: UUID, actor: Actor, result: dict[str, Any]
) -> None:
    approval = await _locked(session, approval_id)
    if approval is None or approval.state != "running":
        return
    approval.state, approval.result = "done", result
    approval.finished_at = datetime.now(UTC)
    await asking.note(session, approval)
    told = {"tool": approval.tool, "result": result}
    await record(session, actor, "approval.carried_out", "approval", approval_id, after=told)


async def _try_again(market_id: UUID, approval_id: UUID, actor: Actor, error: Exception) -> None:
    """Queue another attempt, or tell that it failed when there were enough."""
    async with tenant_session(market_id) as session:
        approval = await _locked(session, approval_id)
        if approval is None or approval.state != "running":
            return
        if not isinstance(error, BeingDone):
            approval.attempts += 1
        if approval.attempts >= MOST_ATTEMPTS:
            said = error if isinstance(error, AppError) else None
            await _failed(session, approval, said)
            return
        pause = PAUSE * 3 ** max(approval.attempts - 1, 0)
        await asking.start(session, actor, approval, at=datetime.now(UTC) + pause)


async def _fail(market_id: UUID, approval_id: UUID, error: AppError) -> None:
    async with tenant_session(market_id) as session:
        approval = await _locked(session, approval_id)
        if approval is not None and approval.state == "running":
            await _failed(session, approval, error)


async def _failed(session: TenantSession, approval: Approval, error: AppError | None) -> None:
    told = error or AppError("Something went wrong. Please try again.")
    approval.state, approval.problem = "failed", told.message
    approval.problem_params = {name: str(value) for name, value in told.params.items()}
    approval.finished_at = datetime.now(UTC)
    await asking.note(session, approval)


async def _locked(session: TenantSession, approval_id: UUID) -> Approval | None:
    return await session.get(Approval, approval_id, with_for_update=True, populate_existing=True)
