"""The table of the keys that sign tokens."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, json_column, tenant_table
from app.sealing import Sealed


class SigningKey(Tenanted, table=True):
    """A key pair of a market, as JWKs. The private half is sealed and leaves the server never."""

    __tablename__ = "signing_key"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "signing_key", UniqueConstraint("tenant_id", "kid", name="signing_key_kid")
    )

    kid: str = Field(sa_type=Text)
    public: dict[str, Any] = Field(sa_column=json_column())
    private: str = Field(sa_type=Sealed, repr=False)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    retired_at: datetime | None = None
    """Since when another key signs; what this one signed is good until it is over."""
