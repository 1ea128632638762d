"""Chat models: endpoints, models, chains, budgets and what was used."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "models"
down_revision: str | None = "host_claims"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "model_budget",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("market_tokens", sa.BigInteger(), nullable=True),
        sa.Column("person_tokens", sa.BigInteger(), nullable=True),
        sa.Column("market_money", sa.Numeric(precision=18, scale=8), nullable=True),
        sa.Column("person_money", sa.Numeric(precision=18, scale=8), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="model_budget_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="model_budget_tenant_key"),
        sa.UniqueConstraint("tenant_id", name="model_budget_once"),
    )
    op.create_table(
        "model_chain",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column(
            "links",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("first_token_seconds", sa.Float(), nullable=False),
        sa.Column("total_seconds", sa.Float(), nullable=False),
        sa.Column("hedge_seconds", sa.Float(), nullable=False),
        sa.Column("temperature", sa.Float(), nullable=False),
        sa.Column("max_tokens", sa.Integer(), nullable=False),
        sa.Column("top_p", sa.Float(), nullable=False),
        sa.Column("frequency_penalty", sa.Float(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="model_chain_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "agent", name="model_chain_agent"),
        sa.UniqueConstraint("tenant_id", "id", name="model_chain_tenant_key"),
    )
    op.create_table(
        "model_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "urls", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column(
            "told",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="model_endpoint_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="model_endpoint_tenant_key"),
        sa.UniqueConstraint("tenant_id", "name", name="model_endpoint_name"),
    )
    op.create_table(
        "model_spending",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column(
            "money", sa.Numeric(precision=18, scale=8), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="model_spending_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "tenant_id",
            "day",
            "person_id",
            "currency",
            name="model_spending_once",
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("tenant_id", "id", name="model_spending_tenant_key"),
    )
    op.create_table(
        "offered_model",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("adapter_of", sa.Text(), nullable=False),
        sa.Column("context", sa.Integer(), nullable=False),
        sa.Column("tools", sa.Boolean(), nullable=False),
        sa.Column("json_output", sa.Boolean(), nullable=False),
        sa.Column("streams", sa.Boolean(), nullable=False),
        sa.Column(
            "price_in",
            sa.Numeric(precision=18, scale=8),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "price_out",
            sa.Numeric(precision=18, scale=8),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["model_endpoint.tenant_id", "model_endpoint.id"],
            name="endpoint_id_model_endpoint",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="offered_model_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "endpoint_id", "name", name="offered_model_name"),
        sa.UniqueConstraint("tenant_id", "id", name="offered_model_tenant_key"),
    )
    for table in (
        "model_endpoint",
        "offered_model",
        "model_chain",
        "model_budget",
        "model_spending",
    ):
        enable_tenant_isolation(op, table)
