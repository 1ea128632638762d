"""What pages and agents read of the catalogue, as cards in the reader's language."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select

from app.catalogue.cards import (
    CategoryCount,
    ListingCard,
    ListingDetail,
    ListingPage,
    ProviderCard,
    card_of,
    category_path,
    provider_path,
)
from app.catalogue.models import Listing, Provider
from app.catalogue.pictures import look_of
from app.catalogue.taxonomy import Category, category
from app.database import TenantSession
from app.i18n import in_locale

PAGE_SIZE = 24


async def cards(session: TenantSession, ids: Sequence[UUID], locale: str) -> list[ListingCard]:
    """The cards of these listings, in the order asked; those that are gone are left out."""
    found = await session.exec(
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(col(Listing.id).in_(ids))
    )
    by_id = {listing.id: card_of(listing, provider, locale) for listing, provider in found}
    return [by_id[wanted] for wanted in ids if wanted in by_id]


async def prices(session: TenantSession, ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The prices of these listings as amount, currency and unit; those without are left out."""
    found = await session.exec(select(Listing).where(col(Listing.id).in_(ids)))
    return {
        listing.id: {
            "amount": str(listing.price_amount),
            "currency": listing.price_currency or "",
            "unit": listing.price_unit or "",
        }
        for listing in found
        if listing.price_amount is not None
    }


async def amounts(session: TenantSession, ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """The prices of these listings in their own currencies; those without are left out."""
    found = await session.exec(select(Listing).where(col(Listing.id).in_(ids)))
    return {
        listing.id: listing.price_amount for listing in found if listing.price_amount is not None
    }


async def cities(session: TenantSession) -> list[str]:
    """The cities that the market's listings are in, sorted."""
    found = await session.exec(
        select(Listing.city).where(col(Listing.city).is_not(None)).distinct()
    )
    return sorted(city for city in found if city)


async def descriptions(session: TenantSession, ids: Sequence[UUID], locale: str) -> dict[UUID, str]:
    """The whole descriptions of these listings, in the language of their cards."""
    found = await session.exec(select(Listing).where(col(Listing.id).in_(ids)))
    return {listing.id: in_locale(listing.description, locale) for listing in found}


async def listing_by_slug(session: TenantSession, slug: str, locale: str) -> ListingDetail | None:
    """The listing whose page has this slug, or None."""
    found = (
        await session.exec(
            select(Listing, Provider)
            .join(Provider, col(Provider.id) == col(Listing.provider_id))
            .where(Listing.slug == slug)
        )
    ).first()
    if found is None:
        return None
    listing, provider = found
    card = card_of(listing, provider, locale)
    kind = category(listing.category)
    return ListingDetail(
        card=card,
        description=in_locale(listing.description, card.text_locale),
        category_url=category_path(locale, kind.slug) if kind else "",
        amount=listing.price_amount,
        currency=listing.price_currency or "",
        lat=listing.lat,
        lon=listing.lon,
        radius_km=listing.radius_km,
        locales=[code for code in listing.title if listing.title[code]],
    )


async def listings_of_category(
    session: TenantSession,
    key: str,
    locale: str,
    *,
    page: int = 1,
    city: str = "",
    language: str = "",
) -> ListingPage:
    """One page of a category's listings, optionally of one city and in one spoken language."""
    wanted = [col(Listing.category) == key]
    if city:
        wanted.append(col(Listing.city) == city)
    if language:
        wanted.append(col(Listing.languages).contains([language]))
    total = (await session.exec(select(func.count()).select_from(Listing).where(*wanted))).one()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    found = await session.exec(
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(*wanted)
        .order_by(col(Listing.created_at).desc(), col(Listing.slug))
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    shown = [card_of(listing, provider, locale) for listing, provider in found]
    return ListingPage(cards=shown, total=total, number=number, pages=pages)


async def places_and_languages(
    session: TenantSession, key: str | None = None
) -> tuple[list[str], list[str]]:
    """The cities and the spoken languages of a category's listings, or of all, sorted."""
    of_key = [Listing.category == key] if key else []
    cities = await session.exec(
        select(Listing.city).where(col(Listing.city).is_not(None), *of_key).distinct()
    )
    spoken = await session.exec(select(func.unnest(Listing.languages)).where(*of_key).distinct())
    return sorted(city for city in cities if city), sorted(spoken)


async def counted_categories(session: TenantSession, locale: str) -> list[CategoryCount]:
    """The categories that the market has services in, those with the most services first."""
    found = await session.exec(
        select(Listing.category, func.count())
        .group_by(col(Listing.category))
        .order_by(func.count().desc(), col(Listing.category))
    )
    return [
        _counted(kind, listings, locale)
        for key, listings in found
        if (kind := category(key)) is not None
    ]


async def featured(session: TenantSession, locale: str, limit: int = 6) -> list[ListingCard]:
    """A few services of different categories, the same for everybody until it changes."""
    first = (
        select(Listing.id)
        .ext(distinct_on(col(Listing.category)))
        .order_by(col(Listing.category), func.md5(Listing.slug))
    )
    ids = await session.exec(
        select(Listing.id)
        .where(col(Listing.id).in_(first))
        .order_by(func.md5(Listing.external_id))
        .limit(limit)
    )
    return await cards(session, list(ids), locale)


async def similar(
    session: TenantSession, listing: ListingCard, limit: int = 4
) -> list[ListingCard]:
    """Other services of the same category, those of the same city first."""
    ids = await session.exec(
        select(Listing.id)
        .where(Listing.category == listing.category, Listing.slug != listing.slug)
        .order_by((col(Listing.city) == listing.city).desc(), func.md5(Listing.slug))
        .limit(limit)
    )
    return await cards(session, list(ids), listing.url.split("/")[1])


async def provider_by_slug(
    session: TenantSession, slug: str, locale: str
) -> tuple[ProviderCard, list[ListingCard]] | None:
    """A provider and their services, or None."""
    provider = (await session.exec(select(Provider).where(Provider.slug == slug))).first()
    if provider is None:
        return None
    found = await session.exec(
        select(Listing).where(Listing.provider_id == provider.id).order_by(Listing.slug)
    )
    shown = [card_of(listing, provider, locale) for listing in found]
    card = ProviderCard(
        id=str(provider.id),
        external_id=provider.external_id,
        slug=provider.slug,
        url=provider_path(locale, provider.slug),
        name=provider.name,
        listings=len(shown),
    )
    return card, shown


def _counted(kind: Category, listings: int, locale: str) -> CategoryCount:
    symbol, hue = look_of(kind.key)
    return CategoryCount(
        key=kind.key,
        slug=kind.slug,
        url=category_path(locale, kind.slug),
        name=kind.name_in(locale),
        icon=kind.icon,
        listings=listings,
        symbol=symbol,
        hue=hue,
    )
