"""Proposing a deed to a person, and their word on it: approve, edit or refuse.

Every change of state stands in the conversation's log too, as an entry of the kind `approval`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.approvals.models import Approval
from app.approvals.tools import Call, Tool, tool_named
from app.audit.log import record
from app.conversations import log
from app.database import TenantSession
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.jobs.queue import enqueue

LASTS = timedelta(days=3)
"""How long a proposal waits for a word."""

OVER = frozenset({"refused", "expired", "failed"})
"""States after which the same may be proposed anew."""

FINISHED = OVER | {"done"}

Verdict = Literal["approve", "refuse"]


@dataclass(frozen=True)
class Proposed:
    """A proposal as it stands; `fresh` says whether it was made by this call."""

    approval: Approval
    fresh: bool


async def propose(
    session: TenantSession,
    call: Call,
    tool: Tool[Any],
    told: Mapping[str, Any],
    *,
    anew: bool = False,
    lasts: timedelta = LASTS,
) -> Proposed:
    """Put a deed before the person in their conversation; under one key it is put once.

    With `anew` one that came to nothing is put before them again. Raises `ArgumentsRefused`,
    `NotAllowed` where the person could not do it themselves, and `NotFound` for a conversation
    that is not theirs.
    """
    person_id = _person(call.actor)
    call.actor.must(tool.permission)
    arguments = tool.read(told)
    if call.conversation_id is None:
        raise NotFound("There is no such conversation.")
    # Who proposes at the same time waits here.
    await log.check_may_open(session, call.conversation_id, person_id, writing=True)
    former = (
        await session.exec(
            select(Approval)
            .where(Approval.person_id == person_id, Approval.key == call.key)
            .order_by(col(Approval.turn).desc())
            .limit(1)
        )
    ).first()
    if former is not None and not (anew and former.state in OVER):
        return Proposed(former, fresh=False)
    # What cannot be described cannot be done: the sentence is made before anybody is asked.
    await tool.describe(session, call.locale, arguments)
    approval = Approval(
        conversation_id=call.conversation_id,
        person_id=person_id,
        tool=tool.name,
        arguments=arguments.model_dump(mode="json"),
        key=call.key,
        turn=former.turn + 1 if former else 1,
        locale=call.locale,
        expires_at=datetime.now(UTC) + lasts,
    )
    session.add(approval)
    await session.flush()
    await note(session, approval)
    over = approval.expires_at + timedelta(seconds=1)
    await enqueue(
        session, call.actor, "approval.expire", {"approval_id": str(approval.id)}, at=over
    )
    return Proposed(approval, fresh=True)


async def decide(
    session: TenantSession,
    actor: Actor,
    approval_id: UUID,
    verdict: Verdict,
    *,
    seen: int,
) -> Approval:
    """Approve or refuse; the same word twice is once, and what is over stays as it is.

    `seen` is the version that the person saw: raises `Conflict` when it was edited since, or
    decided otherwise. One that has expired is returned as such.
    """
    if verdict not in ("approve", "refuse"):
        raise AppError("Approve it or refuse it.")
    approval = await _held(session, actor, approval_id)
    if approval.state == "waiting" and approval.expires_at <= datetime.now(UTC):
        return await expire(session, approval)
    if approval.state != "waiting":
        said = "refuse" if approval.state == "refused" else "approve"
        if approval.state != "expired" and said != verdict:
            raise Conflict("This was decided already.")
        return approval
    if approval.version != seen:
        raise Conflict("It was changed in the meantime. Look at it again.")
    if verdict == "approve":
        tool = tool_named(approval.tool)
        actor.must(tool.permission)
        tool.read(approval.arguments)
        approval.state = "approved"
        await start(session, actor, approval)
    else:
        approval.state = "refused"
        approval.finished_at = datetime.now(UTC)
    approval.decided_at = datetime.now(UTC)
    await note(session, approval)
    told = {"tool": approval.tool, "arguments": approval.arguments}
    await record(session, actor, f"approval.{approval.state}", "approval", approval.id, after=told)
    return approval


async def edit(
    session: TenantSession,
    actor: Actor,
    approval_id: UUID,
    changes: Mapping[str, Any],
    *,
    seen: int,
) -> Approval:
    """Change arguments of what waits; they are checked anew, and it goes on waiting.

    Only what the tool lets people edit is changed. Raises `ArgumentsRefused` or `Conflict`.
    """
    approval = await _held(session, actor, approval_id)
    if approval.state == "waiting" and approval.expires_at <= datetime.now(UTC):
        return await expire(session, approval)
    if approval.state != "waiting":
        raise Conflict("This was decided already.")
    if approval.version != seen:
        raise Conflict("It was changed in the meantime. Look at it again.")
    tool = tool_named(approval.tool)
    allowed = {field.name for field in tool.editable}
    changed = {name: value for name, value in changes.items() if name in allowed}
    arguments = tool.read({**approval.arguments, **changed})
    await tool.describe(session, approval.locale, arguments)
    kept = arguments.model_dump(mode="json")
    if kept != approval.arguments:
        approval.arguments = kept
        approval.version += 1
        await note(session, approval)
    return approval


async def approvals_in(
    session: TenantSession, actor: Actor, conversation_id: UUID
) -> list[Approval]:
    """What was proposed to the person in a conversation, in order."""
    found = await session.exec(
        select(Approval)
        .where(Approval.conversation_id == conversation_id, Approval.person_id == actor.person_id)
        .order_by(col(Approval.created_at), col(Approval.id))
        .limit(200)
    )
    return list(found)


async def waiting_for(session: TenantSession, actor: Actor, limit: int = 100) -> list[Approval]:
    """What waits for the person's word, the oldest first."""
    person_id = _person(actor)
    found = await session.exec(
        select(Approval)
        .where(
            Approval.person_id == person_id,
            Approval.state == "waiting",
            col(Approval.expires_at) > datetime.now(UTC),
        )
        .order_by(col(Approval.created_at), col(Approval.id))
        .limit(limit)
    )
    return list(found)


