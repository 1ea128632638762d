"""Tables of conversations."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Computed, Index, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table, text_array


class Conversation(Tenanted, table=True):
    """A talk between a person (or an anonymous visitor) and the market.

    `last_seq` is the number of the newest event, `read_seq` that of the newest one that its person
    has seen. `agent` is the specialist that the person chose (empty: Maestro decides), `course_id`
    the course of a tutor. A conversation without a person can be opened by whoever holds its id,
    which is random and never listed.
    """

    __table_args__ = tenant_table(
        "conversation",
        belongs_to("person_id", "person"),
        Index("conversation_by_person", "tenant_id", "person_id", "updated_at"),
    )

    person_id: UUID | None = None
    locale: str = Field(sa_type=Text)
    title: str = Field(default="", sa_type=Text)
    last_seq: int = 0
    read_seq: int = 0
    agent: str = Field(default="", sa_type=Text)
    course_id: str = Field(default="", sa_type=Text)
    pinned_at: datetime | None = None
    archived_at: datetime | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ConversationEvent(Tenanted, table=True):
    """One entry of the log: a message, a route, a stop. Never changed once written."""

    __tablename__ = "conversation_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "conversation_event",
        belongs_to("conversation_id", "conversation"),
        UniqueConstraint("tenant_id", "conversation_id", "seq", name="conversation_event_seq"),
    )

    conversation_id: UUID
    seq: int
    kind: str = Field(sa_type=Text)
    payload: dict[str, Any] = Field(sa_column=json_column())
    words: Any = Field(
        default=None,
        nullable=True,
        sa_type=postgresql.TSVECTOR,
        sa_column_args=[
            Computed("to_tsvector('simple', coalesce(payload->>'text', ''))", persisted=True)
        ],
    )
    """What was said, ready to be searched; read by the database alone."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ReplyApproval(Tenanted, table=True):
    """That staff found a reply good enough to learn from; it goes with the conversation.

    It is worth nothing without the person's consent, which is looked up when it is used. Who
    approved stands in the audit log.
    """

    __tablename__ = "reply_approval"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "reply_approval",
        belongs_to("reply_id", "conversation_event"),
        UniqueConstraint("tenant_id", "reply_id", name="reply_approval_once"),
    )

    reply_id: UUID
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ConversationShare(Tenanted, table=True):
    """A link by which anybody may read a conversation, up to the entry `upto`, until it is revoked.

    The link's secret is not kept: it is made of the row's id (see `app.conversations.sharing`).
    """

    __tablename__ = "conversation_share"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "conversation_share",
        belongs_to("conversation_id", "conversation"),
        Index("conversation_share_of", "tenant_id", "conversation_id"),
    )

    conversation_id: UUID
    upto: int
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    revoked_at: datetime | None = None


class ReplyFeedback(Tenanted, table=True):
    """What a person thought of a reply: whether it was good, else why not, and what they add."""

    __tablename__ = "reply_feedback"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "reply_feedback",
        belongs_to("reply_id", "conversation_event"),
        UniqueConstraint("tenant_id", "reply_id", name="reply_feedback_once"),
        Index("reply_feedback_by_time", "tenant_id", "created_at"),
    )

    reply_id: UUID
    good: bool
    reason: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    handled_at: datetime | None = None
    """When staff saw to it; None again when the person judges anew."""


class Attachment(Tenanted, table=True):
    """A file that a person put into a conversation; it stands under its id in the market's folder.

    Until it was sent with a message, `message_id` is None. `state` is `waiting` while its text is
    being read, then `ready`, or `failed` for the reason that `problem` names.
    """

    __table_args__ = tenant_table(
        "attachment",
        belongs_to("conversation_id", "conversation"),
        belongs_to("message_id", "conversation_event"),
        Index("attachment_of_conversation", "tenant_id", "conversation_id"),
    )

    conversation_id: UUID
    message_id: UUID | None = None
    name: str = Field(sa_type=Text)
    media: str = Field(default="", sa_type=Text)
    """The media type that came with it."""
    kind: str = Field(default="", sa_type=Text)
    """What it turned out to be, a key of `app.knowledge.extraction.kinds.KINDS`."""
    bytes: int = 0
    state: str = Field(default="waiting", sa_type=Text)
    problem: str = Field(default="", sa_type=Text)
    tries: int = 0
    """How often reading it was begun; one that ends the process that reads it is given up."""
    pages: int = 0
    characters: int = 0
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class AttachmentPassage(Tenanted, table=True):
    """A passage of an attachment's text, with the sentence encoder's vector of it."""

    __tablename__ = "attachment_passage"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "attachment_passage",
        belongs_to("attachment_id", "attachment"),
        UniqueConstraint(
            "tenant_id", "attachment_id", "position", name="attachment_passage_position"
        ),
    )

    attachment_id: UUID
    position: int
    section: int
    heading: list[str] = Field(sa_column=text_array())
    page: int | None = None
    text: str = Field(sa_type=Text)
    meaning: Any = Field(sa_type=HALFVEC(512))  # pyright: ignore[reportArgumentType]
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
