"""A provider's answer to a review: one, which they may change or take back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing
from app.database import TenantSession
from app.errors import NotFound
from app.reviews.counting import locked, tell
from app.reviews.models import Review
from app.reviews.writing import words_of

LONGEST_ANSWER = 1000
MOST = 200
"""Reviews that an office shows; those without an answer come first."""


@dataclass(frozen=True)
class Received:
    """A review of what the actor offers."""

    review: Review
    listing: Listing


async def reviews_received(session: TenantSession, actor: Actor) -> list[Received]:
    """What is said, and shown, of what the providers offer that the actor acts for.

    Those without an answer come first, and among them the newest.
    """
    actor.must(Permission.OFFER)
    found = await session.exec(
        select(Review, Listing)
        .join(Listing, col(Listing.id) == col(Review.listing_id))
        .where(col(Listing.provider_id).in_(actor.providers), Review.state == "shown")
        .order_by(
            col(Review.answered_at).is_not(None), col(Review.created_at).desc(), col(Review.id)
        )
        .limit(MOST)
    )
    return [Received(review, listing) for review, listing in found]


async def answer_review(
    session: TenantSession, actor: Actor, review_id: UUID, text: object
) -> Review:
    """Answer a review that is shown; an empty text takes the answer back.

    Raises `NotFound` for what is said of others, and `NotAccepted`.
    """
    actor.must(Permission.OFFER)
    said = words_of("answer", text, LONGEST_ANSWER)
    missing = NotFound("There is no such review.")
    review = await session.get(Review, review_id)
    if review is None:
        raise missing
    listing = await locked(session, review.listing_id)
    # Only now, for its author may have withdrawn it, or the market hidden it.
    review = await session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None or review.state != "shown" or listing.provider_id not in actor.providers:
        raise missing
    if said == review.answer:
        return review
    deed = "answered" if said else "answer_taken_back"
    review.answer, review.answered_at = said, datetime.now(UTC) if said else None
    session.add(review)
    await session.flush()
    await tell(session, [listing.id])
    told = {"listing": listing.id}
    await record(session, actor, f"review.{deed}", "review", review.id, after=told)
    return review
