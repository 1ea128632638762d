"""Conversations that are pinned, put away, searched and shared, and what people think of replies."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "kept_conversations"
down_revision: str | None = "bound_conversations"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

WORDS = "to_tsvector('simple', coalesce(payload->>'text', ''))"


def upgrade() -> None:
    for name in ("pinned_at", "archived_at"):
        op.add_column("conversation", sa.Column(name, UTCDateTime(), nullable=True))
    op.add_column(
        "conversation_event",
        sa.Column("words", postgresql.TSVECTOR(), sa.Computed(WORDS, persisted=True)),
    )
    op.create_table(
        "conversation_share",
        *_key("conversation_share"),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name="conversation_id_conversation",
            ondelete="CASCADE",
        ),
    )
    op.create_index("conversation_share_of", "conversation_share", ["tenant_id", "conversation_id"])
    op.create_table(
        "reply_feedback",
        *_key("reply_feedback"),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reply_id"],
            ["conversation_event.tenant_id", "conversation_event.id"],
            name="reply_id_conversation_event",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "reply_id", name="reply_feedback_once"),
    )
    op.create_index("reply_feedback_by_time", "reply_feedback", ["tenant_id", "created_at"])
    for table in ("conversation_share", "reply_feedback"):
        enable_tenant_isolation(op, table)


def _key(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns and constraints that every table of a market has."""
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
