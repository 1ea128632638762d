"""Budgets of event projects, and their lines."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "budgets"
down_revision: str | None = "approvals"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="budget_market", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name="project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="budget_tenant_key"),
        sa.UniqueConstraint("tenant_id", "project_id", name="budget_once"),
    )
    enable_tenant_isolation(op, "budget")
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("planned", sa.Numeric(18, 4), nullable=False),
        sa.Column("actual", sa.Numeric(18, 4), nullable=True),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="budget_line_market", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "budget_id"],
            ["budget.tenant_id", "budget.id"],
            name="budget_id_budget",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "listing_id"],
            ["listing.tenant_id", "listing.id"],
            name="listing_id_listing",
            ondelete="SET NULL (listing_id)",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="budget_line_tenant_key"),
    )
    op.create_index(
        "budget_line_in_order", "budget_line", ["tenant_id", "budget_id", "position"], unique=False
    )
    op.create_index(
        "budget_line_by_listing", "budget_line", ["tenant_id", "listing_id"], unique=False
    )
    enable_tenant_isolation(op, "budget_line")
