"""Files that people put into their conversations, and the passages of their text."""

from collections.abc import Sequence

import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "attachments"
down_revision: str | None = "social"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        *_key("attachment"),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "media", "kind")),
        sa.Column("bytes", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "problem")),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("tries", "pages", "characters")
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _belongs_to("conversation_id", "conversation"),
        _belongs_to("message_id", "conversation_event"),
    )
    op.create_index("attachment_of_conversation", "attachment", ["tenant_id", "conversation_id"])
    op.create_table(
        "attachment_passage",
        *_key("attachment_passage"),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column(
            "heading",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meaning", HALFVEC(512), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _belongs_to("attachment_id", "attachment"),
        sa.UniqueConstraint(
            "tenant_id", "attachment_id", "position", name="attachment_passage_position"
        ),
    )
    for table in ("attachment", "attachment_passage"):
        enable_tenant_isolation(op, table)


def _belongs_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        name=f"{column}_{table}",
        ondelete="CASCADE",
    )


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
