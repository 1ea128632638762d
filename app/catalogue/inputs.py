"""What a listing must be, wherever it comes from: a file, a form or a call."""

import difflib
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Self

from babel.numbers import list_currencies
from pydantic import AfterValidator, Field, model_validator

from app.catalogue.taxonomy import categories, category
from app.i18n import in_locale
from app.markets.directory import MarketCard
from app.outbound import is_web_address
from app.rows import LocaleCode, RowInput, Short, Texts, Titles

LISTS = frozenset({"languages", "tags"})
"""Fields that hold several values."""
PHOTOS = 8
"""Photos of one listing."""


@cache
def _keys() -> list[str]:
    return [kind.key for kind in categories()]


def _known_category(key: str) -> str:
    if category(key):
        return key
    near = difflib.get_close_matches(key, _keys(), n=3, cutoff=0.6)
    # The part after the slash is what people remember: plumber, not craft/plumber.
    last = key.rpartition("/")[2]
    near += [each for each in _keys() if each.endswith(f"/{last}") and each not in near]
    hint = f"; did you mean {', '.join(near[:3])}?" if near else ""
    raise ValueError(f"there is no category {key!r}{hint}")


def _known_currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code!r} is not an ISO 4217 currency")
    return code


def _web_address(address: str) -> str:
    # Anything else, such as javascript:, must not become an address on a page.
    if not address.startswith(("https://", "http://", "/")) or address.startswith("//"):
        raise ValueError("not an address that starts with https://")
    return address


def _fetched_from(address: str) -> str:
    if not is_web_address(address, plain=True):
        raise ValueError("not an address of the web, or one with a password")
    return address


class ProviderInput(RowInput):
    """Who offers it; without an `external_id` the name says who it is."""

    external_id: Short | None = None
    name: Short

    def key(self) -> str:
        return self.external_id or f"name:{self.name.casefold()}"


class PriceInput(RowInput):
    """What it costs; without a currency, in the market's own."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
    currency: Annotated[Short, AfterValidator(_known_currency)] | None = None
    unit: Short | None = None


class ListingFields(RowInput):
    """What is offered, whoever says so: a row of a file, a form or a call."""

    category: Annotated[Short, AfterValidator(_known_category)]
    title: Titles
    description: Texts
    price: PriceInput | None = None
    city: Short | Titles | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    radius_km: Annotated[float, Field(gt=0, le=20_100, allow_inf_nan=False)] | None = None
    languages: Annotated[list[LocaleCode], Field(default_factory=list, max_length=50)]
    tags: Annotated[list[Short], Field(default_factory=list, max_length=50)]
    photo: Annotated[Short, AfterValidator(_web_address)] | None = None

    @model_validator(mode="after")
    def _whole_position(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon belong together")
        return self

    def values(self, market: MarketCard) -> dict[str, Any]:
        """The columns of a listing."""
        price = self.price
        names = self.city if isinstance(self.city, dict) else {}
        return {
            "category": self.category,
            "title": self.title,
            "description": self.description,
            "price_amount": price.amount if price else None,
            "price_currency": (price.currency or market.currency) if price else None,
            "price_unit": price.unit if price else None,
            "city": in_locale(names, market.default_locale) if names else self.city,
            "city_names": names,
            "lat": self.lat,
            "lon": self.lon,
            "radius_km": self.radius_km,
            "languages": list(dict.fromkeys(self.languages)),
            "tags": list(dict.fromkeys(self.tags)),
            "photo": self.photo,
        }


class PhotoInput(RowInput):
    """Where a photo is fetched from, and what it shows, as `{locale: text}`."""

    url: Annotated[str, AfterValidator(_fetched_from)]
    alt: dict[LocaleCode, Short] = Field(default_factory=dict)


class ListingInput(ListingFields):
    """One row of a file of listings."""

    external_id: Short
    provider: ProviderInput
    photos: Annotated[list[PhotoInput], Field(default_factory=list, max_length=PHOTOS)]

    def key(self) -> str:
        return self.external_id

    def values(self, market: MarketCard) -> dict[str, Any]:
        """The columns of a listing; `photo` is one of `photos` where it can be fetched."""
        alone = self.photo or ""
        named = {alone: dict[str, str]()} if is_web_address(alone, plain=True) else {}
        named |= {photo.url: dict(photo.alt) for photo in self.photos}
        sources = [{"url": url, "alt": alt} for url, alt in named.items()]
        return {**super().values(market), "photo_sources": sources[:PHOTOS]}
