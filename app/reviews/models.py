"""Tables of reviews."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table


class Review(Tenanted, table=True):
    """What one person says of one listing, with the provider's answer.

    It goes with the account of who wrote it: the words are theirs, and may tell who they were.
    """

    __table_args__ = tenant_table(
        "review",
        belongs_to("listing_id", "listing"),
        belongs_to("person_id", "person"),
        CheckConstraint("stars between 1 and 5", name="review_stars"),
        UniqueConstraint("tenant_id", "listing_id", "person_id", name="review_once"),
        Index("review_of_listing", "tenant_id", "listing_id", "state", "created_at"),
        Index("review_by_person", "tenant_id", "person_id"),
        Index("review_by_time", "tenant_id", "created_at"),
    )

    listing_id: UUID
    person_id: UUID
    stars: int
    """From 1 to 5."""
    text: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    """What it is signed with, which its author chooses."""
    locale: str = Field(sa_type=Text)
    """The language that its author says it is written in."""
    state: str = Field(default="shown", sa_type=Text)
    """`shown` or `hidden`."""
    state_reason: str = Field(default="", sa_type=Text)
    """Why the market's staff hid it, for its author to read."""
    answer: str = Field(default="", sa_type=Text)
    """What the provider says to it; empty without one."""
    answered_at: datetime | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    edited_at: datetime | None = None


class ReviewReport(Tenanted, table=True):
    """That somebody finds a review against the rules."""

    __tablename__ = "review_report"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "review_report",
        belongs_to("review_id", "review"),
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "review_id", "person_id", name="review_report_once"),
    )

    review_id: UUID
    person_id: UUID | None = None
    """Who reports it; None for a visitor."""
    reason: str = Field(sa_type=Text)
    """One of `app.reviews.reporting.REASONS`."""
    note: str = Field(default="", sa_type=Text)
    open: bool = True
    """Whether the market's staff has still to look at it."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
