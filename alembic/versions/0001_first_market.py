"""The first market's tables, each closed to every other market."""

from collections.abc import Sequence

import sqlalchemy as sa
from pgvector.sqlalchemy import HALFVEC
from rls import APP_ROLE, enable_tenant_isolation
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    create_functions()
    op.create_table(
        "market",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "name",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "tagline",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "locales",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("default_locale", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column(
            "brand",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column(
            "title",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "body",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="article_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="article_tenant_key"),
        sa.UniqueConstraint("tenant_id", "slug", name="article_slug"),
    )
    op.create_table(
        "market_host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["market.tenant_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("host"),
    )
    op.create_index(op.f("ix_market_host_tenant_id"), "market_host", ["tenant_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="person_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "email", name="person_email"),
        sa.UniqueConstraint("tenant_id", "id", name="person_tenant_key"),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="provider_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "external_id", name="provider_external"),
        sa.UniqueConstraint("tenant_id", "id", name="provider_tenant_key"),
        sa.UniqueConstraint("tenant_id", "slug", name="provider_slug"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="conversation_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="conversation_tenant_key"),
    )
    op.create_index(
        "conversation_by_person",
        "conversation",
        ["tenant_id", "person_id", "updated_at"],
        unique=False,
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column(
            "title",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "description",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("price_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("price_currency", sa.Text(), nullable=True),
        sa.Column("price_unit", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_km", sa.Float(), nullable=True),
        sa.Column(
            "languages",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "tags",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "provider_id"],
            ["provider.tenant_id", "provider.id"],
            name="provider_id_provider",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="listing_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "external_id", name="listing_external"),
        sa.UniqueConstraint("tenant_id", "id", name="listing_tenant_key"),
        sa.UniqueConstraint("tenant_id", "slug", name="listing_slug"),
    )
    op.create_index("listing_by_category", "listing", ["tenant_id", "category"], unique=False)
    op.create_index("listing_by_provider", "listing", ["tenant_id", "provider_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="sign_in_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="sign_in_tenant_key"),
        sa.UniqueConstraint("tenant_id", "token_hash", name="sign_in_token"),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', names || ' ' || text)", persisted=True),
            nullable=False,
        ),
        sa.Column("meaning", HALFVEC(512), nullable=False),
        sa.Column("wording", HALFVEC(384), nullable=False),
        sa.Column("hub", sa.Float(), nullable=False),
        sa.Column("wording_hub", sa.Float(), nullable=False),
        sa.Column(
            "facets",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column(
            "languages",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("price_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("price_currency", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="search_entry_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id", name="search_entry_tenant_key"),
        sa.UniqueConstraint("tenant_id", "kind", "source_id", "locale", "part", name="search_part"),
    )
    create_search_indexes()
    op.create_table(
        "conversation_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tenant_id",
            sa.UUID(),
            server_default=sa.text("app.tenant_id()"),
            nullable=False,
        ),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name="conversation_id_conversation",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            name="conversation_event_market",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "conversation_id", "seq", name="conversation_event_seq"),
        sa.UniqueConstraint("tenant_id", "id", name="conversation_event_tenant_key"),
    )
    open_to_the_app()


def create_search_indexes() -> None:
    """Indexes over vectors, words and letters; vectors stay in their rows.

    Out of line, as Postgres would put them by their size, an exact scan would fetch each one by
    itself.
    """
    for vector in ("meaning", "wording"):
        op.execute(f"alter table search_entry alter column {vector} set storage plain")
    op.create_index("search_by_category", "search_entry", ["tenant_id", "kind", "category"])
    op.create_index(
        "search_meaning",
        "search_entry",
        ["meaning"],
        postgresql_using="hnsw",
        postgresql_ops={"meaning": "halfvec_ip_ops"},
        postgresql_with={"m": 16, "ef_construction": 64},
    )
    op.create_index("search_words", "search_entry", ["words"], postgresql_using="gin")
    op.create_index(
        "search_spelling",
        "search_entry",
        ["names"],
        postgresql_using="gin",
        postgresql_ops={"names": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_table("search_entry")
    op.drop_table("conversation_event")
    op.drop_table("sign_in")
    op.drop_index("listing_by_provider", table_name="listing")
    op.drop_index("listing_by_category", table_name="listing")
    op.drop_table("listing")
    op.drop_index("conversation_by_person", table_name="conversation")
    op.drop_table("conversation")
    op.drop_table("provider")
    op.drop_table("person")
    op.drop_index(op.f("ix_market_host_tenant_id"), table_name="market_host")
    op.drop_table("market_host")
    op.drop_table("article")
    op.drop_table("market")
    op.execute("drop schema app cascade")


def create_functions() -> None:
    """The binding of a session to its market, read by every policy.

    Unset and empty both mean no market, hence no rows: a pooled connection reports an empty
    string once its transaction-local setting has ended.
    """
    op.execute("create schema app")
    op.execute(
        "create function app.tenant_id() returns uuid language sql stable parallel safe"
        " as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$"
    )
    op.execute(f"grant usage on schema app to {APP_ROLE}")


def open_to_the_app() -> None:
    """Policies and grants; a market is opened and closed by the owner role alone."""
    for table in (
        "person",
        "sign_in",
        "provider",
        "listing",
        "article",
        "conversation",
        "search_entry",
    ):
        enable_tenant_isolation(op, table)
    create_search_functions()
    enable_tenant_isolation(op, "conversation_event", "select, insert")
    enable_tenant_isolation(op, "market", "select, update")
    enable_tenant_isolation(op, "market_host", "select")
    create_look_ups()


def create_search_functions() -> None:
    """Look-ups by words and letters, which row-level security would keep from their indexes.

    Postgres applies a policy before any operator that is not leakproof, and those of text search
    and of trigrams are not. So they run as the owner, who may read the entries, and name the
    market themselves; they answer with ids alone, and whoever reads those is under the policy.
    """
    op.execute("create policy finding on search_entry for select to current_user using (true)")
    for name, condition, order in (
        ("spelt_like", "names operator(public.%>) $2", "public.word_similarity($2, names) desc"),
        ("worded_like", "words @@ plainto_tsquery('pg_catalog.simple', $2)", "id"),
    ):
        op.execute(
            f"create function app.{name}(text, text, integer) returns setof uuid language sql"
            " stable rows 60 security definer set search_path = '' as $$"
            " select id from public.search_entry"
            f" where tenant_id = (select app.tenant_id()) and kind = $1 and {condition}"
            f" order by {order} limit $3 $$"
        )
        op.execute(f"revoke all on function app.{name}(text, text, integer) from public")
        op.execute(f"grant execute on function app.{name}(text, text, integer) to {APP_ROLE}")


def create_look_ups() -> None:
    """What may be asked before the market is known; each answers with an id and nothing else.

    The functions run as the owner, whom forced row-level security holds too, so the owner is let
    read the two tables that say which market a host or a key opens.
    """
    for table in ("market", "market_host"):
        op.execute(f"create policy directory on {table} for select to current_user using (true)")
    for name, argument, answer, query in (
        (
            "market_of_host",
            "text",
            "uuid",
            "select tenant_id from public.market_host where host = $1",
        ),
        (
            "market_of_key",
            "text",
            "uuid",
            "select tenant_id from public.market where key = $1",
        ),
        ("market_ids", "", "setof uuid", "select tenant_id from public.market"),
    ):
        op.execute(
            f"create function app.{name}({argument}) returns {answer} language sql stable"
            f" security definer set search_path = '' as $$ {query} $$"
        )
        op.execute(f"revoke all on function app.{name}({argument}) from public")
        op.execute(f"grant execute on function app.{name}({argument}) to {APP_ROLE}")
