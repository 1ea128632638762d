"""Consents, which are added to and never changed; and how old entries of the audit log go."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import APP_ROLE, enable_tenant_isolation
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "consents"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="consent_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="consent_tenant_key"),
    )
    op.create_index(
        "consent_by_person", "consent", ["tenant_id", "person_id", "kind", "created_at"]
    )
    enable_tenant_isolation(op, "consent", "select, insert")
    let_old_audit_entries_go()


def let_old_audit_entries_go() -> None:
    """Let the app role delete entries of its own market that are a year old, and none younger.

    The function runs as the owner, whom the policy of the bound market holds as well.
    """
    op.execute(
        "create function app.prune_audit(timestamptz) returns bigint language sql volatile"
        " security definer set search_path = '' as $$"
        " with gone as (delete from public.audit_entry"
        " where tenant_id = (select app.tenant_id())"
        " and created_at < least($1, now() - interval '365 days') returning 1)"
        " select count(*) from gone $$"
    )
    op.execute("revoke all on function app.prune_audit(timestamptz) from public")
    op.execute(f"grant execute on function app.prune_audit(timestamptz) to {APP_ROLE}")
