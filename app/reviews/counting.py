"""How many stars a listing was given: kept in its own row, so that no page has to count.

Whoever changes reviews of a listing locks its row first and has it counted anew before their
transaction ends, so that the counts are never other than what is shown.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Integer, cast, func
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlmodel import col, select, update

from app.catalogue.models import Listing
from app.catalogue.ratings import MOST_STARS
from app.database import TenantSession
from app.errors import NotFound
from app.markets.changes import HOME, announce, shown
from app.reviews.models import Review


async def locked(session: TenantSession, listing_id: UUID) -> Listing:
    """A listing in any state, whose reviews nobody else changes meanwhile; raises `NotFound`."""
    found = await session.get(Listing, listing_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such service: %(id)s", id=listing_id)
    return found


async def count_anew(session: TenantSession, listing_ids: Collection[UUID]) -> None:
    """Write down how many stars these listings have, and have the pages follow that show them.

    Their rows are locked, in one order where there are several.
    """
    if not listing_ids:
        return
    wanted = col(Listing.id).in_(listing_ids)
    await session.flush()
    await session.exec(select(Listing.id).where(wanted).order_by(col(Listing.id)).with_for_update())
    counts = [func.count().filter(col(Review.stars) == stars) for stars in range(1, MOST_STARS + 1)]
    given = (
        select(cast(array(counts), ARRAY(Integer)))
        .where(Review.listing_id == Listing.id, Review.state == "shown")
        .correlate(Listing)
        .scalar_subquery()
    )
    await session.exec(
        update(Listing)
        .where(wanted)
        .values(stars=given)
        .execution_options(synchronize_session=False)
    )
    await tell(session, listing_ids)


async def tell(session: TenantSession, listing_ids: Collection[UUID]) -> None:
    """Have the pages follow that show these listings or their reviews."""
    found = await session.exec(
        select(Listing.id, Listing.category, Listing.provider_id).where(
            col(Listing.id).in_(listing_ids)
        )
    )
    things = [HOME]
    for listing_id, category, provider_id in found:
        things += [
            shown("listing", listing_id),
            shown("category", category),
            shown("provider", provider_id),
        ]
    await announce(session, *things)
