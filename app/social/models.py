"""Tables of what others say of a market."""

from datetime import UTC, datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table, text_array

Sentiment = Literal["positive", "neutral", "negative"]
SENTIMENTS: tuple[Sentiment, ...] = get_args(Sentiment)


class MentionTopic(Tenanted, table=True):
    """What several mentions are about, as `app.social.grouping` found it."""

    __tablename__ = "mention_topic"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table("mention_topic")

    keywords: list[str] = Field(sa_column=text_array())
    """The words that set it apart, the strongest first."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Mention(Tenanted, table=True):
    """Something that somebody wrote elsewhere: another person's words and name, and hostile data.

    What the program made of it (`sentiment`, `vector`, `topic_id`) is empty until it was read.
    """

    __table_args__ = tenant_table(
        "mention",
        belongs_to("provider_id", "provider", ondelete="SET NULL (provider_id)"),
        belongs_to("listing_id", "listing", ondelete="SET NULL (listing_id)"),
        belongs_to("topic_id", "mention_topic", ondelete="SET NULL (topic_id)"),
        UniqueConstraint("tenant_id", "source", "external_id", name="mention_external"),
        CheckConstraint(
            "sentiment in ('positive', 'neutral', 'negative')", name="mention_sentiment"
        ),
        Index("mention_by_time", "tenant_id", "published_at"),
        Index("mention_by_topic", "tenant_id", "topic_id"),
        Index("mention_by_provider", "tenant_id", "provider_id"),
        Index("mention_by_listing", "tenant_id", "listing_id"),
    )

    source: str = Field(sa_type=Text)
    """Where it was written: `telegram`, `vk`, the name of a site of reviews."""
    external_id: str = Field(sa_type=Text)
    """What it is called there, so that the same one twice is one."""
    author: str = Field(default="", sa_type=Text)
    url: str = Field(default="", sa_type=Text)
    text: str = Field(sa_type=Text)
    language: str = Field(default="", sa_type=Text)
    published_at: datetime
    provider_id: UUID | None = None
    listing_id: UUID | None = None
    sentiment: str | None = Field(default=None, sa_type=Text)
    """One of `SENTIMENTS`."""
    sureness: float | None = None
    """The share that the reader of sentiments gives it, from 0 to 1."""
    vector: bytes | None = Field(default=None, sa_type=LargeBinary, repr=False)
    """What it means, as half-precision numbers."""
    topic_id: UUID | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    """When it was brought in."""
