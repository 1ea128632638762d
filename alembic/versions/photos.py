"""Photos of listings, and what a listing keeps of its first."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "photos"
down_revision: str | None = "feedback_handled"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("listing", _texts("cover"))
    op.create_table(
        "listing_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("position", "width", "height", "bytes")
        ),
        sa.Column("tint", sa.Text(), nullable=False),
        _texts("alt"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="listing_photo_market", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "listing_id"],
            ["listing.tenant_id", "listing.id"],
            name="listing_id_listing",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="listing_photo_tenant_key"),
    )
    op.create_index("photo_of_listing", "listing_photo", ["tenant_id", "listing_id"])
    enable_tenant_isolation(op, "listing_photo")


def _texts(name: str) -> sa.Column[object]:
    return sa.Column(
        name,
        postgresql.JSONB(astext_type=sa.Text()),
        server_default=sa.text("'{}'"),
        nullable=False,
    )
