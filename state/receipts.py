"""Marks at what a person said: that it is kept, and that somebody has taken it up.

- `ReceiptState.message_id`: the message of the person's that nothing has answered yet; empty where
  the last word is another's.
- `taken_up`: whether a reply to it is being made. Until then it is delivered: it stands in the log.

Nobody but its person and the agents takes part in a conversation, so nobody else's marks are shown.
"""

from collections.abc import Sequence
from uuid import UUID

import reflex as rx

from agents import answering
from app.conversations import marking
from app.conversations.models import Conversation
from app.conversations.reading import Spoken
from app.database import TenantSession
from app.rendering import ssr


class ReceiptState(rx.State):
    """How far the newest message of the open conversation is."""

    message_id: rx.Field[str] = rx.field("")
    taken_up: rx.Field[bool] = rx.field(False)


async def show_receipt(state: rx.State, conversation_id: UUID, told: Sequence[Spoken]) -> None:
    """Show how far the last thing said is, if the person said it."""
    receipt = await state.get_state(ReceiptState)
    last = told[-1] if told else None
    receipt.message_id = last.id if last is not None and last.author == "person" else ""
    receipt.taken_up = answering.running(conversation_id) is not None


async def note_read(
    session: TenantSession, conversation: Conversation, person_id: UUID | None
) -> None:
    """Let the person's other devices know that they see all of it here."""
    # What is rendered ahead may never be looked at.
    if not ssr.active and conversation.read_seq < conversation.last_seq:
        await marking.mark_read(session, conversation.id, person_id, conversation.last_seq)
