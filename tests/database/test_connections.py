"""Connections that were lost while they rested are found out before they are used."""

from collections.abc import AsyncGenerator

import psycopg
import pytest
from sqlalchemy import text

from app import database as doors
from app.database import identity_session
from app.embedded.postgres import Postgres

PID = text("select pg_backend_pid()")


@pytest.fixture
async def server(database: Postgres) -> AsyncGenerator[Postgres]:
    """The database, reached by a pool that no other test has used."""
    await doors.close_engines()
    yield database
    await doors.close_engines()


async def test_a_rested_connection_that_was_lost_is_replaced(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
):
    async with identity_session() as session:
        lost = await session.scalar(PID)
    async with identity_session() as session:
        assert await session.scalar(PID) == lost
    with psycopg.connect(server.superuser_url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [lost])
    monkeypatch.setattr(doors, "TRUSTED_SECONDS", 0.0)
    async with identity_session() as session:
        assert await session.scalar(PID) != lost


async def test_connections_are_closed_where_none_is_used(server: Postgres):
    async with identity_session() as session:
        used = await session.scalar(PID)
        await doors.close_idle_connections()
        assert await session.scalar(PID) == used
    async with identity_session() as session:
        assert await session.scalar(PID) == used
    await doors.close_idle_connections()
    with psycopg.connect(server.superuser_url, autocommit=True) as other:
        living = "select count(*) from pg_stat_activity where pid = %s"
        assert other.execute(living, [used]).fetchone() == (0,)
    async with identity_session() as session:
        assert await session.scalar(PID) != used
