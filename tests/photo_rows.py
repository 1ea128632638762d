"""Rows of photos, for tests."""

from typing import Any

from app.catalogue.models import Listing, ListingPhoto, Provider
from app.database import TenantSession
from tests.rows import kept, numbers


async def listing_photo(session: TenantSession, **more: Any) -> ListingPhoto:
    """The row of a photo, without its files and without being its listing's cover."""
    if "listing_id" not in more:
        name = f"photo-of-{next(numbers)}"
        who = await kept(session, Provider, {"external_id": name, "slug": name, "name": "Ada"}, {})
        usual = {"external_id": name, "slug": name, "category": "craft/plumber", "tags": []}
        usual |= {"title": {"en": "Plumber"}, "description": {"en": "Taps."}, "languages": []}
        offer = await kept(session, Listing, usual, {"provider_id": who.id})
        more["listing_id"] = offer.id
    usual = {"position": 0, "width": 900, "height": 600, "bytes": 90_000, "tint": "#abc,#789,#456"}
    return await kept(session, ListingPhoto, usual, more)
