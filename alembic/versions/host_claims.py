"""Claims of own domains, and the right of a market to its proved ones."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import APP_ROLE, enable_tenant_isolation
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "host_claims"
down_revision: str | None = "sign_in_ways"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "host_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="host_claim_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "host", name="host_claim_host"),
        sa.UniqueConstraint("tenant_id", "id", name="host_claim_tenant_key"),
    )
    enable_tenant_isolation(op, "host_claim")
    # A market may add what it has proved and choose its main host, and nothing else.
    op.execute(f"grant insert, delete on market_host to {APP_ROLE}")
    op.execute(f"grant update (main) on market_host to {APP_ROLE}")
    op.execute(
        f"create policy proved on market_host as restrictive for insert to {APP_ROLE}"
        " with check (verified_at is not null and proof <> '')"
    )
    op.execute(
        f"create policy given on market_host as restrictive for delete to {APP_ROLE}"
        " using (verified_at is not null and not main)"
    )
