"""Tables of the catalogue."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table, text_array


class Provider(Tenanted, table=True):
    """Someone who offers services in a market."""

    __table_args__ = tenant_table(
        "provider",
        UniqueConstraint("tenant_id", "external_id", name="provider_external"),
        UniqueConstraint("tenant_id", "slug", name="provider_slug"),
    )

    external_id: str = Field(sa_type=Text)
    slug: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Listing(Tenanted, table=True):
    """One service of one provider; title and description are `{locale: text}`."""

    __table_args__ = tenant_table(
        "listing",
        belongs_to("provider_id", "provider"),
        UniqueConstraint("tenant_id", "external_id", name="listing_external"),
        UniqueConstraint("tenant_id", "slug", name="listing_slug"),
        Index("listing_by_category", "tenant_id", "category"),
        Index("listing_by_provider", "tenant_id", "provider_id"),
    )

    external_id: str = Field(sa_type=Text)
    slug: str = Field(sa_type=Text)
    provider_id: UUID
    category: str = Field(sa_type=Text)
    title: dict[str, str] = Field(sa_column=json_column())
    description: dict[str, str] = Field(sa_column=json_column())
    price_amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))  # pyright: ignore[reportArgumentType]
    price_currency: str | None = Field(default=None, sa_type=Text)
    price_unit: str | None = Field(default=None, sa_type=Text)
    city: str | None = Field(default=None, sa_type=Text)
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    languages: list[str] = Field(sa_column=text_array())
    tags: list[str] = Field(sa_column=text_array())
    photo: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
