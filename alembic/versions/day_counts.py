"""Counts of what leaves no row of its own: pages shown, searches."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation

from alembic import op

revision: str = "day_counts"
down_revision: str | None = "photo_sources"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="day_count_market", ondelete="CASCADE"
        ),
        sa.CheckConstraint("number > 0", name="day_count_number"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="day_count_tenant_key"),
        sa.UniqueConstraint("tenant_id", "day", "kind", name="day_count_once"),
    )
    enable_tenant_isolation(op, "day_count")


def downgrade() -> None:
    op.drop_table("day_count")
