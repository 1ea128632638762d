"""Writing, changing and withdrawing a review: by who has dealt with the provider, once a listing.

A member has dealt with a provider when that one named them a price for the listing on this market.
"""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing
from app.catalogue.publishing import on_show
from app.catalogue.ratings import MOST_STARS
from app.database import TenantSession
from app.errors import NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted, line_of
from app.reviews.counting import count_anew, locked
from app.reviews.models import Review
from app.vendors.dealings import has_dealt

LONGEST_TEXT = 2000
LONGEST_NAME = 40


class NotDealt(NotAllowed):
    """The person has not dealt with the provider, so they have nothing to tell of it."""


class OwnService(NotAllowed):
    """The person acts for the provider themselves."""


@dataclass(frozen=True)
class ReviewFields:
    """What the author of a review says; `review_fields` makes one of a form."""

    stars: int
    text: str
    name: str
    locale: str


def review_fields(
    market: MarketCard, stars: object, text: object, name: object, locale: object
) -> ReviewFields:
    """What a form says; raises `NotAccepted` with the field that cannot stand."""
    given = str(stars)
    if given not in {str(each) for each in range(1, MOST_STARS + 1)}:
        raise NotAccepted("Choose one to five stars.", field="stars")
    signed = line_of("name", name, LONGEST_NAME)
    if not signed:
        raise NotAccepted("Say what the review is signed with.", field="name")
    if locale not in market.locales:
        raise NotAccepted("The market does not speak this language.", field="locale")
    said = words_of("text", text, LONGEST_TEXT)
    if not said:
        raise NotAccepted("Say in a few words how it was.", field="text")
    return ReviewFields(int(given), said, signed, str(locale))


def words_of(field: str, value: object, longest: int) -> str:
    """Text of several lines as somebody wrote it; raises `NotAccepted`."""
    text = value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""
    kept = "".join(
        sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()
    if len(kept) > longest:
        raise NotAccepted("At most %(count)s characters, please.", field=field, count=longest)
    return kept


async def write_review(
    session: TenantSession, actor: Actor, slug: str, fields: ReviewFields
) -> Review:
    """Review the listing on show with this slug, or change what one said of it.

    One that was hidden stays so until the market's staff shows it again. Raises `NotFound`,
    `NotDealt`, `OwnService`, or as `Actor.must`.
    """
    actor.must(Permission.REVIEW)
    person_id = person_of(actor)
    found = select(Listing).where(Listing.slug == slug, on_show()).with_for_update()
    listing = (await session.exec(found.execution_options(populate_existing=True))).first()
    if listing is None:
        raise NotFound("There is no such service: %(id)s", id=slug)
    review = await review_by(session, person_id, listing.id)
    if review is None:
        await must_have_dealt(session, actor, listing)
        review = Review(listing_id=listing.id, person_id=person_id, **vars(fields))
        action, before = "review.written", {}
    elif all(getattr(review, name) == value for name, value in vars(fields).items()):
        return review
    else:
        action, before = "review.edited", told_of(review)
        for name, value in vars(fields).items():
            setattr(review, name, value)
        review.edited_at = datetime.now(UTC)
    session.add(review)
    await session.flush()
    await count_anew(session, [listing.id])
    await record(session, actor, action, "review", review.id, before=before, after=told_of(review))
    return review


async def withdraw_review(session: TenantSession, actor: Actor, slug: str) -> None:
    """Take one's review of a listing back for good, with the answer to it; raises `NotFound`."""
    actor.must(Permission.REVIEW)
    listing_id = await session.scalar(select(Listing.id).where(Listing.slug == slug))
    if listing_id is None:
        raise NotFound("There is no such service: %(id)s", id=slug)
    await locked(session, listing_id)
    review = await review_by(session, person_of(actor), listing_id)
    if review is None:
        raise NotFound("There is no such review.")
    before = told_of(review)
    await session.delete(review)
    await session.flush()
    await count_anew(session, [listing_id])
    await record(session, actor, "review.withdrawn", "review", review.id, before=before)


async def must_have_dealt(session: TenantSession, actor: Actor, listing: Listing) -> None:
    """Raise `OwnService` or `NotDealt` unless the actor has something to tell of a listing."""
    if listing.provider_id in actor.providers:
        raise OwnService("Nobody can review what they offer themselves.")
    if not await has_dealt(session, person_of(actor), listing.id):
        raise NotDealt(
            "Only those whom this provider has named a price on this market can review the service."
        )


async def review_by(session: TenantSession, person_id: UUID, listing_id: UUID) -> Review | None:
    """What a person said of a listing, in any state."""
    query = select(Review).where(Review.listing_id == listing_id, Review.person_id == person_id)
    return (await session.exec(query)).first()


def told_of(review: Review) -> dict[str, object]:
    """What the audit log says of a review: not its words, which go with the account."""
    return {
        "listing": review.listing_id,
        "stars": review.stars,
        "state": review.state,
        "state_reason": review.state_reason,
    }


def person_of(actor: Actor) -> UUID:
    """The person who acts; raises `NotAllowed` for keys and the program itself."""
    if actor.person_id is None:
        raise NotAllowed("You are not allowed to do this.")
    return actor.person_id
