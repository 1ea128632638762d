"""Approvals, effects outside, quotes and shortlists."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "approvals"
down_revision: str | None = "outbox"
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


def _json(name: str) -> sa.Column[object]:
    return sa.Column(
        name,
        postgresql.JSONB(astext_type=sa.Text()),
        server_default=sa.text("'{}'"),
        nullable=False,
    )


def upgrade() -> None:
    op.create_table(
        "approval",
        *_own("approval"),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        _json("arguments"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _json("result"),
        sa.Column("problem", sa.Text(), nullable=False),
        _json("problem_params"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        _of("conversation_id", "conversation"),
        _of("person_id", "person"),
        sa.UniqueConstraint("tenant_id", "person_id", "key", "turn", name="approval_once"),
    )
    op.create_index(
        "approval_by_conversation", "approval", ["tenant_id", "conversation_id", "created_at"]
    )
    op.create_index("approval_by_state", "approval", ["tenant_id", "state", "expires_at"])
    op.create_table(
        "outside_effect",
        *_own("outside_effect"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _json("result"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.UniqueConstraint("tenant_id", "key", name="outside_effect_once"),
    )
    op.create_table(
        "quote_request",
        *_own("quote_request"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        _json("services"),
        sa.Column("message", sa.Text(), nullable=False),
        _json("facts"),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _of("person_id", "person"),
        _of("provider_id", "provider"),
        sa.UniqueConstraint(
            "tenant_id", "person_id", "key", "provider_id", name="quote_request_once"
        ),
    )
    op.create_index(
        "quote_request_by_provider", "quote_request", ["tenant_id", "provider_id", "created_at"]
    )
    op.create_index(
        "quote_request_by_person", "quote_request", ["tenant_id", "person_id", "created_at"]
    )
    op.create_table(
        "shortlist_entry",
        *_own("shortlist_entry"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        _of("person_id", "person"),
        _of("listing_id", "listing"),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "project_id",
            "listing_id",
            name="shortlist_entry_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    for table in ("approval", "outside_effect", "quote_request", "shortlist_entry"):
        enable_tenant_isolation(op, table)
