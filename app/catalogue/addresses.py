"""What has a page of its own, for sitemaps and for what is counted of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Text, and_, func, or_
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.catalogue.browsing import Facet, pages_of_places
from app.catalogue.choices import choices
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import ListingState, ProviderState, on_show, showing
from app.catalogue.taxonomy import category
from app.database import TenantSession
from app.texts import locales_in


def listing_addresses(locales: Sequence[str]) -> Select[UUID, str, datetime, list[str]]:
    """The listings on show: `id`, `slug`, `updated_at`, and the `locales` each is written in."""
    return select(
        Listing.id,
        Listing.slug,
        Listing.updated_at,
        locales_in(locales, col(Listing.title), col(Listing.description)).label("locales"),
    ).where(on_show())


def gone_addresses(locales: Sequence[str]) -> Select[UUID, str, datetime, list[str]]:
    """The listings that were taken off the pages, as `listing_addresses` tells of those on show."""
    hidden = select(Provider.id).where(Provider.state == ProviderState.HIDDEN)
    published = col(Listing.state) == ListingState.PUBLISHED
    return select(
        Listing.id,
        Listing.slug,
        Listing.updated_at,
        locales_in(locales, col(Listing.title), col(Listing.description)).label("locales"),
    ).where(
        or_(
            col(Listing.state) == ListingState.HIDDEN,
            and_(published, col(Listing.provider_id).in_(hidden)),
        )
    )


def provider_addresses(locales: Sequence[str]) -> Select[UUID, str, datetime, list[str]]:
    """The providers who have a page, as `listing_addresses` tells of listings.

    The page shows what they offer, so it changed with that. One who says nothing about themselves
    has a page in every language.
    """
    # Without one that was hidden the page is another, too.
    seen = col(Listing.state).in_([ListingState.PUBLISHED, ListingState.HIDDEN])
    offered: ColumnElement[datetime] = (
        select(func.max(Listing.updated_at))
        .where(and_(col(Listing.provider_id) == col(Provider.id), seen))
        .scalar_subquery()
    )
    every = array(locales, type_=Text())
    nothing = array([], type_=Text())
    spoken = func.coalesce(
        func.nullif(locales_in(locales, col(Provider.about)), nothing), every, type_=ARRAY(Text)
    )
    return select(
        Provider.id,
        Provider.slug,
        func.greatest(Provider.updated_at, offered, type_=DateTime()).label("updated_at"),
        spoken.label("locales"),
    ).where(showing())


async def provider_count(session: TenantSession) -> int:
    """How many providers of the market have a page."""
    return (await session.exec(select(func.count()).select_from(Provider).where(showing()))).one()


async def category_slugs(session: TenantSession) -> list[tuple[str, datetime]]:
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


async def place_slugs(session: TenantSession) -> list[tuple[str, str, datetime]]:
    """Every page of a category in a place: both slugs, and the last change of a listing there."""
    found = await session.exec(
        select(Listing.category, Listing.city, func.count(), func.max(Listing.updated_at))
        .where(col(Listing.city).is_not(None), on_show())
        .group_by(col(Listing.category), col(Listing.city))
        .order_by(col(Listing.category), func.count().desc(), col(Listing.city))
    )
    places: dict[str, list[Facet]] = {}
    changed: dict[tuple[str, str], datetime] = {}
    for key, city, listings, last in found:
        if city:
            places.setdefault(key, []).append(Facet(city, city, listings))
            changed[key, city] = last
    decided = await choices(session)
    return [
        (kind.slug, slug, changed[key, place.value])
        for key, all_places in places.items()
        if (kind := category(key)) and not decided.hidden(key)
        for slug, place in pages_of_places(all_places).items()
    ]
