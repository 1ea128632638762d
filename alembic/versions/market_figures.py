"""All markets in one question, and how much each of them holds."""

from collections.abc import Sequence

from rls import APP_ROLE

from alembic import op

revision: str = "market_figures"
down_revision: str | None = "documents"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTED = (
    ("members", "count(*) from public.person"),
    ("listings", "count(*) from public.listing"),
    ("conversations", "count(*) from public.conversation"),
    ("upload_bytes", "coalesce(sum(octet_length(content)), 0) from public.upload"),
    (
        "active_at",
        "greatest((select max(seen_at) from public.sign_in),"
        " (select max(updated_at) from public.conversation),"
        " (select max(created_at) from public.audit_entry))",
    ),
)


def upgrade() -> None:
    # The owner may read the directory already; the app role could bind itself to each market in
    # turn, so it learns nothing here that it could not ask for.
    for name, table in (("every_market", "market"), ("every_host", "market_host")):
        op.execute(
            f"create function app.{name}() returns setof public.{table} language sql stable"
            f" security definer set search_path = '' as $$ select * from public.{table} $$"
        )
    # Runs as who asks, bound to each market in turn, so row-level security holds for every count.
    counts = " ".join(
        f"select {query.replace(' from ', f' into {name} from ', 1)};"
        if not query.startswith("greatest")
        else f"select {query} into {name};"
        for name, query in COUNTED
    )
    op.execute(
        "create function app.market_figures(markets uuid[]) returns table (market_id uuid,"
        " members bigint, listings bigint, conversations bigint, upload_bytes bigint,"
        " active_at timestamptz) language plpgsql volatile set search_path = '' as $$"
        " declare former text := current_setting('app.tenant_id', true);"
        " begin"
        " foreach market_id in array markets loop"
        " perform set_config('app.tenant_id', market_id::text, true);"
        f" {counts}"
        " return next;"
        " end loop;"
        " perform set_config('app.tenant_id', coalesce(former, ''), true);"
        " end $$"
    )
    for signature in ("every_market()", "every_host()", "market_figures(uuid[])"):
        op.execute(f"revoke all on function app.{signature} from public")
        op.execute(f"grant execute on function app.{signature} to {APP_ROLE}")
