"""What has a page of its own, for sitemaps: counts, and stretches in a stable order."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.catalogue.choices import choices
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import on_show, showing
from app.catalogue.taxonomy import category
from app.database import TenantSession

Addressed = tuple[str, datetime]
"""A slug, and when what it names was changed."""


async def listing_count(session: TenantSession) -> int:
    """How many listings of the market are on show."""
    return (await session.exec(select(func.count()).select_from(Listing).where(on_show()))).one()


async def listing_slugs(session: TenantSession, offset: int, limit: int) -> list[Addressed]:
    """A stretch of the market's listings on show."""
    found = await session.exec(
        select(Listing.slug, Listing.updated_at)
        .where(on_show())
        .order_by(col(Listing.slug))
        .offset(offset)
        .limit(limit)
    )
    return [(slug, changed) for slug, changed in found]


async def provider_count(session: TenantSession) -> int:
    """How many providers of the market have a page."""
    return (await session.exec(select(func.count()).select_from(Provider).where(showing()))).one()


async def provider_slugs(session: TenantSession, offset: int, limit: int) -> list[Addressed]:
    """A stretch of the market's providers who have a page."""
    found = await session.exec(
        select(Provider.slug, Provider.updated_at)
        .where(showing())
        .order_by(col(Provider.slug))
        .offset(offset)
        .limit(limit)
    )
    return [(slug, changed) for slug, changed in found]


async def category_slugs(session: TenantSession) -> list[Addressed]:
    """Every category shown that has services, with the last change of one of them."""
    found = await session.exec(
        select(Listing.category, func.max(Listing.updated_at))
        .where(on_show())
        .group_by(col(Listing.category))
        .order_by(col(Listing.category))
    )
    decided = await choices(session)
    return [
        (kind.slug, changed)
        for key, changed in found
        if (kind := category(key)) and not decided.hidden(key)
    ]
