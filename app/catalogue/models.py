"""Tables of the catalogue."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Integer, LargeBinary, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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
    about: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    state: str = Field(default="published", sa_type=Text)
    """`published` or `hidden`."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class CategoryChoice(Tenanted, table=True):
    """What a market makes of a category of the taxonomy: its own name, its place, or nothing."""

    __tablename__ = "category_choice"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "category_choice",
        UniqueConstraint("tenant_id", "category", name="category_choice_once"),
    )

    category: str = Field(sa_type=Text)
    hidden: bool = False
    names: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    """`{locale: name}`; other languages keep the taxonomy's."""
    position: int | None = None
    """Counts from 1; those without come after, the most used first."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Upload(Tenanted, table=True):
    """A file of rows that staff wants to load: kept until it was, and a week at most."""

    __table_args__ = tenant_table("upload", Index("upload_by_time", "tenant_id", "created_at"))

    kind: str = Field(sa_type=Text)
    """`listing`, `article` or `mention`."""
    name: str = Field(sa_type=Text)
    content: bytes = Field(sa_type=LargeBinary, repr=False)
    made_by: UUID | None = None
    made_by_name: str = Field(default="", sa_type=Text)
    checked_by: UUID | None = None
    """The job that read it through."""
    loaded_by: UUID | None = None
    """The job that loads it."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Listing(Tenanted, table=True):
    """One service of one provider; title and description are `{locale: text}`.

    `city` is what filters compare; `city_names` says, as `{locale: name}`, what readers call it.
    """

    __table_args__ = tenant_table(
        "listing",
        belongs_to("provider_id", "provider"),
        UniqueConstraint("tenant_id", "external_id", name="listing_external"),
        UniqueConstraint("tenant_id", "slug", name="listing_slug"),
        Index("listing_by_category", "tenant_id", "category"),
        Index("listing_by_provider", "tenant_id", "provider_id"),
        Index("listing_by_state", "tenant_id", "state", "updated_at"),
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
    city_names: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    languages: list[str] = Field(sa_column=text_array())
    tags: list[str] = Field(sa_column=text_array())
    photo: str | None = Field(default=None, sa_type=Text)
    cover: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    """What `app.catalogue.photos.showing.cover_of` keeps of the first photo; empty without one."""
    photo_sources: list[dict[str, Any]] = Field(
        default_factory=list[dict[str, Any]],
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'")),
    )
    """The photos that the file names which it was loaded from, as `{url, alt}` in their order."""
    stars: list[int] = Field(
        default_factory=lambda: [0, 0, 0, 0, 0],
        sa_column=Column(ARRAY(Integer), nullable=False, server_default=text("'{0,0,0,0,0}'")),
    )
    """How many reviews gave it one star, two, and so on; `app.reviews.counting` writes it."""
    state: str = Field(default="published", sa_type=Text)
    """`draft`, `waiting` (for moderation), `published`, `hidden` or `refused`."""
    state_reason: str = Field(default="", sa_type=Text)
    """What the market's staff told the provider about it."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ListingPhoto(Tenanted, table=True):
    """A photo of a listing; its pictures are files that its id names."""

    __tablename__ = "listing_photo"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "listing_photo",
        belongs_to("listing_id", "listing"),
        Index("photo_of_listing", "tenant_id", "listing_id"),
    )

    listing_id: UUID
    position: int
    """Counts from 0; the first is the cover."""
    width: int
    height: int
    """Of the largest picture, in pixels."""
    bytes: int
    """Of all pictures together."""
    tint: str = Field(sa_type=Text)
    """Colours from the top to the bottom, with commas between them."""
    alt: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    """What it shows, as `{locale: text}`."""
    source: str | None = Field(default=None, sa_type=Text)
    """The address that it was fetched from; None where somebody sent it."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
