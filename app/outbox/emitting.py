"""Telling that something happened, in the transaction in which it does: no commit, no event.

    await emit(session, MessageCreated(conversation_id=..., ...))

Whoever emits holds the row of the subject (has changed it, or selected it for update), so that what
happens to one thing gets its position in the order in which it is committed.
"""

from uuid import UUID

from sqlalchemy import text

from app.database import TenantSession
from app.outbox.kinds import Payload
from app.outbox.models import OutboxEvent

CHANNEL = "outbox"
"""Where Postgres tells the relay that there is something to hand on."""


async def emit(session: TenantSession, payload: Payload) -> UUID:
    """Have it told once `session` is committed; returns the id of the event."""
    happened = OutboxEvent(
        name=payload.NAME, subject=payload.subject, payload=payload.model_dump(mode="json")
    )
    session.add(happened)
    await session.flush()
    await nudge(session)
    return happened.id


async def nudge(session: TenantSession) -> None:
    """Have the relay look at this market once `session` is committed."""
    # Of the same words in one transaction Postgres passes one on.
    await session.scalar(
        text("select pg_notify(:channel, :market)"),
        {"channel": CHANNEL, "market": str(session.tenant_id)},
    )
