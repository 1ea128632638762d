"""The table of the audit log; the app role may insert and read, and nothing else."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from app.database import Tenanted, json_column, tenant_table


class AuditEntry(Tenanted, table=True):
    """One deed. `before` and `after` hold what changed, never secrets.

    The actor is kept by id and name, not by foreign key: the entry outlives the account.
    """

    __tablename__ = "audit_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "audit_entry",
        Index("audit_entry_by_time", "tenant_id", "created_at"),
        Index("audit_entry_by_subject", "tenant_id", "subject_kind", "subject_id"),
    )

    actor_kind: str = Field(sa_type=Text)
    actor_id: UUID | None = None
    actor_name: str = Field(default="", sa_type=Text)
    action: str = Field(sa_type=Text)
    subject_kind: str = Field(sa_type=Text)
    subject_id: str = Field(default="", sa_type=Text)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    after: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    address: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
