"""The table of jobs, as the people of a market see them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from app.database import Tenanted, json_column, tenant_table
from app.sealing import Sealed


class Job(Tenanted, table=True):
    """A piece of work: what was asked, how far it is, what came of it.

    `state` is `waiting`, `running`, `done`, `failed` or `cancelled`. `told` is what the work
    needs to know, as JSON and sealed, because some of it opens things (a link in a letter).
    """

    __table_args__ = tenant_table("job", Index("job_by_kind", "tenant_id", "kind", "created_at"))

    kind: str = Field(sa_type=Text)
    state: str = Field(default="waiting", sa_type=Text)
    told: str = Field(default="{}", sa_type=Sealed, repr=False)
    asked_by: UUID | None = None
    asked_by_name: str = Field(default="", sa_type=Text)
    done: int = 0
    total: int = 0
    report: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    problem: str = Field(default="", sa_type=Text)
    """A message id of the catalogues, when it failed; empty otherwise."""
    cancel_asked: bool = False
    attempts: int = 0
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    started_at: datetime | None = None
    finished_at: datetime | None = None
