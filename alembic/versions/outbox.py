"""What happened, and who has taken it in."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import APP_ROLE, enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "outbox"
down_revision: str | None = "projects"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

UNSENT = "delivered_at is null and parked_at is null"
UNDONE = "done_at is null and parked_at is null"
PARKED = "parked_at is not null"


def upgrade() -> None:
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("delivered_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("parked_at", UTCDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="outbox_event_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="outbox_event_tenant_key"),
    )
    for name, columns, where in (
        ("outbox_event_waiting", ["tenant_id", "position"], UNSENT),
        ("outbox_event_parked", ["tenant_id", "position"], PARKED),
        ("outbox_event_by_age", ["tenant_id", "created_at"], None),
    ):
        op.create_index(
            name, "outbox_event", columns, postgresql_where=sa.text(where) if where else None
        )
    op.create_table(
        "event_consumption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id", sa.UUID(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("parked_at", UTCDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outbox_event.tenant_id", "outbox_event.id"],
            name="event_id_outbox_event",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["market.tenant_id"], name="event_consumption_market", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="event_consumption_tenant_key"),
        sa.UniqueConstraint("tenant_id", "consumer", "event_id", name="event_consumption_once"),
    )
    for name, columns, where in (
        ("event_consumption_waiting", ["tenant_id", "consumer", "subject", "position"], UNDONE),
        ("event_consumption_by_event", ["tenant_id", "event_id"], None),
        ("event_consumption_parked", ["tenant_id", "position"], PARKED),
    ):
        op.create_index(
            name, "event_consumption", columns, postgresql_where=sa.text(where) if where else None
        )
    for table in ("outbox_event", "event_consumption"):
        enable_tenant_isolation(op, table)
    # Runs as who asks, bound to each market in turn, so row-level security holds for every count.
    op.execute(
        "create function app.outbox_figures() returns table (market_id uuid, due boolean,"
        " waiting bigint, oldest timestamptz, untaken bigint, parked bigint)"
        " language plpgsql volatile set search_path = '' as $$"
        " declare former text := current_setting('app.tenant_id', true);"
        " begin"
        " for market_id in select app.market_ids() loop"
        " perform set_config('app.tenant_id', market_id::text, true);"
        " select count(*), min(e.created_at), coalesce(bool_or(e.next_try_at <= now()), false)"
        f" into waiting, oldest, due from public.outbox_event as e where e.{UNSENT.replace(' and ', ' and e.')};"
        " select count(*), due or coalesce(bool_or(c.next_try_at <= now()), false)"
        f" into untaken, due from public.event_consumption as c where c.{UNDONE.replace(' and ', ' and c.')};"
        f" select (select count(*) from public.outbox_event as e where e.{PARKED})"
        f" + (select count(*) from public.event_consumption as c where c.{PARKED}) into parked;"
        " return next;"
        " end loop;"
        " perform set_config('app.tenant_id', coalesce(former, ''), true);"
        " end $$"
    )
    op.execute("revoke all on function app.outbox_figures() from public")
    op.execute(f"grant execute on function app.outbox_figures() to {APP_ROLE}")
