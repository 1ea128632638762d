"""Reading a search out of an address: `q=`, `locale=`, `limit=` and the filters.

Filters fail closed: one that cannot be read is refused, never left out, for leaving it out would
show what the person asked not to see.
"""

import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.errors import AppError
from app.search.index import Filters, Kind, Near, Query

DEFAULT_LIMIT = 10
MOST = 50
KINDS: dict[str, tuple[Kind, ...]] = {
    "listing": ("listing",),
    "article": ("article",),
    "all": ("listing", "article"),
}
LARGEST_PRICE = Decimal("999999999999")
HALF_THE_GLOBE_KM = 20_100


def asked(params: Mapping[str, str], *, locale: str, currency: str) -> Query:
    """The query that the parameters describe; raises `AppError` where they cannot be read.

    `locale` is the reader's, `currency` what `price_max` means where `currency=` is not given.
    """
    text = params.get("q", "").strip()
    if not text:
        raise AppError("Say what you are looking for: the parameter q is empty.")
    kind = params.get("kind", "listing")
    if kind not in KINDS:
        raise AppError("The kind must be one of %(kinds)s.", kinds=", ".join(KINDS))
    return Query(
        text=text,
        locale=locale,
        limit=_limit(params.get("limit")),
        kinds=KINDS[kind],
        filters=filters(params, currency=currency),
    )


def filters(params: Mapping[str, str], *, currency: str) -> Filters:
    """The filters alone; raises `AppError` where one cannot be read."""
    price_max = _price(params.get("price_max"))
    named = _said(params, "currency")
    language = _said(params, "lang")
    return Filters(
        category=_said(params, "category"),
        city=_said(params, "city"),
        language=language.lower() if language else None,
        price_max=price_max,
        currency=(named or currency).upper() if price_max is not None or named else None,
        near=_near(params.get("near")),
    )


def _said(params: Mapping[str, str], name: str) -> str | None:
    value = params.get(name)
    if value is None:
        return None
    if not value.strip() or "\0" in value:
        raise AppError("The filter %(name)s is empty.", name=name)
    return value.strip()


def _limit(value: str | None) -> int:
    if value is None:
        return DEFAULT_LIMIT
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST):
        raise AppError("The limit must be a whole number from 1 to %(most)s.", most=MOST)
    return int(value)


def _price(value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        price = Decimal(value.strip())
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or not 0 <= price <= LARGEST_PRICE:
        raise AppError("The highest price must be a number such as 49.90: price_max.")
    return price


def _near(value: str | None) -> Near | None:
    if value is None:
        return None
    try:
        lat, lon, km = (float(part) for part in value.split(","))
    except ValueError:
        lat = lon = km = math.nan
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 < km <= HALF_THE_GLOBE_KM):
        raise AppError("A place and a distance read lat,lon,km such as 52.52,13.40,5: near.")
    return Near(lat, lon, km)
