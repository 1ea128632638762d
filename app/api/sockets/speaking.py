"""Frames made of what happened, and what happened made of frames."""

import json
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from agents import answering as answers
from agents import binding
from app.api.callers import Caller
from app.api.following import Place, Told, shown_blocks, shown_citation
from app.api.requests import BadBody
from app.api.sockets.events import Failure, Ready, Said
from app.api.sockets.frames import Init, Resume
from app.conversations.models import Conversation
from app.conversations.reading import Spoken
from app.errors import AppError, NotFound, TooMany
from app.i18n import translate
from app.markets.directory import MarketCard


def parsed(text: str) -> dict[str, Any]:
    """The object that a frame holds; raises `BadBody`."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBody("The frame is not JSON.") from error
    if not isinstance(told, dict):
        raise BadBody("The frame must be a JSON object.")
    return told  # pyright: ignore[reportUnknownVariableType]


def refusal(error: BadBody | ValidationError) -> AppError:
    """What is wrong with a frame, as a sentence."""
    if isinstance(error, BadBody):
        return error
    first = error.errors()[0]
    if first["type"].startswith("union_tag"):
        return BadBody("There is no such type of frame.")
    name = str(first["loc"][-1])[:40]
    if first["type"] == "extra_forbidden":
        return BadBody("Unknown field: %(name)s", name=name)
    return BadBody("The field %(name)s is missing or cannot be read.", name=name)


def conversation_named(told: str) -> UUID:
    """The id that a client sent; raises `NotFound` when it is none."""
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("There is no such conversation.") from error


def has_place(frame: Init | Resume) -> bool:
    """Whether the client says how far it is."""
    return frame.last_event_id is not None or frame.last_seq is not None


def place_of(frame: Init | Resume) -> Place:
    """How far the client is; raises `BadBody`."""
    if frame.last_event_id is not None:
        return Place.of(frame.last_event_id)
    return Place(min(frame.last_seq or 0, 999_999_999))


def ready(conversation: Conversation, last_seq: int, caller: Caller) -> Ready:
    """That the conversation is open."""
    return Ready(
        conversation_id=str(conversation.id),
        agent=conversation.agent or binding.ANYBODY,
        course_id=conversation.course_id or None,
        title=conversation.title,
        last_seq=last_seq,
        read_seq=conversation.read_seq,
        writing=answers.running(conversation.id) is not None,
        signed_in=caller.actor.kind != "visitor",
    )


def said(market: MarketCard, one: Spoken) -> Said:
    """Something that was said, as the history shows it."""
    return Said.model_validate(
        {
            "seq": one.seq,
            "message_id": one.id,
            "author": one.author,
            "text": one.text,
            "at": one.at.isoformat(),
            "agent": one.agent,
            "model": one.model,
            "ending": one.ending,
            "citations": [shown_citation(market, citation) for citation in one.citations],
            "blocks": shown_blocks(market, one.blocks),
        }
    )


def event_of(told: Told) -> dict[str, Any]:
    """An event of the conversation as a frame."""
    kind = {"message": "chat_message", "done": "chat_message"}.get(told.kind, told.kind)
    frame: dict[str, Any] = {"type": kind}
    if told.place is not None:
        frame["id"] = str(told.place)
    if kind == "chat_message":
        assert told.place is not None
        frame["author"] = "person" if told.kind == "message" else "agent"
        frame["seq"] = told.place.seq
    frame |= {name: value for name, value in told.data.items() if name != "by"}
    return frame


def failure(error: AppError, locale: str, client_id: str = "") -> Failure:
    """What could not be done, in the person's language."""
    return Failure(
        code=getattr(error, "code", None) or error.status.name.lower(),
        status=int(error.status),
        detail=translate(locale, error.message, **error.params),
        client_id=client_id,
        retry_after=error.retry_after if isinstance(error, TooMany) else None,
    )
