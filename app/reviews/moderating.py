"""What the market's staff does with reviews: hides them with a reason, and shows them again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing, Provider
from app.catalogue.moderating import ReasonNeeded
from app.database import TenantSession
from app.errors import NotFound
from app.reviews.counting import count_anew, locked
from app.reviews.models import Review, ReviewReport
from app.reviews.reporting import close_reports
from app.reviews.writing import told_of, words_of

LONGEST_REASON = 500
PAGE = 20
SOUGHT = ("reported", "shown", "hidden")
"""Which reviews can be looked for; anything else is all of them."""


@dataclass(frozen=True)
class Moderated:
    """A review as staff sees it, with the reports of it that nobody has looked at."""

    review: Review
    listing: Listing
    provider: str
    reports: list[ReviewReport]


@dataclass(frozen=True)
class Page:
    """Some of the reviews that were found; `number` counts from 1."""

    rows: list[Moderated]
    total: int
    number: int
    pages: int


async def reviews_found(
    session: TenantSession, actor: Actor, which: str = "", number: int = 1
) -> Page:
    """The reviews of a kind of `SOUGHT`, the newest first; a page beyond the last is the last."""
    actor.must(Permission.MODERATE_REVIEWS)
    wanted: list[Any] = []
    if which == "reported":
        wanted.append(_reported())
    elif which in SOUGHT:
        wanted.append(Review.state == which)
    total = (await session.exec(select(func.count()).select_from(Review).where(*wanted))).one()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    found = await session.exec(
        select(Review, Listing, Provider.name)
        .join(Listing, col(Listing.id) == col(Review.listing_id))
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(*wanted)
        .order_by(col(Review.created_at).desc(), col(Review.id))
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    rows = found.all()
    reports = await _reports_of(session, [review.id for review, _listing, _name in rows])
    return Page(
        [
            Moderated(review, listing, name, reports.get(review.id, []))
            for review, listing, name in rows
        ],
        total,
        number,
        pages,
    )


async def waiting(session: TenantSession, actor: Actor) -> int:
    """How many reviews were reported and not looked at."""
    actor.must(Permission.MODERATE_REVIEWS)
    query = select(func.count()).select_from(Review).where(_reported())
    return (await session.exec(query)).one()


async def hide_review(
    session: TenantSession, actor: Actor, review_id: UUID, reason: object
) -> Review:
    """Take a review off the pages; its author reads why. Raises `ReasonNeeded` or `NotFound`."""
    actor.must(Permission.MODERATE_REVIEWS)
    said = words_of("reason", reason, LONGEST_REASON)
    if not said:
        raise ReasonNeeded("Say why, so that its author understands it.")
    return await _become(session, actor, review_id, "hidden", said)


async def restore_review(session: TenantSession, actor: Actor, review_id: UUID) -> Review:
    """Show a hidden review again; raises `NotFound`."""
    actor.must(Permission.MODERATE_REVIEWS)
    return await _become(session, actor, review_id, "shown", "")


async def leave_review(session: TenantSession, actor: Actor, review_id: UUID) -> int:
    """Find nothing against a review in what was reported of it; returns how many reports waited."""
    actor.must(Permission.MODERATE_REVIEWS)
    review = await session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None:
        raise NotFound("There is no such review.")
    closed = await close_reports(session, review_id)
    if closed:
        told = {"reports": closed}
        await record(session, actor, "review.left", "review", review_id, after=told)
    return closed


async def _become(
    session: TenantSession, actor: Actor, review_id: UUID, state: str, reason: str
) -> Review:
    review = await session.get(Review, review_id)
    if review is not None:
        await locked(session, review.listing_id)
        review = await session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None:
        raise NotFound("There is no such review.")
    if (review.state, review.state_reason) == (state, reason):
        return review
    before = told_of(review)
    review.state, review.state_reason = state, reason
    session.add(review)
    await session.flush()
    closed = await close_reports(session, review_id)
    await count_anew(session, [review.listing_id])
    deed = "hidden" if state == "hidden" else "restored"
    after = told_of(review) | {"reports": closed}
    await record(session, actor, f"review.{deed}", "review", review_id, before=before, after=after)
    return review


def _reported() -> Any:
    return exists().where(
        col(ReviewReport.review_id) == col(Review.id), col(ReviewReport.open).is_(True)
    )


async def _reports_of(
    session: TenantSession, review_ids: list[UUID]
) -> dict[UUID, list[ReviewReport]]:
    query = (
        select(ReviewReport)
        .where(col(ReviewReport.review_id).in_(review_ids), col(ReviewReport.open).is_(True))
        .order_by(col(ReviewReport.created_at))
    )
    told: dict[UUID, list[ReviewReport]] = {}
    for one in await session.exec(query):
        told.setdefault(one.review_id, []).append(one)
    return told
