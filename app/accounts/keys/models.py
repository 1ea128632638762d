"""The table of API keys."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, tenant_table, text_array


class ApiKey(Tenanted, table=True):
    """A key by which a program acts. Only a hash of its secret is kept."""

    __tablename__ = "api_key"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "api_key", UniqueConstraint("tenant_id", "prefix", name="api_key_prefix")
    )

    name: str = Field(sa_type=Text)
    prefix: str = Field(sa_type=Text)
    """The part that may be shown, by which people tell keys apart."""
    secret_hash: bytes = Field(sa_type=LargeBinary, repr=False)
    scopes: list[str] = Field(sa_column=text_array())
    made_by: UUID | None = None
    """Whose deed it was; the audit log knows their name."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None
