"""What becomes of reviews when the account of who wrote them is erased."""

from uuid import UUID

from sqlmodel import select

from app.database import TenantSession
from app.reviews.models import Review


async def reviewed_by(session: TenantSession, person_id: UUID) -> list[UUID]:
    """The listings that a person reviewed, to be counted anew once their reviews are gone."""
    query = select(Review.listing_id).where(Review.person_id == person_id)
    return list(await session.exec(query))
