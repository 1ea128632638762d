"""Row-level security in migrations. Frozen once released: migrations of the past call it."""

from typing import Any

APP_ROLE = "agora_app"


def enable_tenant_isolation(op: Any, table: str, grants: str = "select, insert, update, delete"):
    """Let the app role use `table`, each session seeing and writing its own market's rows only.

    Row-level security is forced, so that it holds for the owner role too. The function stands
    in a sub-select so that Postgres evaluates it once and can use an index.
    """
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy tenant_isolation on {table}"
        " using (tenant_id = (select app.tenant_id()))"
        " with check (tenant_id = (select app.tenant_id()))"
    )
    op.execute(f"grant {grants} on {table} to {APP_ROLE}")
