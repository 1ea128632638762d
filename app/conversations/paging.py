"""What was said in a conversation, page by page, for a reader who knows it up to a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from app.conversations import log
from app.conversations.models import ConversationEvent
from app.conversations.reading import Spoken, spoken_of
from app.database import TenantSession

LARGEST = 200


@dataclass(frozen=True)
class Gone:
    """Numbers, both included, of messages that no longer stand: another took their place."""

    first: int
    last: int


@dataclass(frozen=True)
class Page:
    """Messages that stand, in order.

    `seq` is what to ask on from, `more` whether there was more when it was read, and `gone` what
    the reader may know from before and should forget.
    """

    messages: tuple[Spoken, ...]
    seq: int
    more: bool
    gone: tuple[Gone, ...]


async def messages_after(
    session: TenantSession, conversation_id: UUID, seq: int, limit: int
) -> Page:
    """What was said after number `seq` and stands; who may read it was checked before.

    A page looks at `limit` entries, and has fewer messages where some of those stand no longer.
    """
    replaced = await _replaced(session, conversation_id, seq)
    found = await log.events_after(
        session, conversation_id, seq, limit + 1, kinds=("message", "retry", "reply")
    )
    page, more = found[:limit], len(found) > limit
    return Page(
        messages=tuple(
            spoken_of(entry)
            for entry in page
            if entry.kind != "retry" and not _covers(replaced, entry.seq)
        ),
        seq=page[-1].seq if page else seq,
        more=more,
        gone=tuple(Gone(one.first, min(one.last, seq)) for one in replaced if one.first <= seq),
    )


async def _replaced(session: TenantSession, conversation_id: UUID, seq: int) -> list[Gone]:
    """What was said otherwise, or answered once more, after `seq`."""
    edits = col(ConversationEvent.payload)["edits"].as_integer()
    asked = col(ConversationEvent.payload)["asked"].as_integer()
    found = await session.exec(
        select(ConversationEvent.seq, ConversationEvent.kind, edits, asked)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.seq > seq,
            or_(col(ConversationEvent.kind) == "retry", edits > 0),
        )
        .order_by(col(ConversationEvent.seq))
    )
    # Of what is asked again the question stands, and only what was answered to it goes.
    return [
        Gone(told + 1 if kind == "retry" else first, number - 1)
        for number, kind, first, told in found
    ]


def _covers(replaced: Sequence[Gone], seq: int) -> bool:
    return any(one.first <= seq <= one.last for one in replaced)
