"""`/api/v1/feedback`: what people thought of replies, for staff who may read conversations."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.api.callers import Marketplace, Signed
from app.api.planned import Id
from app.conversations import feedback
from app.conversations.feedback import Judged, Sought
from app.database import tenant_session
from app.errors import NotFound

router = APIRouter(prefix="/api/v1/feedback", tags=["Conversations"])


class Seen(BaseModel):
    """Whether staff saw to what somebody thought."""

    model_config = ConfigDict(extra="forbid", strict=True)

    handled: bool


class JudgedReply(BaseModel):
    """A reply, what a person thought of it, and what it answered."""

    message_id: UUID
    conversation_id: UUID
    good: bool
    reason: str
    note: str
    at: str = Field(json_schema_extra={"format": "date-time"})
    text: str = Field(description="The question, as `agora eval routing` reads it.")
    answer: str
    locale: str
    intents: list[str]
    agents: list[str]
    agent: str
    model: str
    handled: bool = Field(description="Whether staff saw to it.")


class JudgedList(BaseModel):
    """What people thought of replies, the newest first."""

    replies: list[JudgedReply]
    count: int = Field(description="How many there are on all pages.")


@router.get(
    "", response_model=JudgedList, summary="List what people thought", operation_id="listFeedback"
)
async def judged(
    market: Marketplace,
    caller: Signed,
    good: bool | None = None,
    agent: Annotated[str, Query(max_length=40)] = "",
    handled: bool | None = None,
    since: AwareDatetime | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Any:
    """Replies that people judged, the newest judgement first."""
    sought = Sought(good, agent.replace("\x00", ""), handled, since)
    async with tenant_session(market.id) as session:
        found, count = await feedback.judged(session, caller.actor, sought, page)
    return {"replies": [_judged(one) for one in found], "count": count}


@router.patch(
    "/{message_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Say that a judgement was seen to",
    operation_id="handleFeedback",
)
async def handle(market: Marketplace, caller: Signed, message_id: Id, told: Seen) -> None:
    """Staff saw to what somebody thought of this reply, or did not."""
    try:
        held = UUID(message_id)
    except ValueError:
        raise NotFound("There is no such message.") from None
    async with tenant_session(market.id) as session:
        await feedback.mark_handled(session, caller.actor, held, on=told.handled)


def _judged(one: Judged) -> dict[str, Any]:
    return {
        "message_id": one.reply_id,
        "conversation_id": one.conversation_id,
        "good": one.good,
        "reason": one.reason,
        "note": one.note,
        "at": one.at.isoformat(),
        "text": one.question,
        "answer": one.answer,
        "locale": one.locale,
        "intents": [one.intent] if one.intent else [],
        "agents": list(one.agents),
        "agent": one.agent,
        "model": one.model,
        "handled": one.handled,
    }