async def approval_of(session: TenantSession, actor: Actor, approval_id: UUID) -> Approval:
    """A proposal made to this person; raises `NotFound`."""
    return await _held(session, actor, approval_id)


async def expire(session: TenantSession, approval: Approval) -> Approval:
    """Let what waited too long go."""
    approval.state, approval.finished_at = "expired", datetime.now(UTC)
    await note(session, approval)
    return approval


async def start(session: TenantSession, actor: Actor, approval: Approval, **when: Any) -> None:
    """Queue what carries an approved deed out."""
    told = {"approval_id": str(approval.id)}
    approval.job_id = await enqueue(session, actor, "approval.carry_out", told, **when)
    session.add(approval)


async def note(session: TenantSession, approval: Approval) -> None:
    """Write into the conversation's log how a proposal stands."""
    session.add(approval)
    await session.flush()
    told: dict[str, Any] = {
        "approval_id": str(approval.id),
        "tool": approval.tool,
        "state": approval.state,
        "version": approval.version,
    }
    if approval.state == "done":
        told["result"] = approval.result
    if approval.state == "failed":
        told["problem"] = approval.problem
    await log.append(session, approval.conversation_id, "approval", told)


def _person(actor: Actor) -> UUID:
    actor.must(Permission.KEEP_CONVERSATIONS)
    if actor.person_id is None:
        raise NotAllowed("You are not allowed to do this.")
    return actor.person_id


async def _held(session: TenantSession, actor: Actor, approval_id: UUID) -> Approval:
    """The proposal, which nobody else can change until the session ends."""
    person_id = _person(actor)
    found = (
        await session.exec(
            select(Approval)
            .where(Approval.id == approval_id, Approval.person_id == person_id)
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such request.")
    return found
