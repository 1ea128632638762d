"""One market never sees, changes or refers to another's rows, in any table."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

import app.tables  # noqa: F401  (every table must be known before the list is read)
from app.database import TENANT_TABLES, engine, identity_session, tenant_session
from app.markets.directory import MarketCard
from tests.factories import ROWS, open_market

OWN_KEY = {"market", "market_host"}
"""Tables that say what a market is; the app role may add nothing but hosts that were proved."""

APPEND_ONLY = {"audit_entry", "consent", "conversation_event"}

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ours() -> MarketCard:
    return await open_market()


@pytest.fixture
async def theirs() -> MarketCard:
    return await open_market()


def test_every_tenant_table_has_a_factory():
    assert set(ROWS) == TENANT_TABLES - OWN_KEY


async def test_the_app_role_cannot_step_around_policies():
    async with identity_session() as session:
        role = (
            await session.execute(
                text(
                    "select rolsuper, rolbypassrls, rolcreaterole from pg_roles"
                    " where rolname = current_user"
                )
            )
        ).one()
        owned = (
            await session.execute(
                text("select count(*) from pg_tables where tableowner = current_user")
            )
        ).scalar_one()
    assert tuple(role) == (False, False, False)
    assert owned == 0


async def test_every_table_with_a_tenant_has_forced_policies_for_reading_and_writing():
    async with identity_session() as session:
        rows = await session.execute(
            text(
                """
                select c.relname, c.relrowsecurity and c.relforcerowsecurity,
                       count(p.*) filter (where p.polname = 'tenant_isolation'
                                          and p.polqual is not null
                                          and p.polwithcheck is not null)
                from pg_class c
                join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                     and not a.attisdropped
                left join pg_policy p on p.polrelid = c.oid
                where c.relkind in ('r', 'p')
                group by 1, 2
                """
            )
        )
        audited = {name: (forced, policies) for name, forced, policies in rows}
    assert set(audited) == TENANT_TABLES
    assert set(audited.values()) == {(True, 1)}


async def test_the_app_role_has_no_truncate_on_any_table():
    async with identity_session() as session:
        truncatable = await session.execute(
            text(
                "select table_name from information_schema.table_privileges"
                " where grantee = current_user and privilege_type = 'TRUNCATE'"
            )
        )
        assert truncatable.scalars().all() == []


@pytest.mark.parametrize("table", sorted(ROWS))
async def test_a_row_is_seen_by_its_own_market_alone(
    table: str, ours: MarketCard, theirs: MarketCard
):
    async with tenant_session(theirs.id) as session:
        row = await ROWS[table](session)
        assert row.tenant_id == theirs.id
    count = text(f"select count(*) from {table} where id = :id")
    async with tenant_session(theirs.id) as session:
        assert (await session.execute(count, {"id": row.id})).scalar() == 1
    async with tenant_session(ours.id) as session:
        assert (await session.execute(count, {"id": row.id})).scalar() == 0
    async with identity_session() as session:
        assert (await session.execute(count, {"id": row.id})).scalar() == 0


@pytest.mark.parametrize("table", sorted(ROWS))
async def test_another_markets_row_cannot_be_changed_or_deleted(
    table: str, ours: MarketCard, theirs: MarketCard
):
    async with tenant_session(theirs.id) as session:
        row = await ROWS[table](session)
    for statement in (
        f"update {table} set id = id where id = :id",
        f"delete from {table} where id = :id",
    ):
        if table in APPEND_ONLY:
            with pytest.raises(ProgrammingError, match="permission denied"):
                async with tenant_session(ours.id) as session:
                    await session.execute(text(statement), {"id": row.id})
            continue
        async with tenant_session(ours.id) as session:
            done = await session.execute(text(statement), {"id": row.id})
            assert done.rowcount == 0  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("table", sorted(ROWS))
async def test_a_row_cannot_be_planted_in_another_market(
    table: str, ours: MarketCard, theirs: MarketCard
):
    with pytest.raises(DBAPIError, match="row-level security"):
        async with tenant_session(ours.id) as session:
            await ROWS[table](session, tenant_id=theirs.id)


@pytest.mark.parametrize("table", sorted(set(ROWS) - APPEND_ONLY))
async def test_a_row_cannot_be_moved_to_another_market(
    table: str, ours: MarketCard, theirs: MarketCard
):
    async with tenant_session(ours.id) as session:
        row = await ROWS[table](session)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with tenant_session(ours.id) as session:
            await session.execute(
                text(f"update {table} set tenant_id = :other where id = :id"),
                {"other": theirs.id, "id": row.id},
            )


@pytest.mark.parametrize(
    ("table", "parent"),
    [
        ("sign_in", "person"),
        ("role_grant", "person"),
        ("role_grant", "provider"),
        ("ticket", "person"),
        ("consent", "person"),
        ("listing", "provider"),
        ("conversation", "person"),
        ("conversation_event", "conversation"),
        ("project", "person"),
        ("project_task", "project"),
        ("registration", "project"),
        ("budget", "project"),
        ("budget_line", "budget"),
        ("attendance", "registration"),
        ("guest_feedback", "registration"),
    ],
)
async def test_a_foreign_key_cannot_reach_another_markets_parent(
    table: str, parent: str, ours: MarketCard, theirs: MarketCard
):
    async with tenant_session(theirs.id) as session:
        row = await ROWS[parent](session)
    with pytest.raises(IntegrityError, match="foreign key"):
        async with tenant_session(ours.id) as session:
            await ROWS[table](session, **{f"{parent}_id": row.id})


async def test_an_unbound_session_cannot_write():
    with pytest.raises(DBAPIError):
        async with identity_session() as session:
            await session.execute(
                text(
                    "insert into person (id, email, name, password_hash, locale, created_at)"
                    " values (:id, 'a@b.c', 'A', '!', 'en', now())"
                ),
                {"id": uuid4()},
            )


async def test_a_used_connection_forgets_the_market_it_served(ours: MarketCard):
    async with tenant_session(ours.id) as session:
        await ROWS["article"](session)
    async with engine().connect() as connection:
        # Both the empty string of a used connection and the null of a fresh one mean no market.
        assert (await connection.execute(text("select app.tenant_id()"))).scalar() is None
        assert (await connection.execute(text("select count(*) from article"))).scalar() == 0


async def test_the_app_role_cannot_open_or_close_a_market(ours: MarketCard):
    for statement in (
        "insert into market (tenant_id, key, default_locale, currency, timezone, created_at)"
        " values (:id, 'stolen', 'en', 'EUR', 'UTC', now())",
        "delete from market where tenant_id = :id",
        "insert into market_host (host, tenant_id, main) values ('evil.test', :id, false)",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|row-level security"):
            async with tenant_session(ours.id) as session:
                await session.execute(text(statement), {"id": ours.id})


async def test_another_markets_name_cannot_be_changed(ours: MarketCard, theirs: MarketCard):
    async with tenant_session(ours.id) as session:
        done = await session.execute(
            text("update market set timezone = 'Mars' where tenant_id = :id"), {"id": theirs.id}
        )
        assert done.rowcount == 0  # pyright: ignore[reportAttributeAccessIssue]


async def test_look_ups_before_the_market_answer_with_ids_alone(ours: MarketCard):
    async with identity_session() as session:
        found = await session.execute(
            text("select app.market_of_host(:host), app.market_of_key(:key)"),
            {"host": ours.host, "key": ours.key},
        )
        assert tuple(found.one()) == (ours.id, ours.id)
        assert (await session.execute(text("select count(*) from market"))).scalar() == 0
        assert (await session.execute(text("select count(*) from market_host"))).scalar() == 0
