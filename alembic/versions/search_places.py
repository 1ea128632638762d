"""Where the index of a market lies in Weaviate."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "search_places"
down_revision: str | None = "market_figures"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "search_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("collection", sa.Text(), nullable=True),
        sa.Column("filling", sa.Text(), nullable=True),
        sa.Column("used_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="search_place_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="search_place_tenant_key"),
        sa.UniqueConstraint("tenant_id", name="one_search_place"),
    )
    enable_tenant_isolation(op, "search_place")
