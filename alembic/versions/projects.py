"""Event projects, their tasks, and what their guests did and said."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "projects"
down_revision: str | None = "search_rows"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = (
    "project",
    "project_task",
    "task_link",
    "registration",
    "attendance",
    "guest_feedback",
)


def upgrade() -> None:
    _table(
        "project",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("begins", sa.Time(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("budget_amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("budget_currency", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "left_out", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_for", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        _parent("person_id", "person"),
        sa.CheckConstraint(
            "(budget_amount is null) = (budget_currency is null)", name="project_budget"
        ),
    )
    op.create_index("project_by_person", "project", ["tenant_id", "person_id", "updated_at"])
    _table(
        "project_task",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_is_own", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        _parent("project_id", "project"),
        sa.UniqueConstraint("tenant_id", "project_id", "step", name="project_task_step"),
    )
    op.create_index(
        "project_task_order", "project_task", ["tenant_id", "project_id", "state", "position"]
    )
    _table(
        "task_link",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("needs_id", sa.Uuid(), nullable=False),
        _time("created_at"),
        _parent("task_id", "project_task"),
        _parent("needs_id", "project_task"),
        sa.UniqueConstraint("tenant_id", "task_id", "needs_id", name="task_link_once"),
        sa.CheckConstraint("task_id <> needs_id", name="task_link_other"),
    )
    op.create_index("task_link_by_needed", "task_link", ["tenant_id", "needs_id"])
    _table(
        "registration",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        _parent("project_id", "project"),
        sa.CheckConstraint("party > 0", name="registration_party"),
    )
    op.create_index(
        "registration_by_project", "registration", ["tenant_id", "project_id", "created_at"]
    )
    op.create_index("registration_by_email", "registration", ["tenant_id", "email"])
    _table(
        "attendance",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("party", sa.Integer(), nullable=False),
        _time("arrived_at"),
        _time("created_at"),
        _parent("project_id", "project"),
        _parent("registration_id", "registration"),
        sa.UniqueConstraint("tenant_id", "registration_id", name="attendance_once"),
        sa.CheckConstraint("party > 0", name="attendance_party"),
    )
    op.create_index(
        "attendance_by_project", "attendance", ["tenant_id", "project_id", "arrived_at"]
    )
    _table(
        "guest_feedback",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _time("created_at"),
        _parent("project_id", "project"),
        _parent("registration_id", "registration"),
        sa.UniqueConstraint("tenant_id", "registration_id", name="guest_feedback_once"),
        sa.CheckConstraint("rating between 1 and 5", name="guest_feedback_rating"),
    )
    op.create_index(
        "guest_feedback_by_project", "guest_feedback", ["tenant_id", "project_id", "created_at"]
    )
    for table in TABLES:
        enable_tenant_isolation(op, table)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, UTCDateTime(), nullable=False)


def _parent(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        name=f"{column}_{table}",
        ondelete="CASCADE",
    )


def _table(name: str, *told: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        *told,
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name=f"{name}_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name=f"{name}_tenant_key"),
    )
