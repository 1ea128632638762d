"""What has a page of its own, for sitemaps: counts, and stretches in a stable order."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.catalogue.models import Listing, Provider
from app.catalogue.taxonomy import category
from app.database import TenantSession

Addressed = tuple[str, datetime]
"""A slug, and when what it names was changed."""


async def listing_count(session: TenantSession) -> int:
    """How many listings the market has."""
    return (await session.exec(select(func.count()).select_from(Listing))).one()


async def listing_slugs(session: TenantSession, offset: int, limit: int) -> list[Addressed]:
    """A stretch of the market's listings."""
    found = await session.exec(
        select(Listing.slug, Listing.updated_at)
        .order_by(col(Listing.slug))
        .offset(offset)
        .limit(limit)
    )
    return [(slug, changed) for slug, changed in found]


async def provider_count(session: TenantSession) -> int:
    """How many providers the market has."""
    return (await session.exec(select(func.count()).select_from(Provider))).one()


async def provider_slugs(session: TenantSession, offset: int, limit: int) -> list[Addressed]:
    """A stretch of the market's providers."""
    found = await session.exec(
        select(Provider.slug, Provider.updated_at)
        .order_by(col(Provider.slug))
        .offset(offset)
        .limit(limit)
    )
    return [(slug, changed) for slug, changed in found]


async def category_slugs(session: TenantSession) -> list[Addressed]:
    """Every category that has services, with the last change of one of them."""
    found = await session.exec(
        select(Listing.category, func.max(Listing.updated_at))
        .group_by(col(Listing.category))
        .order_by(col(Listing.category))
    )
    return [(kind.slug, changed) for key, changed in found if (kind := category(key))]
