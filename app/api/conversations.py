"""`/api/v1/conversations`: what a person does with the conversations that are theirs."""

from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.accounts.actors import SignInNeeded
from app.api.callers import Caller, Marketplace, Signed
from app.api.planned import Id
from app.api.problems import locale_of
from app.conversations import branching, exporting, feedback, keeping, listing, sharing
from app.conversations.feedback import LONGEST_NOTE
from app.conversations.listing import LONGEST_QUERY, Summary
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard
from app.settings import settings

router = APIRouter(prefix="/api/v1/conversations", tags=["Conversations"])

Reason = Literal["", "wrong", "missed", "outdated", "tone", "other"]


class Kept(BaseModel):
    """A conversation in the list; of a search, where the words were found."""

    conversation_id: UUID
    title: str
    updated_at: str = Field(json_schema_extra={"format": "date-time"})
    pinned: bool
    archived: bool
    seq: int | None = Field(default=None, description="The entry in which the words stand.")
    passage: str = ""


class KeptList(BaseModel):
    """Conversations."""

    conversations: list[Kept]


class Change(BaseModel):
    """What is to be changed of a conversation. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str | None = Field(default=None, max_length=500)
    pinned: bool | None = None
    archived: bool | None = None


class Link(BaseModel):
    """The link by which anybody may read a conversation, as far as it went when it was made."""

    url: str
    upto: int = Field(description="The last entry that it shows.")
    at: str = Field(json_schema_extra={"format": "date-time"})


class From(BaseModel):
    """From which reply a branch goes out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    seq: int = Field(ge=1, le=2**31 - 2, description="The number of the reply.")


class Begun(BaseModel):
    """A conversation that was begun."""

    conversation_id: UUID


class Judgement(BaseModel):
    """What the caller thinks of a reply; `good` of null takes it back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message_id: str = Field(json_schema_extra={"format": "uuid"})
    good: bool | None
    reason: Reason = ""
    note: str = Field(default="", max_length=LONGEST_NOTE)


def _owner(caller: Caller) -> UUID:
    """The person who asks; a key has no conversations."""
    if caller.person_id is None:
        raise SignInNeeded("Sign in to do this.")
    return caller.person_id


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such conversation.") from None


@router.get(
    "", response_model=KeptList, summary="List conversations", operation_id="listConversations"
)
async def listed(
    market: Marketplace,
    caller: Signed,
    archived: bool = False,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
) -> Any:
    """The caller's conversations, pinned ones first; with `q` those in which these words stand."""
    person_id = _owner(caller)
    async with tenant_session(market.id) as session:
        if q.strip():
            found = await listing.search_conversations(session, person_id, q)
        else:
            found = await listing.conversations_of(session, person_id, 200, archived=archived)
    return {"conversations": [_kept(one) for one in found]}


@router.patch(
    "/{conversation_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Rename, pin or archive a conversation",
    operation_id="editConversation",
)
async def edit(market: Marketplace, caller: Signed, conversation_id: Id, told: Change) -> None:
    """Change what was sent; all of it, or nothing when one thing is refused."""
    held, person_id = _id(conversation_id), _owner(caller)
    async with tenant_session(market.id) as session:
        await keeping.check_own(session, held, person_id)
        if told.title is not None:
            await keeping.rename(session, held, person_id, told.title)
        if told.archived is not None:
            await keeping.archive(session, held, person_id, on=told.archived)
        if told.pinned is not None:
            await keeping.pin(session, held, person_id, on=told.pinned)


@router.delete(
    "/{conversation_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Delete a conversation",
    operation_id="deleteConversation",
)
async def delete(market: Marketplace, caller: Signed, conversation_id: Id) -> None:
    """Delete it for good, with everything said in it and every link to it."""
    async with tenant_session(market.id) as session:
        await keeping.remove(session, _id(conversation_id), _owner(caller))


