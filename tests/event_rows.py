"""Rows of what happened, for tests."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from app.database import TenantSession
from app.outbox.models import EventConsumption, OutboxEvent
from tests.rows import kept


async def outbox_event(session: TenantSession, **more: Any) -> OutboxEvent:
    """That somebody said something."""
    conversation_id = str(uuid4())
    told = {"conversation_id": conversation_id, "message_id": str(uuid4()), "number": 1}
    usual = {
        "name": "message.created",
        "subject": f"conversation/{conversation_id}",
        "payload": {**told, "author": "person"},
    }
    return await kept(session, OutboxEvent, usual, more)


async def event_consumption(session: TenantSession, **more: Any) -> EventConsumption:
    """That a consumer has yet to take an event in."""
    event = await outbox_event(session)
    usual = {
        "event_id": event.id,
        "consumer": "tests",
        "subject": event.subject,
        "position": event.position,
    }
    return await kept(session, EventConsumption, usual, more)


EVENT_ROWS: dict[str, Callable[..., Any]] = {
    "outbox_event": outbox_event,
    "event_consumption": event_consumption,
}
