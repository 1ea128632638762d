"""Tables of factors."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table, text_array
from app.sealing import Sealed


class Passkey(Tenanted, table=True):
    """A key pair of a person's device, of which the public half is kept."""

    __table_args__ = tenant_table(
        "passkey",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "credential_id", name="passkey_once"),
    )

    person_id: UUID
    credential_id: bytes = Field(sa_type=LargeBinary)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str = Field(default="", sa_type=Text)
    transports: list[str] = Field(default_factory=list, sa_column=text_array())
    backed_up: bool = False
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    used_at: datetime | None = None


class Authenticator(Tenanted, table=True):
    """The secret that a person's app makes codes with (TOTP); one for each person."""

    __table_args__ = tenant_table(
        "authenticator",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "person_id", name="authenticator_once"),
    )

    person_id: UUID
    secret: str = Field(sa_type=Sealed, repr=False)
    last_step: int = Field(default=0, sa_type=BigInteger)
    """The time step of the last code that was taken: none at or before it is taken again."""
    confirmed_at: datetime | None = None
    """Set once a code was given; before, it asks for nothing at sign-in."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class RecoveryCode(Tenanted, table=True):
    """A code for who lost their device; good once, and only its hash is kept."""

    __tablename__ = "recovery_code"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "recovery_code",
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "person_id", "code_hash", name="recovery_code_once"),
    )

    person_id: UUID
    code_hash: bytes = Field(sa_type=LargeBinary, repr=False)
    used_at: datetime | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
