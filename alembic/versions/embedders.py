"""Embedders at endpoints: models that make vectors, and their vectors of what search finds."""

from collections.abc import Sequence

import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC
from rls import enable_tenant_isolation
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "embedders"
down_revision: str | None = "kept_conversations"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DIMENSIONS = (256, 384, 512, 768, 1024, 1536, 2048)


def upgrade() -> None:
    for name in ("query_prefix", "passage_prefix"):
        op.add_column(
            "offered_model", sa.Column(name, sa.Text(), server_default="", nullable=False)
        )
        op.alter_column("offered_model", name, server_default=None)
    op.add_column(
        "offered_model", sa.Column("dimensions", sa.Integer(), server_default="0", nullable=False)
    )
    op.alter_column("offered_model", "dimensions", server_default=None)
    op.create_table(
        "embedding_set",
        *_of_a_market("embedding_set"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("scale", sa.Float(), nullable=False),
        sa.Column("shift", sa.Float(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("tenant_id", "state", name="one_embedding_set"),
    )
    op.create_table(
        "search_vector",
        *_of_a_market("search_vector"),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("vector", HALFVEC(), nullable=False),
        sa.Column("hub", sa.Float(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=f"{column}_{table}",
                ondelete="CASCADE",
            )
            for column, table in (("set_id", "embedding_set"), ("entry_id", "search_entry"))
        ),
        sa.UniqueConstraint("tenant_id", "entry_id", "set_id", name="one_search_vector"),
    )
    for size in DIMENSIONS:
        op.create_index(
            f"search_vector_{size}",
            "search_vector",
            [sa.literal_column(f"(vector::halfvec({size}))").label("sized")],
            postgresql_using="hnsw",
            postgresql_ops={"sized": "halfvec_ip_ops"},
            postgresql_with={"m": 16, "ef_construction": 64},
            postgresql_where=sa.text(f"dimensions = {size}"),
        )
    # The key begins with the entry; a set is dropped whole.
    op.create_index("search_vector_by_set", "search_vector", ["tenant_id", "set_id"])
    enable_tenant_isolation(op, "embedding_set")
    enable_tenant_isolation(op, "search_vector")


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
