"""`/api/v1/listings/{listing}/reviews`: what members say of a service, for everybody."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, WithJsonSchema

from app.accounts.permissions import Permission
from app.api.callers import AnyCaller, Marketplace
from app.catalogue.ratings import MOST_STARS, Rating
from app.database import tenant_session
from app.errors import NotFound
from app.reviews.reading import Reviewed, reviews_of

router = APIRouter(prefix="/api/v1/listings", tags=["Listings"])

_Named = Annotated[
    str, WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"^[a-z0-9-]{1,200}$"})
]
_Page = Annotated[int, Query(ge=1, le=10_000)]


class Stars(BaseModel):
    """What all reviews of a service give it together."""

    count: int
    average: float | None = Field(description="The mean, null where there is no review.")
    given: dict[str, int] = Field(description="How many gave 1, 2, 3, 4 and 5 stars.")


class Answer(BaseModel):
    """What the provider says to a review."""

    text: str
    at: datetime


class Review(BaseModel):
    """What one member says."""

    id: UUID
    stars: int = Field(ge=1, le=MOST_STARS)
    text: str
    name: str = Field(description="What it is signed with.")
    locale: str = Field(description="The language that its author says it is written in.")
    at: datetime
    edited_at: datetime | None
    answer: Answer | None


class Reviews(BaseModel):
    """A page of reviews, the newest first."""

    listing_id: UUID
    rating: Stars
    reviews: list[Review]
    page: int
    pages: int


@router.get(
    "/{listing}/reviews",
    response_model=Reviews,
    summary="Read reviews",
    operation_id="listReviews",
)
async def listed(market: Marketplace, caller: AnyCaller, listing: _Named, page: _Page = 1) -> Any:
    """What is said of a service on show, by its id or its slug; a page beyond the last is empty."""
    caller.actor.must(Permission.READ)
    async with tenant_session(market.id) as session:
        found = await reviews_of(session, _named(listing), page)
    if found is None:
        raise NotFound("There is no such service: %(id)s", id=listing)
    return {
        "listing_id": found.listing_id,
        "rating": _stars(found.rating),
        "reviews": _told(found),
        "page": found.number,
        "pages": found.pages,
    }


def _stars(rating: Rating) -> dict[str, Any]:
    return {
        "count": rating.count,
        "average": round(rating.average, 2) if rating.count else None,
        "given": {str(stars): count for stars, count in enumerate(rating.given, start=1)},
    }


def _told(found: Reviewed) -> list[dict[str, Any]]:
    return [
        vars(one)
        | {"answer": {"text": one.answer, "at": one.answered_at} if one.answered_at else None}
        for one in found.reviews
    ]


def _named(told: str) -> UUID | str:
    try:
        return UUID(told)
    except ValueError:
        # A slug; Postgres has no place for a zero byte.
        return told.replace("\x00", "")
