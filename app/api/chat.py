"""Asking Maestro over HTTP.

`POST /api/v1/chat` takes an `Asked` and answers with JSON, or,
when `Accept: text/event-stream` asks for it, with events: `route`, `citations`, `piece`..., `done`
(an `error` is a `done` whose `ending` is not `done`). An event's id tells how far its reader is;
`GET /api/v1/chat/{id}/events` or the same POST with that id in `Last-Event-ID` goes on from there
without asking again. `GET /api/v1/chat/{id}` is what was said so far, and
`POST /api/v1/chat/{id}/stop` stops the reply being written.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import WithJsonSchema
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from agents import answering as answers
from agents.answering import AnswerEvent, Began, Ended
from app.accounts import limits
from app.accounts.actors import Member
from app.accounts.permissions import Permission
from app.api.attached import attachment_id_of
from app.api.callers import AnyCaller, Caller, Marketplace
from app.api.conversing import STREAM, Again, Answer, Asked, Conversation
from app.api.following import Place, Told, ended, kept, live, shown_message
from app.api.problems import failed, locale_of
from app.api.requests import address_of
from app.conversations import log, reading
from app.conversations.replies import Reply
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard

router = APIRouter(prefix="/api/v1/chat", tags=["Chat"])

EventId = Annotated[
    str | None, WithJsonSchema({"type": "string", "pattern": r"^\d{1,9}(\.\d{1,9})?$"})
]


@dataclass(frozen=True)
class _Opened:
    """A conversation that the caller may read."""

    market: MarketCard
    id: UUID
    person: Member | None


async def _opened(
    market: Marketplace,
    caller: AnyCaller,
    conversation_id: Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})],
) -> _Opened:
    held = conversation_of(conversation_id)
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, held, caller.person_id)
    return _Opened(market, held, caller.member)


Open = Annotated[_Opened, Depends(_opened)]


@router.post(
    "",
    response_model=Answer,
    responses={200: STREAM},
    summary="Ask Maestro",
    operation_id="ask",
)
async def ask(
    request: Request,
    market: Marketplace,
    caller: AnyCaller,
    told: Asked,
    last_event_id: Annotated[EventId, Header()] = None,
) -> Any:
    """Answer one message, of a new conversation or an open one.

    With `Accept: text/event-stream` the answer comes as events while it is written; with
    `Last-Event-ID` as well, the stream of the reply being written goes on and nothing is asked.
    """
    caller.actor.must(Permission.READ)
    conversation_id = (
        None if told.conversation_id is None else conversation_of(told.conversation_id)
    )
    locale = language_of(request, market, told.locale)
    await limits.spend("chat", market.id, address_of(request))
    streamed = "text/event-stream" in request.headers.get("accept", "")
    if streamed and last_event_id and conversation_id is not None:
        return await _followed(market, conversation_id, caller, Place.of(last_event_id))
    pace = answers.READING_PACE if streamed else 0.0
    conversation_id, reply = await answers.ask(
        market,
        locale,
        told.message,
        conversation_id,
        caller.member,
        pace=pace,
        attachments=tuple(attachment_id_of(one) for one in told.attachments),
    )
    if streamed:
        return _stream(live(market, conversation_id, reply, Place()))
    return await _whole(market, reply)


@router.get(
    "/{conversation_id}",
    response_model=Conversation,
    summary="Read a conversation",
    operation_id="readConversation",
)
async def said(opened: Open) -> Any:
    """What was said so far, and whether a reply is being written."""
    async with tenant_session(opened.market.id) as session:
        await reading.close_left_behind(session, opened.id)
        conversation = await log.check_may_open(
            session, opened.id, opened.person.id if opened.person else None
        )
        entries = await log.latest_events(session, opened.id)
    return {
        "conversation_id": str(opened.id),
        "title": conversation.title,
        "last_event_id": str(conversation.last_seq),
        "writing": answers.running(opened.id) is not None,
        "messages": [shown_message(opened.market, one) for one in reading.spoken(entries)],
    }


@router.get(
    "/{conversation_id}/events",
    response_class=EventSourceResponse,
    responses={200: STREAM},
    summary="Follow a reply",
    operation_id="followReply",
)
async def follow(
    opened: Open,
    caller: AnyCaller,
    last_event_id: Annotated[EventId, Header()] = None,
    after: Annotated[EventId, Query()] = None,
) -> Response:
    """The events after the one that `Last-Event-ID` (or `?after=`) names."""
    place = Place.of(last_event_id or after or "0")
    return await _followed(opened.market, opened.id, caller, place)


@router.post(
    "/{conversation_id}/stop",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Stop a reply",
    operation_id="stopReply",
)
async def stop(opened: Open) -> None:
    """Stop the reply being written; what it said so far is kept."""
    await answers.stop(opened.market, opened.id, opened.person)


@router.post(
    "/{conversation_id}/edit",
    response_model=Answer,
    responses={200: STREAM},
    summary="Say a message otherwise",
    operation_id="editMessage",
)
async def edit(request: Request, opened: Open, told: Again) -> Any:
    """Answer another wording of a message; what was said since is left behind.

    It stays in the log, and in branches that were made of it.
    """
    locale = language_of(request, opened.market, None)
    await limits.spend("chat", opened.market.id, address_of(request))
    streamed = "text/event-stream" in request.headers.get("accept", "")
    _id, reply = await answers.ask(
        opened.market,
        locale,
        told.message,
        opened.id,
        opened.person,
        pace=answers.READING_PACE if streamed else 0.0,
        edits=told.seq,
    )
    return await _answered(opened, reply, streamed=streamed)


@router.post(
    "/{conversation_id}/retry",
    response_model=Answer,
    responses={200: STREAM},
    summary="Answer once more",
    operation_id="retryReply",
)
async def retry(request: Request, opened: Open) -> Any:
    """Answer the last message once more; only the new answer stands."""
    locale = language_of(request, opened.market, None)
    await limits.spend("chat", opened.market.id, address_of(request))
    streamed = "text/event-stream" in request.headers.get("accept", "")
    pace = answers.READING_PACE if streamed else 0.0
    reply = await answers.ask_again(opened.market, locale, opened.id, opened.person, pace=pace)
    return await _answered(opened, reply, streamed=streamed)


async def _answered(opened: _Opened, reply: Reply[AnswerEvent], *, streamed: bool) -> Any:
    if streamed:
        return _stream(live(opened.market, opened.id, reply, Place()))
    return await _whole(opened.market, reply)


def language_of(request: Request, market: MarketCard, told: str | None) -> str:
    """The language told, else the browser's, else the market's; raises `UnknownLocale`."""
    if told is None:
        locale = locale_of(request)
        return locale if locale in market.locales else market.default_locale
    answers.check_locale(told)
    return told


def conversation_of(told: str) -> UUID:
    """The id as it was told; raises `NotFound`."""
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("There is no such conversation.") from error


async def _whole(market: MarketCard, reply: Reply[AnswerEvent]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    async for event in reply.follow():
        if isinstance(event, Began):
            whole = {
                "conversation_id": str(event.conversation_id),
                "message_id": str(event.message_id),
            }
        elif isinstance(event, Ended):
            whole |= ended(market, event)
    if whole.get("ending") == "failed":
        raise failed()
    return whole


async def _followed(
    market: MarketCard, conversation_id: UUID, caller: Caller, place: Place
) -> Response:
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation_id, caller.person_id)
        await reading.close_left_behind(session, conversation_id)
    reply = answers.running(conversation_id)
    if reply is not None:
        return _stream(live(market, conversation_id, reply, place))
    return _stream(_said_already(market, conversation_id, place))


async def _said_already(
    market: MarketCard, conversation_id: UUID, place: Place
) -> AsyncIterator[Told]:
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, conversation_id, place.seq)
    for told in kept(market, conversation_id, entries, place):
        yield told


def _stream(events: AsyncIterator[Told]) -> Response:
    return EventSourceResponse(_as_events(events), ping=15, headers={"cache-control": "no-store"})


async def _as_events(events: AsyncIterator[Told]) -> AsyncIterator[ServerSentEvent]:
    async for told in events:
        data = json.dumps(told.data, ensure_ascii=False)
        yield ServerSentEvent(data, event=told.kind, id=str(told.place) if told.place else None)
