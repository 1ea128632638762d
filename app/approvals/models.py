"""Tables of approvals, and of what was done outside of the database."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table


class Approval(Tenanted, table=True):
    """A deed that an agent proposes and that a person decides; it goes with the conversation.

    `state` is `waiting`, `approved`, `refused`, `expired`, `running`, `done` or `failed`.
    """

    __table_args__ = tenant_table(
        "approval",
        belongs_to("conversation_id", "conversation"),
        belongs_to("person_id", "person"),
        UniqueConstraint("tenant_id", "person_id", "key", "turn", name="approval_once"),
        Index("approval_by_conversation", "tenant_id", "conversation_id", "created_at"),
        Index("approval_by_state", "tenant_id", "state", "expires_at"),
    )

    conversation_id: UUID
    person_id: UUID
    tool: str = Field(sa_type=Text)
    arguments: dict[str, Any] = Field(sa_column=json_column())
    key: str = Field(sa_type=Text)
    """Who proposes the same deed again with the same key gets this row and no second one."""
    turn: int = 1
    """Counts what was proposed under one key: refused or failed, it can be proposed anew."""
    locale: str = Field(sa_type=Text)
    state: str = Field(default="waiting", sa_type=Text)
    version: int = 1
    """Counts the edits, so that nobody approves what they did not see."""
    result: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    problem: str = Field(default="", sa_type=Text)
    """A message id of the catalogues, when it failed; `problem_params` fill its places."""
    problem_params: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    attempts: int = 0
    """How often it ended in a mistake; being killed does not count."""
    job_id: UUID | None = None
    """The job that carries it out."""
    expires_at: datetime
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    decided_at: datetime | None = None
    finished_at: datetime | None = None


class OutsideEffect(Tenanted, table=True):
    """That something is about to be done outside, written down before it is done.

    `state` is `begun` or `done`. What is `begun` and has nobody doing it was cut off in the middle:
    it may have happened or not.
    """

    __tablename__ = "outside_effect"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "outside_effect", UniqueConstraint("tenant_id", "key", name="outside_effect_once")
    )

    key: str = Field(sa_type=Text)
    state: str = Field(default="begun", sa_type=Text)
    result: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    finished_at: datetime | None = None
