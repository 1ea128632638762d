"""Reviews as everybody reads them, and those of one's own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.cards import ListingCard
from app.catalogue.models import Listing
from app.catalogue.publishing import on_show
from app.catalogue.ratings import Rating, rating_of
from app.catalogue.reading import cards
from app.database import TenantSession
from app.reviews.models import Review
from app.reviews.writing import person_of
from app.vendors.dealings import dealt_about

PAGE = 10
"""Reviews on a page of their own."""


@dataclass(frozen=True)
class Said:
    """A review as everybody reads it; `answer` is empty where the provider gave none."""

    id: UUID
    stars: int
    text: str
    name: str
    locale: str
    at: datetime
    edited_at: datetime | None
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Reviewed:
    """What is said of a listing: a page of reviews, the newest first, and all stars."""

    listing_id: UUID
    rating: Rating
    reviews: list[Said]
    number: int
    pages: int


async def newest_of(session: TenantSession, listing_id: UUID, count: int) -> list[Said]:
    """The newest reviews of a listing; that it is on show is for the caller to know."""
    return await _said(session, listing_id, 0, count)


async def reviews_of(
    session: TenantSession, named: str | UUID, number: int = 1, size: int = PAGE
) -> Reviewed | None:
    """A page of the reviews of a listing on show, by its slug or id; None where there is none.

    A page beyond the last is empty.
    """
    wanted = Listing.id == named if isinstance(named, UUID) else Listing.slug == named
    listing = (await session.exec(select(Listing).where(wanted, on_show()))).first()
    if listing is None:
        return None
    rating = rating_of(listing)
    found = await _said(session, listing.id, (number - 1) * size, size) if rating.count else []
    return Reviewed(listing.id, rating, found, number, max(1, -(-rating.count // size)))


async def own_reviews(session: TenantSession, actor: Actor) -> list[tuple[Review, Listing, bool]]:
    """What the person said, the newest first, each with its listing and whether that is on show."""
    actor.must(Permission.REVIEW)
    query = (
        select(Review, Listing, on_show())
        .join(Listing, col(Listing.id) == col(Review.listing_id))
        .where(Review.person_id == person_of(actor))
        .order_by(col(Review.created_at).desc(), col(Review.id))
    )
    return [(review, listing, shown) for review, listing, shown in await session.exec(query)]


async def to_review(session: TenantSession, actor: Actor, locale: str) -> list[ListingCard]:
    """The services on show that the person could review and has not, the latest dealings first."""
    actor.must(Permission.REVIEW)
    person_id = person_of(actor)
    said = set(await session.exec(select(Review.listing_id).where(Review.person_id == person_id)))
    dealt = [one for one in await dealt_about(session, person_id) if one not in said]
    query = select(Listing.id).where(
        col(Listing.id).in_(dealt), col(Listing.provider_id).not_in(actor.providers)
    )
    theirs = set(await session.exec(query))
    return await cards(session, [one for one in dealt if one in theirs], locale)


async def _said(session: TenantSession, listing_id: UUID, first: int, count: int) -> list[Said]:
    query = (
        select(Review)
        .where(Review.listing_id == listing_id, Review.state == "shown")
        .order_by(col(Review.created_at).desc(), col(Review.id))
        .offset(first)
        .limit(count)
    )
    return [
        Said(
            id=one.id,
            stars=one.stars,
            text=one.text,
            name=one.name,
            locale=one.locale,
            at=one.created_at,
            edited_at=one.edited_at,
            answer=one.answer,
            answered_at=one.answered_at,
        )
        for one in await session.exec(query)
    ]
