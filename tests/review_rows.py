"""Rows of reviews, for tests."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from app.catalogue.models import Listing
from app.database import TenantSession
from app.reviews.counting import count_anew
from app.reviews.models import Review, ReviewReport
from tests import factories
from tests.rows import kept


async def review(session: TenantSession, **more: Any) -> Review:
    """What a fresh person said of a fresh listing, without its stars being counted."""
    if "person_id" not in more:
        more["person_id"] = (await factories.person(session)).id
    if "listing_id" not in more:
        offer: Listing = await factories.listing(session)
        more["listing_id"] = offer.id
    usual = {"stars": 4, "text": "The tap is dry again.", "name": "Ada", "locale": "en"}
    return await kept(session, Review, usual, more)


async def review_report(session: TenantSession, **more: Any) -> ReviewReport:
    """That a visitor finds a fresh review untrue."""
    if "review_id" not in more:
        more["review_id"] = (await review(session)).id
    return await kept(session, ReviewReport, {"reason": "untrue", "note": "Never here."}, more)


async def rated(session: TenantSession, listing: Listing, *stars: int) -> Sequence[Review]:
    """Reviews of a listing with these stars, counted."""
    made = [await review(session, listing_id=listing.id, stars=each) for each in stars]
    await count_anew(session, [listing.id])
    await session.refresh(listing)
    return made


async def reported(session: TenantSession, person_id: UUID, listing_id: UUID) -> None:
    """A review that is counted, and that a visitor reported."""
    said = await review(session, person_id=person_id, listing_id=listing_id)
    await review_report(session, review_id=said.id)
    await count_anew(session, [listing_id])


REVIEW_ROWS: dict[str, Callable[..., Any]] = {"review": review, "review_report": review_report}
