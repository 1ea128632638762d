"""Search entries of a million in many markets: vectors in their rows, words and names by market."""

from collections.abc import Sequence

from alembic import op

revision: str = "search_rows"
down_revision: str | None = "reply_approvals"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Moved out of their rows, as they are by default, vectors would be fetched through another
    # index when a market's entries are compared one by one. It holds for rows written from now on.
    op.execute("alter table search_entry set (toast_tuple_target = 4080)")
    # With the market in front, a look-up passes over the words of all other markets.
    op.execute("create extension if not exists btree_gin")
    for name in ("search_words", "search_spelling"):
        op.drop_index(name, table_name="search_entry")
    op.create_index("search_words", "search_entry", ["tenant_id", "words"], postgresql_using="gin")
    op.create_index(
        "search_spelling",
        "search_entry",
        ["tenant_id", "names"],
        postgresql_using="gin",
        postgresql_ops={"names": "gin_trgm_ops"},
    )
