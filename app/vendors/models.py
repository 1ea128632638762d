"""Tables of quotes and shortlists."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Numeric, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table


class QuoteRequest(Tenanted, table=True):
    """What one provider was asked for, and what they answered; a row for each provider asked.

    `state` is `sent`, `answered`, `declined` or `expired`.
    """

    __tablename__ = "quote_request"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "quote_request",
        belongs_to("person_id", "person"),
        belongs_to("provider_id", "provider"),
        UniqueConstraint("tenant_id", "person_id", "key", "provider_id", name="quote_request_once"),
        Index("quote_request_by_provider", "tenant_id", "provider_id", "created_at"),
        Index("quote_request_by_person", "tenant_id", "person_id", "created_at"),
    )

    person_id: UUID
    provider_id: UUID
    key: str = Field(sa_type=Text)
    """Rows with one key were asked for at once; who asks again with it gets these rows."""
    digest: str = Field(sa_type=Text)
    """Of what was asked, so that another question under the same key is noticed."""
    services: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    """The listings it is about, as they were called then: `{"id": ..., "title": {...}}`."""
    message: str = Field(sa_type=Text)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    """`date`, `guests`, `place`, `budget`, `currency`: what is known of the event."""
    project_id: UUID | None = None
    """The person's project that it is for."""
    conversation_id: UUID | None = None
    """Where it was asked for, to say there what was answered."""
    locale: str = Field(sa_type=Text)
    state: str = Field(default="sent", sa_type=Text)
    amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))  # pyright: ignore[reportArgumentType]
    currency: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    """What the provider says about the price, or why they decline."""
    answered_by: UUID | None = None
    answered_at: datetime | None = None
    expires_at: datetime
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ShortlistEntry(Tenanted, table=True):
    """A listing that a person keeps in mind, for a project of theirs or for none."""

    __tablename__ = "shortlist_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "shortlist_entry",
        belongs_to("person_id", "person"),
        belongs_to("listing_id", "listing"),
        UniqueConstraint(
            "tenant_id",
            "person_id",
            "project_id",
            "listing_id",
            name="shortlist_entry_once",
            postgresql_nulls_not_distinct=True,
        ),
    )

    person_id: UUID
    listing_id: UUID
    project_id: UUID | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
