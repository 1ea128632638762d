"""A consumer whose effect can be counted: a conversation titled with the event's id."""

from app.conversations.models import Conversation
from app.database import TenantSession
from app.outbox.consuming import Happening, consumer
from app.outbox.kinds import EventCreated

NAME = "counting"


async def count(session: TenantSession, event: Happening) -> None:
    """Leave a trace of the event."""
    session.add(Conversation(locale="en", title=str(event.id)))


def register() -> None:
    """Have every new event of a project counted."""
    consumer(NAME, EventCreated)(count)
