"""Reviews of listings, reports of them, and how many stars a listing was given."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "reviews"
down_revision: str | None = "writings"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _own(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What every row of a market has."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name=f"{table}_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name=f"{table}_tenant_key"),
    )


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        name=f"{column}_{table}",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    stars = sa.Column(
        "stars",
        postgresql.ARRAY(sa.Integer()),
        server_default=sa.text("'{0,0,0,0,0}'"),
        nullable=False,
    )
    op.add_column("listing", stars)
    op.create_table(
        "review",
        *_own("review"),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=True),
        _of("listing_id", "listing"),
        _of("person_id", "person"),
        sa.CheckConstraint("stars between 1 and 5", name="review_stars"),
        sa.UniqueConstraint("tenant_id", "listing_id", "person_id", name="review_once"),
    )
    op.create_index(
        "review_of_listing", "review", ["tenant_id", "listing_id", "state", "created_at"]
    )
    op.create_index("review_by_person", "review", ["tenant_id", "person_id"])
    op.create_index("review_by_time", "review", ["tenant_id", "created_at"])
    op.create_table(
        "review_report",
        *_own("review_report"),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _of("review_id", "review"),
        _of("person_id", "person"),
        sa.UniqueConstraint("tenant_id", "review_id", "person_id", name="review_report_once"),
    )
    for table in ("review", "review_report"):
        enable_tenant_isolation(op, table)
