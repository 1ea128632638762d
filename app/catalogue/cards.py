"""Cards: what a page or an answer shows of a listing, a provider or a category."""

import dataclasses
from decimal import Decimal

from app.catalogue.models import Listing, Provider
from app.catalogue.photos.showing import ShownPhoto, shown_cover
from app.catalogue.pictures import tile_of
from app.catalogue.ratings import Rating, rating_of
from app.catalogue.units import per_unit
from app.i18n import in_locale, language_list, money


@dataclasses.dataclass(frozen=True)
class ListingCard:
    """A listing as a card shows it; `price` is written out, empty where there is none.

    `text_locale` is the language the texts are in, which is not always the reader's. `spoken` names
    the `languages` in the reader's. `symbol`, `hue` and `pattern` make the tile of a listing that
    has no photo; `photo`, `photo_avif` and `photo_tint` are empty there (`Cover`). `rating` is the
    mean of the stars of its `reviews`, written out, empty where there are none. `why` says why it
    was found, where somebody searched.
    """

    id: str
    external_id: str
    slug: str
    url: str
    title: str
    summary: str
    category: str
    category_name: str
    provider: str
    provider_url: str
    price: str
    unit: str
    city: str
    languages: list[str]
    tags: list[str]
    text_locale: str
    per: str
    spoken: str
    symbol: str
    hue: int
    pattern: int
    photo: str = ""
    photo_avif: str = ""
    photo_tint: str = ""
    why: str = ""
    rating: str = ""
    reviews: int = 0


@dataclasses.dataclass(frozen=True)
class ListingDetail:
    """A listing as its own page shows it, with what structured data needs.

    `locales` are those that it is written in, as `app.texts` says.
    """

    card: ListingCard
    description: str
    category_url: str
    amount: Decimal | None
    currency: str
    lat: float | None
    lon: float | None
    radius_km: float | None
    locales: list[str]
    photos: list[ShownPhoto]
    rating: Rating


@dataclasses.dataclass(frozen=True)
class ProviderCard:
    """A provider and how many services they list.

    `written` are the languages that they tell about themselves in. `rating` is the mean of all
    stars of what they list, written out; `average` is the same as a number.
    """

    id: str
    external_id: str
    slug: str
    url: str
    name: str
    about: str
    listings: int
    written: list[str] = dataclasses.field(default_factory=list[str])
    rating: str = ""
    average: float = 0.0
    reviews: int = 0


@dataclasses.dataclass(frozen=True)
class CategoryCount:
    """A category that this market has services in."""

    key: str
    slug: str
    url: str
    name: str
    icon: str
    listings: int
    symbol: str
    hue: int


@dataclasses.dataclass(frozen=True)
class ListingPage:
    """One page of listings; `pages` is at least 1, `number` counts from 1.

    `ratings` says how many there would be, were only those wanted with at least this mean of stars.
    """

    cards: list[ListingCard]
    total: int
    number: int
    pages: int
    ratings: dict[int, int] = dataclasses.field(default_factory=dict[int, int])


def listing_path(locale: str, slug: str) -> str:
    """The path of a listing's page."""
    return f"/{locale}/s/{slug}"


def provider_path(locale: str, slug: str) -> str:
    """The path of a provider's page."""
    return f"/{locale}/p/{slug}"


def category_path(locale: str, slug: str) -> str:
    """The path of a category's page."""
    return f"/{locale}/c/{slug}"


def card_of(listing: Listing, provider: Provider, locale: str, category_name: str) -> ListingCard:
    """The card of `listing` for a reader of `locale`."""
    text_locale = next(
        (code for code in (locale, "en", *listing.title) if listing.title.get(code)), locale
    )
    description = in_locale(listing.description, text_locale)
    symbol, hue, pattern = tile_of(listing.category, listing.slug)
    cover, rating = shown_cover(listing.cover), rating_of(listing)
    return ListingCard(
        id=str(listing.id),
        external_id=listing.external_id,
        slug=listing.slug,
        url=listing_path(locale, listing.slug),
        title=in_locale(listing.title, text_locale),
        summary=_shortened(description),
        category=listing.category,
        category_name=category_name,
        provider=provider.name,
        provider_url=provider_path(locale, provider.slug),
        price=written_price(listing, locale),
        unit=listing.price_unit or "",
        city=listing.city_names.get(locale) or listing.city or "",
        languages=list(listing.languages),
        tags=list(listing.tags),
        text_locale=text_locale,
        per=per_unit(locale, listing.price_unit),
        spoken=language_list(listing.languages, locale),
        symbol=symbol,
        hue=hue,
        pattern=pattern,
        photo=cover.src,
        photo_avif=cover.avif,
        photo_tint=cover.tint,
        rating=rating.written(locale),
        reviews=rating.count,
    )


def written_price(listing: Listing, locale: str) -> str:
    """The price as the language writes it, empty where the listing names none."""
    if listing.price_amount is None or listing.price_currency is None:
        return ""
    return money(listing.price_amount, listing.price_currency, locale)


def _shortened(text: str, limit: int = 160) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:– ") + "…"
