"""Asking Maestro over HTTP.

`POST /api/v1/chat` takes `{"message", "conversation_id", "locale"}` and answers with JSON, or,
when `Accept: text/event-stream` asks for it, with events: `route`, `citations`, `piece`..., `done`
(an `error` is a `done` whose `ending` is not `done`). An event's id tells how far its reader is;
`GET /api/v1/chat/{id}/events` or the same POST with that id in `Last-Event-ID` goes on from there
without asking again. `GET /api/v1/chat/{id}` is what was said so far, and
`POST /api/v1/chat/{id}/stop` stops the reply being written.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Path

from agents import answering as answers
from agents.answering import AnswerEvent, Began, Ended
from agents.base import Citation
from agents.maestro import Cited, Piece, Routed
from app.accounts import limits
from app.accounts.signing import Member
from app.api.requests import (
    BadBody,
    address_of,
    answering,
    json_of,
    locale_of,
    market_of,
    person_of,
    refuse_foreign,
)
from app.conversations import log, reading
from app.conversations.reading import Spoken
from app.conversations.replies import Reply
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard
from app.settings import settings

FIELDS = {"message", "conversation_id", "locale"}


@dataclass(frozen=True)
class _Place:
    """How far a reader is: the last log entry, and the characters of the reply after it."""

    seq: int = 0
    characters: int = 0

    @classmethod
    def of(cls, told: str) -> "_Place":
        """Read `12` or `12.345`; raises `BadBody`."""
        seq, _, characters = told.partition(".")
        if not (seq.isdecimal() and (characters or "0").isdecimal() and len(told) < 20):
            raise BadBody("This is not an event id: %(id)s", id=told[:40])
        return cls(int(seq), int(characters or 0))


async def ask(request: Request) -> Response:
    """Answer one message, of a new conversation or an open one."""
    market = await market_of(request)
    refuse_foreign(request)
    told = await json_of(request)
    message, conversation_id, locale = _asked(told, market, request)
    person = await person_of(request, market)
    await limits.spend("chat", market.id, address_of(request))
    streamed = "text/event-stream" in request.headers.get("accept", "")
    resumed = request.headers.get("last-event-id")
    if streamed and resumed and conversation_id is not None:
        return await _followed(market, conversation_id, person, _Place.of(resumed))
    pace = answers.READING_PACE if streamed else 0.0
    conversation_id, reply = await answers.ask(
        market, locale, message, conversation_id, person, pace=pace
    )
    if streamed:
        return _stream(_told(market, conversation_id, reply, _Place()))
    return JSONResponse(await _whole(market, reply), headers={"cache-control": "no-store"})


async def said(request: Request) -> Response:
    """What was said in a conversation, and whether a reply is being written."""
    market, conversation_id, person = await _opened(request)
    async with tenant_session(market.id) as session:
        await reading.close_left_behind(session, conversation_id)
        conversation = await log.check_may_open(
            session, conversation_id, person.id if person else None
        )
        entries = await log.latest_events(session, conversation_id)
    return JSONResponse(
        {
            "conversation_id": str(conversation_id),
            "title": conversation.title,
            "last_event_id": str(conversation.last_seq),
            "writing": answers.running(conversation_id) is not None,
            "messages": [_message(market, one) for one in reading.spoken(entries)],
        },
        headers={"cache-control": "no-store"},
    )


async def follow(request: Request) -> Response:
    """The events after the one that `Last-Event-ID` (or `?after=`) names."""
    market, conversation_id, person = await _opened(request)
    after = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    return await _followed(market, conversation_id, person, _Place.of(after))


async def stop(request: Request) -> Response:
    """Stop the reply being written; what it said so far is kept."""
    refuse_foreign(request)
    market, conversation_id, person = await _opened(request)
    await answers.stop(market, conversation_id, person)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _opened(request: Request) -> tuple[MarketCard, UUID, Member | None]:
    market = await market_of(request)
    person = await person_of(request, market)
    conversation_id = _conversation(request.path_params["conversation_id"])
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation_id, person.id if person else None)
    return market, conversation_id, person


def _asked(
    told: dict[str, Any], market: MarketCard, request: Request
) -> tuple[str, UUID | None, str]:
    unknown = sorted(set(told) - FIELDS)
    if unknown:
        raise BadBody("Unknown field: %(name)s", name=unknown[0][:40])
    message, held, locale = told.get("message"), told.get("conversation_id"), told.get("locale")
    if not isinstance(message, str):
        raise BadBody("%(name)s must be a text.", name="message")
    if held is not None and not isinstance(held, str):
        raise BadBody("%(name)s must be a text.", name="conversation_id")
    if locale is not None and not isinstance(locale, str):
        raise BadBody("%(name)s must be a text.", name="locale")
    if locale is None:
        locale = locale_of(request)
        locale = locale if locale in market.locales else market.default_locale
    answers.check_locale(locale)
    return message, None if held is None else _conversation(held), locale


def _conversation(told: str) -> UUID:
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
            whole |= _ended(market, event)
    if whole.get("ending") == "failed":
        raise AppError(
            "Something went wrong. Please try again.", status=HTTPStatus.INTERNAL_SERVER_ERROR
        )
    return whole


def _ended(market: MarketCard, event: Ended) -> dict[str, Any]:
    return {
        "agent": event.agent,
        "route": asdict(event.route) if event.route else None,
        "text": event.text,
        "citations": [_citation(market, asdict(citation)) for citation in event.citations],
        "model": event.model,
        "ending": event.ending,
    }


def _citation(market: MarketCard, told: dict[str, Any] | Citation) -> dict[str, Any]:
    citation = asdict(told) if isinstance(told, Citation) else dict(told)
    # A reader of the API has no page to resolve a path against.
    citation["url"] = settings().origin(market.host) + citation["url"]
    return citation


def _message(market: MarketCard, one: Spoken) -> dict[str, Any]:
    told: dict[str, Any] = {
        "message_id": one.id,
        "author": one.author,
        "text": one.text,
        "at": one.at.isoformat(),
    }
    if one.author == "agent":
        told |= {
            "agent": one.agent,
            "model": one.model,
            "ending": one.ending,
            "citations": [_citation(market, citation) for citation in one.citations],
        }
    return told


async def _followed(
    market: MarketCard, conversation_id: UUID, person: Member | None, place: _Place
) -> Response:
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation_id, person.id if person else None)
        await reading.close_left_behind(session, conversation_id)
    reply = answers.running(conversation_id)
    if reply is not None:
        return _stream(_told(market, conversation_id, reply, place))
    return _stream(_kept(market, conversation_id, place))


async def _told(
    market: MarketCard, conversation_id: UUID, reply: Reply[AnswerEvent], place: _Place
) -> AsyncIterator[ServerSentEvent]:
    """The events of a reply as it is written, from `place` on."""
    begun, characters, message_id = 0, 0, ""
    async for event in reply.follow():
        match event:
            case Began(message_id=reply_id, seq=seq):
                begun, message_id = seq, str(reply_id)
            case Routed(route=route):
                if place.seq <= begun:
                    who = {"conversation_id": str(conversation_id), "message_id": message_id}
                    yield _event("route", begun + 1, 0, who | asdict(route))
            case Cited(citations=citations):
                if place.seq <= begun or not place.characters:
                    shown = [_citation(market, citation) for citation in citations]
                    yield _event("citations", begun + 1, 0, {"citations": shown})
            case Piece(text=text):
                known = place.characters - characters if place.seq == begun + 1 else 0
                characters += len(text)
                if known < len(text):
                    fresh = {"text": text[max(known, 0) :]}
                    yield _event("piece", begun + 1, characters, fresh)
            case Ended(seq=seq):
                who = {"conversation_id": str(conversation_id), "message_id": message_id}
                yield _event("done", seq, 0, who | _ended(market, event))


async def _kept(
    market: MarketCard, conversation_id: UUID, place: _Place
) -> AsyncIterator[ServerSentEvent]:
    """The events of what is in the log already, from `place` on."""
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, conversation_id, place.seq)
    who = {"conversation_id": str(conversation_id)}
    route: dict[str, Any] | None = None
    for entry in entries:
        payload = entry.payload
        if entry.kind == "route":
            route = dict(payload)
            yield _event("route", entry.seq, 0, who | route)
        elif entry.kind == "reply":
            citations = [_citation(market, citation) for citation in payload["citations"]]
            yield _event("citations", entry.seq - 1, 0, {"citations": citations})
            text: str = payload["text"]
            rest = text[place.characters :] if entry.seq == place.seq + 1 else text
            if rest:
                yield _event("piece", entry.seq - 1, len(text), {"text": rest})
            done = {
                "message_id": str(entry.id),
                "agent": payload["agent"],
                "route": route,
                "text": text,
                "citations": citations,
                "model": payload["model"],
                "ending": payload["ending"],
            }
            yield _event("done", entry.seq, 0, who | done)


def _event(kind: str, seq: int, characters: int, data: dict[str, Any]) -> ServerSentEvent:
    place = f"{seq}.{characters}" if characters else str(seq)
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=kind, id=place)


def _stream(events: AsyncIterator[ServerSentEvent]) -> Response:
    return EventSourceResponse(events, ping=15, headers={"cache-control": "no-store"})


routes = [
    Path("/api/v1/chat", answering(ask), methods=["POST"]),
    Path("/api/v1/chat/{conversation_id}", answering(said), methods=["GET"]),
    Path("/api/v1/chat/{conversation_id}/events", answering(follow), methods=["GET"]),
    Path("/api/v1/chat/{conversation_id}/stop", answering(stop), methods=["POST"]),
]
