"""How far a person has read in a conversation, the same on all of their devices."""

from uuid import UUID

from sqlmodel import col, update

from app.conversations.hearing import tell
from app.conversations.log import check_may_open
from app.conversations.models import Conversation
from app.database import TenantSession


async def mark_read(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None, seq: int
) -> int:
    """Note that the person has read up to entry `seq`; returns up to where they have by now.

    Raises `NotFound` for a conversation that they may not read. What was read stays read.
    """
    held = await check_may_open(session, conversation_id, person_id)
    reached = min(seq, held.last_seq)
    if reached <= held.read_seq:
        return held.read_seq
    await session.exec(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.read_seq) < reached)
        .values(read_seq=reached)
    )
    await tell(session, conversation_id, "read", seq=reached)
    return reached
