"""Reports: anybody can say that a review is against the rules, and the market's staff looks."""

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.models import Listing
from app.catalogue.publishing import on_show
from app.database import TenantSession
from app.errors import NotFound
from app.i18n import N_
from app.markets.shaping import NotAccepted
from app.reviews.models import Review, ReviewReport
from app.reviews.writing import words_of

REASONS: dict[str, str] = {
    "untrue": N_("It is not true"),
    "rude": N_("It insults somebody"),
    "private": N_("It tells something private"),
    "advert": N_("It is advertising"),
    "other": N_("Something else"),
}
"""Why a review may be against the rules, as message ids."""

LONGEST_NOTE = 500
ENOUGH = 20
"""Reports that wait at a review; more would tell its readers nothing new."""


async def report_review(
    session: TenantSession, actor: Actor, review_id: UUID, reason: object, note: object
) -> None:
    """Have the market's staff look at a review that is shown.

    What a member says again takes the place of what they said. Raises `NotFound` or `NotAccepted`.
    """
    actor.must(Permission.READ)
    if reason not in list(REASONS):
        raise NotAccepted("Say what is wrong with it.", field="reason")
    said = words_of("note", note, LONGEST_NOTE)
    review = await session.exec(
        select(Review)
        .join(Listing, col(Listing.id) == col(Review.listing_id))
        .where(Review.id == review_id, Review.state == "shown", on_show())
        .with_for_update(of=Review)
    )
    if review.first() is None:
        raise NotFound("There is no such review.")
    own = await _own(session, actor, review_id)
    if own is None:
        waiting = select(func.count()).where(*_waiting(review_id))
        if (await session.exec(waiting)).one() >= ENOUGH:
            return
        own = ReviewReport(review_id=review_id, person_id=actor.person_id, reason=str(reason))
    own.reason, own.note, own.open = str(reason), said, True
    session.add(own)
    await session.flush()


async def close_reports(session: TenantSession, review_id: UUID) -> int:
    """Note that the staff has looked at what was reported of a review; returns how many waited."""
    found = (await session.exec(select(ReviewReport).where(*_waiting(review_id)))).all()
    for one in found:
        one.open = False
        session.add(one)
    await session.flush()
    return len(found)


async def _own(session: TenantSession, actor: Actor, review_id: UUID) -> ReviewReport | None:
    if actor.person_id is None:
        return None
    query = select(ReviewReport).where(
        ReviewReport.review_id == review_id, ReviewReport.person_id == actor.person_id
    )
    return (await session.exec(query)).first()


def _waiting(review_id: UUID) -> tuple[Any, ...]:
    return ReviewReport.review_id == review_id, col(ReviewReport.open).is_(True)
