"""What others say of a market, and what that is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "social"
down_revision: str | None = "embedders"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "mention_topic",
        *_of_a_market("mention_topic"),
        sa.Column(
            "keywords", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "mention",
        *_of_a_market("mention"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("listing_id", sa.Uuid(), nullable=True),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("sureness", sa.Float(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=f"{column}_{table}",
                ondelete=f"SET NULL ({column})",
            )
            for column, table in (
                ("provider_id", "provider"),
                ("listing_id", "listing"),
                ("topic_id", "mention_topic"),
            )
        ),
        sa.UniqueConstraint("tenant_id", "source", "external_id", name="mention_external"),
        sa.CheckConstraint(
            "sentiment in ('positive', 'neutral', 'negative')", name="mention_sentiment"
        ),
    )
    for name, column in (
        ("mention_by_time", "published_at"),
        ("mention_by_topic", "topic_id"),
        ("mention_by_provider", "provider_id"),
        ("mention_by_listing", "listing_id"),
    ):
        op.create_index(name, "mention", ["tenant_id", column])
    enable_tenant_isolation(op, "mention_topic")
    enable_tenant_isolation(op, "mention")


def _of_a_market(table: str) -> tuple[sa.schema.SchemaItem, ...]:
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
