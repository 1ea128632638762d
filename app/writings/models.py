"""Tables of the texts that were written for people."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy import text as words
from sqlalchemy.dialects import postgresql
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table, text_array


class Writing(Tenanted, table=True):
    """A text of a person's own, as its newest version has it; it outlives its event."""

    __table_args__ = tenant_table(
        "writing",
        belongs_to("person_id", "person"),
        belongs_to("project_id", "project", ondelete="SET NULL (project_id)"),
        Index("writing_by_person", "tenant_id", "person_id", "updated_at"),
        Index("writing_by_project", "tenant_id", "project_id"),
    )

    person_id: UUID
    project_id: UUID | None = None
    kind: str = Field(sa_type=Text)
    """`proposal` or `marketing`."""
    locale: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    model: str = Field(sa_type=Text)
    """Who wrote the newest version that an agent wrote; `composer` where no model did."""
    sources: list[dict[str, Any]] = Field(
        default_factory=list[dict[str, Any]],
        sa_column=Column(postgresql.JSONB, nullable=False, server_default=words("'[]'")),
    )
    """What its marks such as [1] refer to; `url` is a path on the market's host."""
    missing: list[str] = Field(default_factory=list, sa_column=text_array())
    """What of the event was not decided: keys of `agents.texts.OPEN`."""
    asked: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    """What was asked for, so that it can be written again."""
    edited: bool = False
    """Whether the newest version is a person's."""
    version: int = 1
    """Counts the versions, so that two editors of the same text notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class WritingVersion(Tenanted, table=True):
    """A text as it stood once."""

    __tablename__ = "writing_version"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "writing_version",
        belongs_to("writing_id", "writing"),
        UniqueConstraint("tenant_id", "writing_id", "number", name="writing_version_number"),
    )

    writing_id: UUID
    number: int
    title: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    model: str = Field(default="", sa_type=Text)
    """Who wrote it; empty for a person."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
