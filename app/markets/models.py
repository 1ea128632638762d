"""Tables of markets. A market is the tenant itself, so its id is its tenant id."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database import TENANT_TABLES, Tenanted, json_column, tenant_table, text_array

TENANT_TABLES.update({"market", "market_host"})

PLATFORM_KEY = "platform"
"""The platform's own key, which no market can have."""


class Market(SQLModel, table=True):
    """A tenant. Names and taglines are `{locale: text}`; `brand` holds colours."""

    tenant_id: UUID = Field(primary_key=True)
    key: str = Field(unique=True, sa_type=Text)
    name: dict[str, str] = Field(sa_column=json_column())
    tagline: dict[str, str] = Field(sa_column=json_column())
    locales: list[str] = Field(sa_column=text_array())
    default_locale: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    timezone: str = Field(sa_type=Text)
    brand: dict[str, Any] = Field(sa_column=json_column())
    kind: str = Field(default="market", sa_type=Text)
    """`market`, or `platform` for the one tenant whose members run the platform."""
    state: str = Field(default="open", sa_type=Text)
    """`open`, `suspended`, or `closing` from when its erasure was asked for."""
    switched_off: list[str] = Field(default_factory=list, sa_column=text_array())
    """Modules that the market does without; see `app.markets.modules`."""
    policy: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    """What the market asks of people and how long it keeps things; see `app.markets.policy`."""
    quotas: dict[str, int] = Field(default_factory=dict, sa_column=json_column())
    """What the platform allows the market; see `app.markets.quotas`."""
    wording: dict[str, dict[str, str]] = Field(default_factory=dict, sa_column=json_column())
    """The market's own words for the program's: `{locale: {message id: text}}`."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    erase_at: datetime | None = None
    suspended_because: str = Field(
        default="", sa_column=Column(Text, server_default="", nullable=False)
    )
    """What its staff is told; visitors are not."""
    """When a market that is being closed will be erased; until then it can be kept."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class MarketHost(SQLModel, table=True):
    """A host name that opens a market; unique over the whole platform."""

    __tablename__ = "market_host"  # pyright: ignore[reportAssignmentType]

    host: str = Field(sa_column=Column(Text, primary_key=True))
    tenant_id: UUID = Field(foreign_key="market.tenant_id", ondelete="CASCADE", index=True)
    main: bool = Field(default=False)
    proof: str = Field(default="", sa_type=Text)
    """What a TXT record of the market's own domain must say."""
    verified_at: datetime | None = None
    """When the record was found; a host of the platform's own needs no proof."""


class HostClaim(Tenanted, table=True):
    """A domain that a market says is its own, until a TXT record shows it.

    Kept apart from `MarketHost`, so that claiming a name keeps it from nobody.
    """

    __tablename__ = "host_claim"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "host_claim", UniqueConstraint("tenant_id", "host", name="host_claim_host")
    )

    host: str = Field(sa_type=Text)
    proof: str = Field(sa_type=Text)
    """What the TXT record must say; it is shown to the world, so it is no secret."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
