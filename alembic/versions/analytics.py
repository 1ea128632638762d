"""What events bring in, and the reports on them."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "analytics"
down_revision: str | None = "budgets"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    _table(
        "event_income",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(18, 4), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("received", sa.Date(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("amount > 0", name="event_income_amount"),
    )
    op.create_index(
        "event_income_by_project", "event_income", ["tenant_id", "project_id", "created_at"]
    )
    _table(
        "event_report",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "figures",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("tenant_id", "project_id", name="event_report_once"),
    )


def _table(name: str, *told: sa.schema.SchemaItem) -> None:
    """A table whose rows belong to an event."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        *told,
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name=f"{name}_market", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name="project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name=f"{name}_tenant_key"),
    )
    enable_tenant_isolation(op, name)
