"""Roles, tickets, the audit log and jobs; what an admin may change of a market."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from rls import APP_ROLE, enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column(
            "before",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "after",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="audit_entry_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="audit_entry_tenant_key"),
    )
    op.create_index(
        "audit_entry_by_subject",
        "audit_entry",
        ["tenant_id", "subject_kind", "subject_id"],
        unique=False,
    )
    op.create_index("audit_entry_by_time", "audit_entry", ["tenant_id", "created_at"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column(
            "report",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="job_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="job_tenant_key"),
    )
    op.create_index("job_by_kind", "job", ["tenant_id", "kind", "created_at"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "provider_id"],
            ["provider.tenant_id", "provider.id"],
            name="provider_id_provider",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="role_grant_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="role_grant_tenant_key"),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "role",
            "provider_id",
            name="role_grant_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "told",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="ticket_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="ticket_tenant_key"),
        sa.UniqueConstraint("tenant_id", "token_hash", name="ticket_token"),
    )
    op.add_column(
        "article", sa.Column("version", sa.Integer(), server_default=sa.text("'1'"), nullable=False)
    )
    op.add_column(
        "listing",
        sa.Column("state", sa.Text(), server_default=sa.text("'published'"), nullable=False),
    )
    op.add_column(
        "listing",
        sa.Column("state_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    op.add_column(
        "listing", sa.Column("version", sa.Integer(), server_default=sa.text("'1'"), nullable=False)
    )
    op.create_index(
        "listing_by_state", "listing", ["tenant_id", "state", "updated_at"], unique=False
    )
    op.add_column(
        "market", sa.Column("kind", sa.Text(), server_default=sa.text("'market'"), nullable=False)
    )
    op.add_column(
        "market", sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False)
    )
    op.add_column(
        "market",
        sa.Column(
            "switched_off",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "market",
        sa.Column(
            "policy",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "market",
        sa.Column(
            "quotas",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "market",
        sa.Column(
            "wording",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "market", sa.Column("version", sa.Integer(), server_default=sa.text("'1'"), nullable=False)
    )
    op.add_column(
        "market_host", sa.Column("proof", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("market_host", sa.Column("verified_at", UTCDateTime(), nullable=True))
    op.add_column("person", sa.Column("email_verified_at", UTCDateTime(), nullable=True))
    op.add_column("person", sa.Column("suspended_at", UTCDateTime(), nullable=True))
    op.alter_column("person", "password_hash", existing_type=sa.TEXT(), nullable=True)
    op.add_column(
        "provider",
        sa.Column(
            "about",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "provider",
        sa.Column("state", sa.Text(), server_default=sa.text("'published'"), nullable=False),
    )
    op.add_column(
        "provider",
        sa.Column("version", sa.Integer(), server_default=sa.text("'1'"), nullable=False),
    )
    op.add_column(
        "sign_in", sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "sign_in",
        sa.Column(
            "factors", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    for table in ("job", "role_grant", "ticket"):
        enable_tenant_isolation(op, table)
    enable_tenant_isolation(op, "audit_entry", "select, insert")
    create_queue()


def create_queue() -> None:
    """Make the tables of Procrastinate 3.10.0, whose file (MIT licence) stands beside this one.

    They hold ids alone; what a job is told stands in `job`, under row-level security.
    """
    schema = Path(__file__).with_name("0002_procrastinate.sql").read_text("utf-8")
    # Several statements at once go to the driver itself, without parameters.
    op.get_bind().connection.driver_connection.execute(schema)
    for table in ("jobs", "events", "periodic_defers", "workers"):
        op.execute(f"grant select, insert, update, delete on procrastinate_{table} to {APP_ROLE}")
    op.execute(f"grant usage on all sequences in schema public to {APP_ROLE}")
