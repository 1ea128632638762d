"""Tables of sign-in ways: what a market configured, and who its people are elsewhere."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table
from app.sealing import Sealed


class SignInWay(Tenanted, table=True):
    """A provider by which people of a market may sign in; `kind` names its preset."""

    __tablename__ = "sign_in_way"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table("sign_in_way")

    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    """What its button says."""
    issuer: str = Field(sa_type=Text)
    client_id: str = Field(sa_type=Text)
    secret: str = Field(default="", sa_type=Sealed, repr=False)
    """The client's secret, or the private key that it is made with; empty for public clients."""
    details: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    """What a preset needs besides: Apple's team and key."""
    enabled: bool = False
    position: int = 0
    version: int = 1
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Identity(Tenanted, table=True):
    """Who a person is for a provider: the pair of issuer and subject never changes hands there."""

    __table_args__ = tenant_table(
        "identity",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "issuer", "subject", name="identity_once"),
    )

    person_id: UUID
    issuer: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    name: str = Field(default="", sa_type=Text)
    """What the way was called when it was linked."""
    email: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    used_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
