"""Tables of conversations."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table


class Conversation(Tenanted, table=True):
    """A talk between a person (or an anonymous visitor) and the market.

    `last_seq` is the number of the newest event. A conversation without a person can be opened
    by whoever holds its id, which is random and never listed.
    """

    __table_args__ = tenant_table(
        "conversation",
        belongs_to("person_id", "person"),
        Index("conversation_by_person", "tenant_id", "person_id", "updated_at"),
    )

    person_id: UUID | None = None
    locale: str = Field(sa_type=Text)
    title: str = Field(default="", sa_type=Text)
    last_seq: int = 0
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ConversationEvent(Tenanted, table=True):
    """One entry of the log: a message, a route, a stop. Never changed once written."""

    __tablename__ = "conversation_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "conversation_event",
        belongs_to("conversation_id", "conversation"),
        UniqueConstraint("tenant_id", "conversation_id", "seq", name="conversation_event_seq"),
    )

    conversation_id: UUID
    seq: int
    kind: str = Field(sa_type=Text)
    payload: dict[str, Any] = Field(sa_column=json_column())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
