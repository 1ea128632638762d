"""Tables of people and their sign-ins."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table, text_array


class Person(Tenanted, table=True):
    """A member of one market. The same e-mail in two markets is two people."""

    __table_args__ = tenant_table(
        "person", UniqueConstraint("tenant_id", "email", name="person_email")
    )

    email: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    password_hash: str | None = Field(default=None, sa_type=Text, repr=False)
    """None for people who sign in by other means only."""
    locale: str = Field(sa_type=Text)
    email_verified_at: datetime | None = None
    suspended_at: datetime | None = None
    """Set by the market's staff: such a person cannot sign in."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class SignIn(Tenanted, table=True):
    """One signed-in browser, or one client of the API.

    Only a hash of its token is kept, so a stolen table opens nothing; a client's is that of its
    newest refresh token.
    """

    __tablename__ = "sign_in"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "sign_in",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "token_hash", name="sign_in_token"),
    )

    person_id: UUID
    token_hash: bytes = Field(sa_type=LargeBinary, repr=False)
    former_token_hash: bytes | None = Field(default=None, sa_type=LargeBinary, repr=False)
    """Of the refresh token before the newest, which was used up at `refreshed_at`."""
    refreshed_at: datetime | None = None
    via: str = Field(default="browser", sa_type=Text)
    """`browser` or `api`."""
    user_agent: str = Field(default="", sa_type=Text)
    address: str = Field(default="", sa_type=Text)
    factors: list[str] = Field(default_factory=list, sa_column=text_array())
    """How it was proved who signs in: see `app.accounts.actors.Member.factors`."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    seen_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires_at: datetime
    revoked_at: datetime | None = None


class RoleGrant(Tenanted, table=True):
    """A role that a person has beyond that of a member."""

    __tablename__ = "role_grant"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "role_grant",
        belongs_to("person_id", "person"),
        belongs_to("provider_id", "provider"),
        UniqueConstraint(
            "tenant_id",
            "person_id",
            "role",
            "provider_id",
            name="role_grant_once",
            postgresql_nulls_not_distinct=True,
        ),
    )

    person_id: UUID
    role: str = Field(sa_type=Text)
    provider_id: UUID | None = None
    """The provider in whose name someone with the role `provider` acts."""
    given_by: UUID | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Ticket(Tenanted, table=True):
    """A secret sent by mail that opens one thing once: an address, a password, an invitation.

    Only a hash is kept. `told` holds what the purpose needs.
    """

    __table_args__ = tenant_table(
        "ticket",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "token_hash", name="ticket_token"),
    )

    purpose: str = Field(sa_type=Text)
    person_id: UUID | None = None
    email: str = Field(sa_type=Text)
    token_hash: bytes = Field(sa_type=LargeBinary, repr=False)
    told: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    made_by: UUID | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
