"""Deeds that wait for a person's word: `GET /api/v1/approvals`, and their approval or refusal."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.api.callers import Marketplace, Signed
from app.api.problems import locale_of
from app.approvals import asking, showing
from app.approvals.models import Approval as Row
from app.database import TenantSession, tenant_session
from app.errors import NotFound

router = APIRouter(prefix="/api/v1/approvals", tags=["Approvals"])

ApprovalId = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that the person saw.")]


class Approval(BaseModel):
    """A deed, what it will do, and how it stands."""

    id: str
    conversation_id: str
    tool: str
    state: Literal["waiting", "approved", "refused", "expired", "running", "done", "failed"]
    version: int
    what: str = Field(description="What will happen, as a sentence.")
    to: list[str] = Field(description="Whom it concerns.")
    cost: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    problem: str
    created_at: datetime
    expires_at: datetime


class Approvals(BaseModel):
    """What waits, the oldest first."""

    approvals: list[Approval]


class Decision(BaseModel):
    """A word on it."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["approve", "refuse"]
    version: Version


class Changes(BaseModel):
    """Arguments that shall be others."""

    model_config = ConfigDict(extra="forbid")

    arguments: dict[str, Any]
    version: Version


@router.get("", response_model=Approvals, summary="List what waits", operation_id="listApprovals")
async def waiting(request: Request, market: Marketplace, caller: Signed) -> Any:
    """What waits for the word of whoever asks."""
    async with tenant_session(market.id) as session:
        found = await asking.waiting_for(session, caller.actor)
        return {"approvals": [await _told(session, one, request) for one in found]}


@router.get(
    "/{approval_id}", response_model=Approval, summary="Read one", operation_id="readApproval"
)
async def one(
    request: Request, market: Marketplace, caller: Signed, approval_id: ApprovalId
) -> Any:
    """A deed as it stands, also when it is over."""
    async with tenant_session(market.id) as session:
        found = await asking.approval_of(session, caller.actor, _id(approval_id))
        return await _told(session, found, request)


@router.post(
    "/{approval_id}/decision",
    response_model=Approval,
    summary="Approve or refuse",
    operation_id="decideApproval",
)
async def decide(
    request: Request, market: Marketplace, caller: Signed, approval_id: ApprovalId, told: Decision
) -> Any:
    """Say that it shall be done, or not. The same word twice is once; another one is a conflict."""
    async with tenant_session(market.id) as session:
        found = await asking.decide(
            session, caller.actor, _id(approval_id), told.verdict, seen=told.version
        )
        return await _told(session, found, request)


@router.patch(
    "/{approval_id}", response_model=Approval, summary="Change it", operation_id="editApproval"
)
async def edit(
    request: Request, market: Marketplace, caller: Signed, approval_id: ApprovalId, told: Changes
) -> Any:
    """Change what the tool lets people change; it is checked anew and goes on waiting."""
    async with tenant_session(market.id) as session:
        found = await asking.edit(
            session, caller.actor, _id(approval_id), told.arguments, seen=told.version
        )
        return await _told(session, found, request)


async def _told(session: TenantSession, row: Row, request: Request) -> dict[str, Any]:
    shown = await showing.shown(session, row, locale_of(request))
    return {
        "id": str(row.id),
        "conversation_id": str(row.conversation_id),
        "tool": row.tool,
        "state": shown.state,
        "version": row.version,
        "what": shown.preview.what,
        "to": list(shown.preview.to),
        "cost": shown.preview.cost,
        "arguments": row.arguments,
        "result": row.result,
        "problem": shown.problem,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
    }


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("There is no such request.") from error
