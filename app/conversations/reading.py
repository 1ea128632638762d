"""A conversation as a reader sees it, made from its log."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from app.conversations import blocks, log, replies
from app.conversations.log import Entry
from app.database import TenantSession


@dataclass(frozen=True)
class Spoken:
    """Something that was said: a person's message, or a reply with what it cites.

    `author` is `person` or `agent`; `ending` of a reply is `done`, `stopped`, `failed` or
    `interrupted`; `seq` is the entry's number in the log.
    """

    id: str
    seq: int
    author: str
    text: str
    agent: str = ""
    model: str = ""
    ending: str = "done"
    citations: tuple[dict[str, Any], ...] = field(default=())
    blocks: tuple[dict[str, Any], ...] = field(default=())
    """The parts that are more than text; see `app.conversations.blocks`."""
    attachments: tuple[dict[str, Any], ...] = field(default=())
    """The files that it was sent with: `id`, `name` and `bytes` of each."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """The entries without those that an edited message took the place of."""
    kept: list[Entry] = []
    for entry in entries:
        if first := int(entry.payload.get("edits", 0)):
            kept = [one for one in kept if one.seq < first]
        kept.append(entry)
    return kept


def spoken(entries: Sequence[Entry]) -> list[Spoken]:
    """What was said and stands, in order.

    Of an answer that was asked for again only the last stands, of a message that was edited its
    last wording with what followed it.
    """
    said: list[Spoken] = []
    for entry in standing(entries):
        if entry.kind in ("message", "reply"):
            said.append(spoken_of(entry))
        elif entry.kind == "retry":
            while said and said[-1].author == "agent":
                said.pop()
    return said


def spoken_of(entry: Entry) -> Spoken:
    """A message or a reply, from its entry."""
    payload = entry.payload
    if entry.kind == "message":
        return Spoken(
            id=str(entry.id),
            seq=entry.seq,
            author="person",
            text=payload["text"],
            attachments=tuple(payload.get("attachments", ())),
            at=entry.at,
        )
    return Spoken(
        id=str(entry.id),
        seq=entry.seq,
        author="agent",
        text=payload["text"],
        agent=payload["agent"],
        model=payload["model"],
        ending=payload["ending"],
        citations=tuple(payload["citations"]),
        blocks=tuple(blocks.shown(payload.get("blocks", ()))),
        at=entry.at,
    )


def without_files(one: Spoken) -> Spoken:
    """The same for a reader who may not open the files that are named in it."""
    cited = [told | {"url": ""} if told["kind"] == "file" else told for told in one.citations]
    names = [{"id": "", "name": file["name"], "bytes": file["bytes"]} for file in one.attachments]
    return replace(one, citations=tuple(cited), attachments=tuple(names))


def slots(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """What the conversation says of dates, money and guests, as the newest entry has it."""
    for entry in reversed(standing(entries)):
        if "slots" in entry.payload:
            return list(entry.payload["slots"])
    return []


def corrected(entries: Sequence[Entry], entry: Entry) -> list[str]:
    """Of which slots the person has said that the message of this `entry` was read wrongly."""
    since = entry.payload.get("asked", entry.seq)
    return [
        kind
        for one in entries
        if one.kind == "slots" and one.seq > since
        for kind in one.payload.get("corrected", ())
    ]


def unanswered(entries: Sequence[Entry]) -> Entry | None:
    """The last message or retry, if it has no reply yet."""
    for entry in reversed(entries):
        if entry.kind == "reply":
            return None
        if entry.kind in ("message", "retry"):
            return entry
    return None


async def close_left_behind(session: TenantSession, conversation_id: UUID) -> bool:
    """Put down an interrupted reply where a process died while answering; True if it did so.

    Nothing happens while the reply is still being written, here or in another process.
    """
    waiting = unanswered(await log.latest_events(session, conversation_id, limit=10))
    return waiting is not None and await _closed(session, conversation_id, waiting)


async def is_owed(session: TenantSession, conversation_id: UUID) -> bool:
    """Whether a reply is being written, here or in another process.

    One that will not come because its process died is put down as interrupted.
    """
    waiting = unanswered(await log.latest_events(session, conversation_id, limit=10))
    return waiting is not None and not await _closed(session, conversation_id, waiting)


async def _closed(session: TenantSession, conversation_id: UUID, waiting: Entry) -> bool:
    if replies.running(conversation_id) is not None or not replies.left_behind(waiting):
        return False
    reply_id = UUID(waiting.payload["reply_id"]) if waiting.payload.get("reply_id") else uuid4()
    if await log.entry(session, conversation_id, reply_id) is not None:
        return False
    await log.append(
        session,
        conversation_id,
        "reply",
        {
            "text": "",
            "citations": [],
            "agent": "maestro",
            "model": "",
            "asked": waiting.seq,
            "ending": "interrupted",
        },
        id=reply_id,
    )
    return True
