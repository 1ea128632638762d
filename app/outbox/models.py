"""Tables of what happened, and of who has taken it in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table

WAITING = "done_at is null and parked_at is null"


class OutboxEvent(Tenanted, table=True):
    """Something that happened, written in the transaction in which it did.

    `position` numbers them; of what happens to one subject it tells the order, because whoever
    changes a subject holds its row. `delivered_at` says when the relay handed it on.
    """

    __tablename__ = "outbox_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "outbox_event",
        Index(
            "outbox_event_waiting",
            "tenant_id",
            "position",
            postgresql_where="delivered_at is null and parked_at is null",
        ),
        Index(
            "outbox_event_parked",
            "tenant_id",
            "position",
            postgresql_where="parked_at is not null",
        ),
        Index("outbox_event_by_age", "tenant_id", "created_at"),
    )

    position: int = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False)
    )
    name: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    """What it happened to, as `conversation/ID`."""
    payload: dict[str, Any] = Field(sa_column=json_column())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    delivered_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    parked_at: datetime | None = None
    problem: str = Field(default="", sa_type=Text)
    """Why it is parked, or why the last attempt failed; for the operator, not translated."""


class EventConsumption(Tenanted, table=True):
    """That a consumer shall take an event in, or has: once, whatever is delivered twice."""

    __tablename__ = "event_consumption"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "event_consumption",
        belongs_to("event_id", "outbox_event"),
        UniqueConstraint("tenant_id", "consumer", "event_id", name="event_consumption_once"),
        Index(
            "event_consumption_waiting",
            "tenant_id",
            "consumer",
            "subject",
            "position",
            postgresql_where=WAITING,
        ),
        Index("event_consumption_by_event", "tenant_id", "event_id"),
        Index(
            "event_consumption_parked",
            "tenant_id",
            "position",
            postgresql_where="parked_at is not null",
        ),
    )

    event_id: UUID
    consumer: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    position: int = Field(sa_type=BigInteger)
    attempts: int = 0
    next_try_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    done_at: datetime | None = None
    parked_at: datetime | None = None
    problem: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
