"""What pages and agents read of the catalogue, as cards in the reader's language."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select

from app.catalogue.cards import (
    CategoryCount,
    ListingCard,
    ListingDetail,
    ProviderCard,
    card_of,
    category_path,
    provider_path,
)
from app.catalogue.choices import Choices, choices
from app.catalogue.models import CategoryChoice, Listing, Provider
from app.catalogue.photos.showing import photos_of, shown_photo
from app.catalogue.pictures import look_of
from app.catalogue.publishing import on_show
from app.catalogue.ratings import rating_of, rating_of_all
from app.catalogue.taxonomy import Category, category
from app.database import TenantSession
from app.i18n import in_locale
from app.texts import locales_of

# The page of a listing is made most often of all, so its questions are written once.
_SLUG: BindParameter[str] = bindparam("slug")
_BY_SLUG = (
    select(Listing, Provider, CategoryChoice)
    .join(Provider, col(Provider.id) == col(Listing.provider_id))
    .outerjoin(CategoryChoice, col(CategoryChoice.category) == col(Listing.category))
    .where(Listing.slug == _SLUG, on_show())
)
_SIMILAR = (
    select(Listing, Provider)
    .join(Provider, col(Provider.id) == col(Listing.provider_id))
    .where(Listing.category == bindparam("category"), Listing.slug != _SLUG, on_show())
    .order_by(
        # A card names the city in its reader's language, which is not what it is compared by.
        col(Listing.city)
        .is_not_distinct_from(select(Listing.city).where(Listing.slug == _SLUG).scalar_subquery())
        .desc(),
        func.md5(Listing.slug),
    )
    .limit(bindparam("limit"))
)


async def cards(session: TenantSession, ids: Sequence[UUID], locale: str) -> list[ListingCard]:
    """The cards of these listings, in the order asked; those not on show are left out."""
    return [card for card, _ in await found_listings(session, ids, locale)]


async def priced_cards(
    session: TenantSession, ids: Sequence[UUID], locale: str
) -> list[tuple[ListingCard, dict[str, str] | None]]:
    """Cards as `cards` gives them, each with its price as amount, currency and unit, if any."""
    return [
        (card, price_of(listing)) for card, listing in await found_listings(session, ids, locale)
    ]


async def found_listings(
    session: TenantSession, ids: Sequence[UUID], locale: str
) -> list[tuple[ListingCard, Listing]]:
    """Cards as `cards` gives them, each with its listing."""
    found = await session.exec(
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(col(Listing.id).in_(ids), on_show())
    )
    decided = await choices(session)
    by_id = {
        listing.id: (
            card_of(listing, provider, locale, decided.name(listing.category, locale)),
            listing,
        )
        for listing, provider in found
    }
    return [by_id[wanted] for wanted in ids if wanted in by_id]


def price_of(listing: Listing) -> dict[str, str] | None:
    """What a listing costs as amount, currency and unit; None where it does not say."""
    if listing.price_amount is None:
        return None
    return {
        "amount": str(listing.price_amount),
        "currency": listing.price_currency or "",
        "unit": listing.price_unit or "",
    }


async def prices(session: TenantSession, ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The prices of these listings as amount, currency and unit; those without are left out."""
    found = await session.exec(select(Listing).where(col(Listing.id).in_(ids), on_show()))
    return {listing.id: price for listing in found if (price := price_of(listing)) is not None}


