"""The ways to the data: sessions whose every transaction is bound to one market.

Three doors, each for one kind of caller:

- `tenant_session(tenant_id)`: everything that happens inside a market.
- `identity_session()`: before the market is known; sees no tenant rows and may only call the
  look-up functions that return ids (`app.market_of_host` and its kin).
- `platform_session(tenant_id)`: the owner role, for opening and closing markets.

A block that ends well is committed, one that raises is rolled back. Domain functions take the
session and never commit.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as AnyAsyncSession
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlmodel import Field, Session, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from app.errors import Unavailable
from app.settings import settings

TRUSTED_SECONDS = 5.0
"""A connection that was used so shortly ago is used again unasked."""

TENANT_TABLES: set[str] = set()
"""Names of the tables whose rows belong to one market; each has forced row-level security."""


class Tenanted(SQLModel):
    """Columns that every row of a market has.

    `tenant_id` is filled by the database from the bound session, so that no caller can name a
    market. Subclasses add `tenant_table(...)` to their `__table_args__`.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    tenant_id: UUID = Field(
        default=None,
        nullable=False,
        sa_type=postgresql.UUID(as_uuid=True),  # pyright: ignore[reportArgumentType]
        sa_column_kwargs={"server_default": text("app.tenant_id()")},
    )


def tenant_table(name: str, *constraints: Any) -> tuple[Any, ...]:
    """Table arguments of a tenant table: registers it and lets others refer to it.

    The pair (tenant_id, id) is unique so that foreign keys can carry the market along: a foreign
    key is checked without row-level security, and only a composite one refuses another market's
    parent.
    """
    TENANT_TABLES.add(name)
    return (
        UniqueConstraint("tenant_id", "id", name=f"{name}_tenant_key"),
        ForeignKeyConstraint(
            ["tenant_id"],
            ["market.tenant_id"],
            ondelete="CASCADE",
            name=f"{name}_market",
        ),
        *constraints,
    )


def belongs_to(column: str, table: str, *, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """A foreign key to a row of `table` in the same market."""
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        ondelete=ondelete,
        name=f"{column}_{table}",
    )


class _Session(Session):
    """SQLModel's session, whose `execute` is SQLAlchemy's own.

    SQLModel marks `execute` as deprecated in favour of `exec`, which takes no textual SQL.
    """

    execute = AnySession.execute


class IdentitySession(AsyncSession):
    """A session bound to no market, to which every tenant table is empty."""

    sync_session_class: ClassVar[type[Session]] = _Session  # pyright: ignore[reportIncompatibleVariableOverride]
    execute = AnyAsyncSession.execute


class _TenantBound(_Session):
    """Binds each transaction, so a commit or a reused connection cannot lose or leak the market."""


_BIND = text("select set_config('app.tenant_id', :tenant, true)")


@event.listens_for(_TenantBound, "after_begin")
def _bind_tenant(session: AnySession, _transaction: object, connection: Connection) -> None:
    connection.execute(_BIND, {"tenant": str(session.info["tenant_id"])})


class TenantSession(IdentitySession):
    """A session in one market's name."""

    sync_session_class: ClassVar[type[Session]] = _TenantBound  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def tenant_id(self) -> UUID:
        """The market that every statement of this session is bound to."""
        return self.info["tenant_id"]


def _known(url: str | None) -> str:
    if url is None:
        raise Unavailable("No database is configured: set DATABASE_URL, or start with `agora up`.")
    return url


def _engine(url: str, pool_size: int) -> AsyncEngine:
    made = create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        # A connection beyond these would be closed after its use: under load each transaction
        # would have a new one make itself, and learn the tables and statements anew.
        max_overflow=0,
    )
    _ping_after_rest(made)
    return made


def _ping_after_rest(made: AsyncEngine) -> None:
    """Ask a connection whether it lives before it is used again, if it was not just used.

    SQLAlchemy's own `pool_pre_ping` asks before every transaction, which under load is a sixth of
    a small one's round trips.
    """

    @event.listens_for(made.sync_engine, "checkin")
    def rests(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(made.sync_engine, "checkout")
    def wakes(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get("rests_since")
        if since is None or time.monotonic() - since < TRUSTED_SECONDS:
            return
        try:
            made.sync_engine.dialect.do_ping(connection)
        except made.sync_engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("The connection was lost while it rested.") from error


@cache
def engine() -> AsyncEngine:
    """The app role's engine; opened on first use, for workers fork after import."""
    told = settings()
    return _engine(_known(told.database_url), told.database_pool_size)


@cache
def owner_engine() -> AsyncEngine:
    """The owner role's engine, for migrations and for opening markets."""
    return _engine(_known(settings().database_owner_url), pool_size=2)


async def close_idle_connections() -> None:
    """Close the connections where none is used; the next transaction opens one of its own.

    Each holds some megabytes of what it learned of the tables, in its process of the database. A
    connection that is used would come back to a pool that is gone, and be closed by nobody.
    """
    for made in (engine, owner_engine):
        if made.cache_info().currsize and _at_rest(made()):
            await made().dispose()


def _at_rest(made: AsyncEngine) -> bool:
    return isinstance(made.pool, QueuePool) and made.pool.checkedout() == 0


async def close_engines() -> None:
    """Close all connections, as a process does before it ends or changes its database."""
    for made in (engine, owner_engine):
        if made.cache_info().currsize:
            await made().dispose()
        made.cache_clear()


@asynccontextmanager
async def tenant_session(tenant_id: UUID) -> AsyncGenerator[TenantSession]:
    """One unit of work in a market's name: committed when the block ends well."""
    async with (
        TenantSession(engine(), info={"tenant_id": tenant_id}, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@asynccontextmanager
async def identity_session() -> AsyncGenerator[IdentitySession]:
    """One unit of work before the market is known; tenant rows are invisible to it."""
    async with (
        IdentitySession(engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@asynccontextmanager
async def platform_session(tenant_id: UUID) -> AsyncGenerator[TenantSession]:
    """One unit of work of the owner role, still bound to one market."""
    async with (
        TenantSession(
            owner_engine(), info={"tenant_id": tenant_id}, expire_on_commit=False
        ) as session,
        session.begin(),
    ):
        yield session


@asynccontextmanager
async def in_the_name_of(session: TenantSession, tenant_id: UUID) -> AsyncGenerator[None]:
    """Bind the owner's transaction to another market for the block, and back when it ends well.

    For what concerns two markets and must be kept or lost as one: a deed done to a market, and
    its entry in the platform's log. The app role has no use for it.
    """
    former = session.tenant_id
    await session.flush()
    await _bind(session, tenant_id)
    yield
    await session.flush()
    await _bind(session, former)


async def _bind(session: TenantSession, tenant_id: UUID) -> None:
    session.info["tenant_id"] = tenant_id
    await (await session.connection()).execute(_BIND, {"tenant": str(tenant_id)})


def json_column(**kwargs: Any) -> Column[Any]:
    """A not-null JSONB column; texts per locale are kept as `{locale: text}`."""
    return Column(postgresql.JSONB, nullable=False, server_default=text("'{}'"), **kwargs)


def text_array(**kwargs: Any) -> Column[Any]:
    """A not-null text[] column."""
    return Column(postgresql.ARRAY(Text()), nullable=False, server_default=text("'{}'"), **kwargs)
