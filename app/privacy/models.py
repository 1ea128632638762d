"""The table of consents; the app role may add to it and read it."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table


class Consent(Tenanted, table=True):
    """That a person agreed to something, or took it back; the newest of a kind holds."""

    __table_args__ = tenant_table(
        "consent",
        belongs_to("person_id", "person"),
        Index("consent_by_person", "tenant_id", "person_id", "kind", "created_at"),
    )

    person_id: UUID
    kind: str = Field(sa_type=Text)
    """What to: see `app.privacy.consents`."""
    given: bool
    text_version: str = Field(default="", sa_type=Text)
    """Which wording they were shown."""
    address: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
