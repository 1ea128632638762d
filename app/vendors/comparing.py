"""Listings side by side: what can be compared, who is least expensive, and what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.catalogue.cards import ListingCard, card_of
from app.catalogue.choices import choices
from app.catalogue.models import Listing
from app.database import TenantSession
from app.errors import AppError
from app.i18n import N_
from app.vendors.quotes import services

FEWEST, MOST = 2, 5

MISSING = {
    "price": N_("price"),
    "unit": N_("what the price is for"),
    "languages": N_("languages"),
    "place": N_("place"),
    "reviews": N_("reviews"),
}
"""What may not be known of a listing, as message ids."""


@dataclass(frozen=True)
class Compared:
    """One listing of a comparison. `missing` holds keys of `MISSING`.

    `least` says that its price is the lowest of those for the same unit and currency, where the
    others differ.
    """

    card: ListingCard
    provider_id: UUID
    amount: Decimal | None
    currency: str
    unit: str
    radius_km: float | None
    least: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Listings side by side; `same_unit` says whether their prices can be compared."""

    rows: tuple[Compared, ...]
    same_unit: bool


async def compare(session: TenantSession, listing_ids: Sequence[UUID], locale: str) -> Comparison:
    """Compare two to five listings; raises `AppError` for other counts and `NotFound`."""
    wanted = list(dict.fromkeys(listing_ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise AppError(
            "Between %(fewest)s and %(most)s services can be compared.", fewest=FEWEST, most=MOST
        )
    found = await services(session, wanted)
    decided = await choices(session)
    lowest = _lowest([listing for listing, _ in found])
    rows = tuple(
        Compared(
            card=card_of(listing, provider, locale, decided.name(listing.category, locale)),
            provider_id=provider.id,
            amount=listing.price_amount,
            currency=listing.price_currency or "",
            unit=listing.price_unit or "",
            radius_km=listing.radius_km,
            least=lowest is not None and listing.price_amount == lowest,
            missing=_missing(listing),
        )
        for listing, provider in found
    )
    return Comparison(rows, same_unit=len({(row.currency, row.unit) for row in rows}) == 1)


def _lowest(listings: Sequence[Listing]) -> Decimal | None:
    """The lowest price, where all are for the same thing and not all are equal."""
    amounts = [one.price_amount for one in listings if one.price_amount is not None]
    kinds = {(one.price_currency, one.price_unit) for one in listings}
    if len(amounts) < len(listings) or len(kinds) > 1 or len(set(amounts)) < 2:
        return None
    return min(amounts)


def _missing(listing: Listing) -> tuple[str, ...]:
    known = {
        "price": listing.price_amount is not None,
        "unit": bool(listing.price_unit),
        "languages": bool(listing.languages),
        "place": bool(listing.city) or listing.lat is not None,
        "reviews": any(listing.stars),
    }
    return tuple(key for key in MISSING if not known[key])
