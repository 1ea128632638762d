"""Tables of markets. A market is the tenant itself, so its id is its tenant id."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from app.database import TENANT_TABLES, json_column, text_array

TENANT_TABLES.update({"market", "market_host"})


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
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class MarketHost(SQLModel, table=True):
    """A host name that opens a market; unique over the whole platform."""

    __tablename__ = "market_host"  # pyright: ignore[reportAssignmentType]

    host: str = Field(sa_column=Column(Text, primary_key=True))
    tenant_id: UUID = Field(foreign_key="market.tenant_id", ondelete="CASCADE", index=True)
    main: bool = Field(default=False)