async def amounts(session: TenantSession, ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """The prices of these listings in their own currencies; those without are left out."""
    found = await session.exec(select(Listing).where(col(Listing.id).in_(ids), on_show()))
    return {
        listing.id: listing.price_amount for listing in found if listing.price_amount is not None
    }


async def cities(session: TenantSession) -> dict[str, str]:
    """The cities that the market's listings are in, by each of their names in any language."""
    named = await _named_cities(session)
    return {name: city for city, names in sorted(named.items()) for name in (city, *names.values())}


async def descriptions(session: TenantSession, ids: Sequence[UUID], locale: str) -> dict[UUID, str]:
    """The whole descriptions of these listings, in the language of their cards."""
    found = await session.exec(select(Listing).where(col(Listing.id).in_(ids), on_show()))
    return {listing.id: in_locale(listing.description, locale) for listing in found}


async def listing_by_slug(session: TenantSession, slug: str, locale: str) -> ListingDetail | None:
    """The listing on show whose page has this slug, or None."""
    found = (await session.exec(_BY_SLUG, params={"slug": slug})).first()
    if found is None:
        return None
    listing, provider, choice = found
    decided = Choices({choice.category: choice} if choice else {})
    return await detail_of(session, listing, provider, locale, decided)


async def detail_of(
    session: TenantSession, listing: Listing, provider: Provider, locale: str, decided: Choices
) -> ListingDetail:
    """A listing as its page shows it, in whatever state it is."""
    card = card_of(listing, provider, locale, decided.name(listing.category, locale))
    kind = category(listing.category) if not decided.hidden(listing.category) else None
    return ListingDetail(
        card=card,
        description=in_locale(listing.description, card.text_locale),
        category_url=category_path(locale, kind.slug) if kind else "",
        amount=listing.price_amount,
        currency=listing.price_currency or "",
        lat=listing.lat,
        lon=listing.lon,
        radius_km=listing.radius_km,
        locales=locales_of(listing.title, listing.description),
        # Most listings have none, and their pages are spared the question.
        photos=[shown_photo(photo, locale) for photo in await photos_of(session, listing.id)]
        if listing.cover
        else [],
        rating=rating_of(listing),
    )


async def places_and_languages(
    session: TenantSession, locale: str, key: str | None = None
) -> tuple[dict[str, str], list[str]]:
    """The cities and the spoken languages of a category's listings, or of all, sorted.

    Cities come with the name that readers of `locale` know them by.
    """
    named = await _named_cities(session, key)
    spoken = await session.exec(
        select(func.unnest(Listing.languages)).where(*_of_key(key), on_show()).distinct()
    )
    called = {city: names.get(locale, city) for city, names in named.items()}
    return dict(sorted(called.items(), key=lambda each: each[1])), sorted(spoken)


async def used_in_any_state(session: TenantSession) -> tuple[set[str], list[str]]:
    """The categories and the spoken languages of all listings, shown or not, for staff."""
    kinds = await session.exec(select(Listing.category).distinct())
    spoken = await session.exec(select(func.unnest(Listing.languages)).distinct())
    return set(kinds), sorted(spoken)


async def known_city(session: TenantSession, name: str) -> str:
    """The city as filters compare it, by what anyone calls it in any of the market's languages.

    A name that no shown listing has is returned as it came, and so finds nothing.
    """
    called = name.strip().casefold()
    for city, names in (await _named_cities(session)).items():
        if called in {city.casefold(), *(one.casefold() for one in names.values())}:
            return city
    return name


async def _named_cities(
    session: TenantSession, key: str | None = None
) -> dict[str, dict[str, str]]:
    found = await session.exec(
        select(Listing.city, col(Listing.city_names))
        .where(col(Listing.city).is_not(None), *_of_key(key), on_show())
        .distinct()
    )
    named: dict[str, dict[str, str]] = {}
    for city, names in found:
        if city:
            named.setdefault(city, {}).update(names)
    return named


def _of_key(key: str | None) -> list[ColumnElement[bool]]:
    return [col(Listing.category) == key] if key else []


async def counted_categories(session: TenantSession, locale: str) -> list[CategoryCount]:
    """The categories that the market shows and has services in.

    Those that it gave a place come first, then those with the most services.
    """
    found = await session.exec(
        select(Listing.category, func.count())
        .where(on_show())
        .group_by(col(Listing.category))
        .order_by(func.count().desc(), col(Listing.category))
    )
    decided = await choices(session)
    counted = [
        _counted(kind, decided.name(key, locale), listings, locale)
        for key, listings in found
        if (kind := category(key)) is not None and not decided.hidden(key)
    ]
    return sorted(counted, key=lambda one: decided.place(one.key))


async def category_name(session: TenantSession, key: str, locale: str) -> str | None:
    """What the market calls a category; None for one that it does not show."""
    decided = await choices(session)
    return None if decided.hidden(key) else decided.name(key, locale)


async def featured(session: TenantSession, locale: str, limit: int = 6) -> list[ListingCard]:
    """A few services of different categories, the same for everybody until it changes."""
    first = (
        select(Listing.id)
        .ext(distinct_on(col(Listing.category)))
        .where(on_show())
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
    wanted = {"category": listing.category, "slug": listing.slug, "limit": limit}
    found = await session.exec(_SIMILAR, params=wanted)
    locale = listing.url.split("/")[1]
    return [card_of(other, provider, locale, listing.category_name) for other, provider in found]


async def provider_by_slug(
    session: TenantSession, slug: str, locale: str
) -> tuple[ProviderCard, list[ListingCard]] | None:
    """A provider and their services; None for one who has nothing on show."""
    provider = (await session.exec(select(Provider).where(Provider.slug == slug))).first()
    if provider is None:
        return None
    listed = select(Listing).where(Listing.provider_id == provider.id, on_show())
    found = (await session.exec(listed.order_by(Listing.slug))).all()
    decided = await choices(session)
    shown = [
        card_of(listing, provider, locale, decided.name(listing.category, locale))
        for listing in found
    ]
    if not shown:
        return None
    rating = rating_of_all(listing.stars for listing in found)
    card = ProviderCard(
        id=str(provider.id),
        external_id=provider.external_id,
        slug=provider.slug,
        url=provider_path(locale, provider.slug),
        name=provider.name,
        about=in_locale(provider.about, locale),
        listings=len(shown),
        written=locales_of(provider.about),
        rating=rating.written(locale),
        average=rating.average,
        reviews=rating.count,
    )
    return card, shown


def _counted(kind: Category, name: str, listings: int, locale: str) -> CategoryCount:
    symbol, hue = look_of(kind.key)
    return CategoryCount(
        key=kind.key,
        slug=kind.slug,
        url=category_path(locale, kind.slug),
        name=name,
        icon=kind.icon,
        listings=listings,
        symbol=symbol,
        hue=hue,
    )
