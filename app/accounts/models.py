"""Tables of people and their sign-ins."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table


class Person(Tenanted, table=True):
    """A member of one market. The same e-mail in two markets is two people."""

    __table_args__ = tenant_table(
        "person", UniqueConstraint("tenant_id", "email", name="person_email")
    )

    email: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    password_hash: str = Field(sa_type=Text, repr=False)
    locale: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class SignIn(Tenanted, table=True):
    """One signed-in browser. Only a hash of its token is kept, so a stolen table opens nothing."""

    __tablename__ = "sign_in"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "sign_in",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "token_hash", name="sign_in_token"),
    )

    person_id: UUID
    token_hash: bytes = Field(sa_type=LargeBinary, repr=False)
    user_agent: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    seen_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires_at: datetime
    revoked_at: datetime | None = None
