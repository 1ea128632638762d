"""Providers as a program reads them: by their ids, with what they offer."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from app.catalogue import reading
from app.catalogue.cards import ListingCard, ProviderCard
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import on_show
from app.database import TenantSession
from app.errors import NotFound


async def vendor(
    session: TenantSession, provider_id: UUID, locale: str
) -> tuple[ProviderCard, list[ListingCard]]:
    """A provider and their services on show; raises `NotFound`."""
    slug = await session.scalar(select(Provider.slug).where(Provider.id == provider_id))
    found = await reading.provider_by_slug(session, slug, locale) if slug else None
    if found is None:
        raise NotFound("There is no such provider.")
    return found


async def offered_by(session: TenantSession, listing_ids: Sequence[UUID]) -> dict[str, str]:
    """The ids of those who offer these listings, by the listings' ids."""
    query = select(Listing.id, Listing.provider_id).where(col(Listing.id).in_(listing_ids))
    return {str(listing): str(provider) for listing, provider in await session.exec(query)}


async def listings_named(session: TenantSession, external_ids: Sequence[str]) -> list[UUID]:
    """The ids of the listings on show with these external ids, in their order."""
    query = select(Listing.external_id, Listing.id).where(
        col(Listing.external_id).in_(external_ids), on_show()
    )
    by_name = dict((await session.exec(query)).all())
    return [by_name[name] for name in dict.fromkeys(external_ids) if name in by_name]