@router.get(
    "/{conversation_id}/export",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                "text/markdown": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}},
            },
        }
    },
    summary="Export a conversation",
    operation_id="exportConversation",
)
async def export(
    request: Request,
    market: Marketplace,
    caller: Signed,
    conversation_id: Id,
    form: Literal["md", "json"] = "md",
) -> Response:
    """Everything that was said and stands, as Markdown or as JSON."""
    held, origin = _id(conversation_id), settings().origin(market.host)
    async with tenant_session(market.id) as session:
        title, said = await exporting.said_in(session, held, _owner(caller))
    if form == "json":
        text, media = exporting.as_json(held, title, said, origin), "application/json"
    else:
        text = exporting.as_markdown(title, said, locale_of(request), origin)
        media = "text/markdown"
    return Response(text, media_type=media, headers=exporting.headers_of(title, form))


@router.get(
    "/{conversation_id}/share",
    response_model=Link,
    summary="Read the link to a conversation",
    operation_id="readShare",
)
async def share_of(market: Marketplace, caller: Signed, conversation_id: Id) -> Any:
    """The link by which the conversation is shared now; 404 when it is not."""
    async with tenant_session(market.id) as session:
        found = await sharing.share_of(session, _id(conversation_id), _owner(caller))
    if found is None:
        raise NotFound("This conversation is not shared, or no longer.")
    return _link(market, found, caller)


@router.post(
    "/{conversation_id}/share",
    response_model=Link,
    status_code=HTTPStatus.CREATED,
    summary="Share a conversation",
    operation_id="shareConversation",
)
async def share(market: Marketplace, caller: Signed, conversation_id: Id) -> Any:
    """A link to the conversation as it is now; an earlier one opens nothing any more."""
    async with tenant_session(market.id) as session:
        made = await sharing.share(session, _id(conversation_id), _owner(caller))
    return _link(market, made, caller)


@router.delete(
    "/{conversation_id}/share",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Stop sharing a conversation",
    operation_id="unshareConversation",
)
async def unshare(market: Marketplace, caller: Signed, conversation_id: Id) -> None:
    """Have the link open nothing, from now on."""
    async with tenant_session(market.id) as session:
        await sharing.unshare(session, _id(conversation_id), _owner(caller))


@router.post(
    "/{conversation_id}/branch",
    response_model=Begun,
    status_code=HTTPStatus.CREATED,
    summary="Branch a conversation",
    operation_id="branchConversation",
)
async def branch(market: Marketplace, caller: Signed, conversation_id: Id, told: From) -> Any:
    """Begin another conversation with what stood in this one up to a reply."""
    async with tenant_session(market.id) as session:
        made = await branching.branch(session, _id(conversation_id), _owner(caller), told.seq)
    return {"conversation_id": made}


@router.put(
    "/{conversation_id}/feedback",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Judge a reply",
    operation_id="judgeReply",
)
async def judge(market: Marketplace, caller: Signed, conversation_id: Id, told: Judgement) -> None:
    """Say whether a reply was good, and why not."""
    async with tenant_session(market.id) as session:
        await feedback.judge(
            session,
            _id(conversation_id),
            _owner(caller),
            _id(told.message_id),
            good=told.good,
            reason=told.reason,
            note=told.note,
        )


def _kept(one: Summary) -> dict[str, Any]:
    return {
        "conversation_id": one.id,
        "title": one.title,
        "updated_at": one.updated_at.isoformat(),
        "pinned": one.pinned,
        "archived": one.archived,
        "seq": one.seq,
        "passage": one.passage,
    }


def _link(market: MarketCard, one: sharing.Share, caller: Caller) -> dict[str, Any]:
    locale = caller.member.locale if caller.member else market.default_locale
    locale = locale if locale in market.locales else market.default_locale
    url = f"{settings().origin(market.host)}/{locale}/shared/{one.token}"
    return {"url": url, "upto": one.upto, "at": one.at.isoformat()}
