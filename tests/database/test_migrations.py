"""The migrations make the tables that the slices declare."""

import asyncio

import pytest

from app.migrations import check, migrate, revisions

pytestmark = pytest.mark.usefixtures("database")


async def test_the_declared_tables_are_the_migrated_ones():
    await asyncio.to_thread(check)


async def test_a_second_migration_changes_nothing():
    present, newest = revisions()
    await asyncio.to_thread(migrate)
    assert revisions() == (present, newest)
    assert present == newest
