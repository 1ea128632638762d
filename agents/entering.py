"""Entering a message into a conversation: what is written down, and what its answer may rest on."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from agents.base import Request, Said
from app.conversations import log, reading, replies
from app.conversations.attachments.sending import listed, sent_with, to_send
from app.conversations.log import Entry
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard

REMEMBERED = 8
"""How many earlier messages an answer may rest on."""


class AlreadySaid(AppError):
    """The message stands in the conversation already, as `entry`."""

    def __init__(self, entry: Entry) -> None:
        super().__init__("This message was sent already.", status=HTTPStatus.CONFLICT)
        self.entry = entry


@dataclass(frozen=True)
class Words:
    """What a person says, and what their program calls it."""

    text: str
    client_id: str = ""
    edits: int = 0
    """The number of the message whose place it takes; 0 for none."""
    attachments: tuple[UUID, ...] = ()
    """The files that are sent with it."""


def refuse_repeated(before: list[Entry], client_id: str) -> None:
    """Raise `AlreadySaid` when the message that a program calls so stands there."""
    for entry in before if client_id else ():
        if entry.kind == "message" and entry.payload.get("client_id") == client_id:
            raise AlreadySaid(entry)


async def enter(
    session: TenantSession,
    conversation_id: UUID,
    before: list[Entry],
    said: Words | None,
    locale: str,
    reply_id: UUID,
) -> Entry:
    """Write down what was `said`, or for None that the last message shall be answered again.

    `before` is what the conversation holds. Raises `AppError` where there is nothing to answer.
    """
    marks: dict[str, Any] = {
        "locale": locale,
        "reply_id": str(reply_id),
        "process": replies.PROCESS,
    }
    if said is not None:
        if not before:
            await log.name_after(session, conversation_id, said.text)
        if said.client_id:
            marks["client_id"] = said.client_id
        files: list[dict[str, Any]] = []
        if said.edits:
            former = await _message(session, conversation_id, said.edits)
            files += former.payload.get("attachments", ())
            marks["edits"] = said.edits
        rows = await to_send(session, conversation_id, said.attachments)
        if files := files + listed(rows):
            marks["attachments"] = files
        entry = await log.append(session, conversation_id, "message", {"text": said.text, **marks})
        for row in rows:
            row.message_id = entry.id
        return entry
    asked = next((entry for entry in reversed(before) if entry.kind == "message"), None)
    if asked is None:
        raise AppError("There is nothing to answer again.")
    again = {"text": asked.payload["text"], "asked": asked.seq}
    if "attachments" in asked.payload:
        again["attachments"] = asked.payload["attachments"]
    return await log.append(session, conversation_id, "retry", {**again, **marks})


async def _message(session: TenantSession, conversation_id: UUID, seq: int) -> Entry:
    found = await log.events_after(session, conversation_id, seq - 1, limit=1)
    if not found or (found[0].seq, found[0].kind) != (seq, "message"):
        raise NotFound("There is no such message.")
    return found[0]


def request_of(
    market: MarketCard,
    locale: str,
    entry: Entry,
    before: list[Entry],
    conversation_id: UUID,
    person_id: UUID | None,
) -> Request:
    """The message with what was said before it."""
    first = entry.payload.get("edits") or entry.payload.get("asked", entry.seq)
    earlier = reading.spoken([past for past in before if past.seq < first])
    return Request(
        market=market,
        locale=locale,
        message=entry.payload["text"],
        history=[
            Said("person" if past.author == "person" else "agent", past.text)
            for past in earlier[-REMEMBERED:]
        ],
        shown=frozenset(
            citation["external_id"] for past in earlier[-REMEMBERED:] for citation in past.citations
        ),
        conversation_id=conversation_id,
        person_id=person_id,
        files=tuple(sent_with(entry)),
    )
