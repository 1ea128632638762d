"""Our people ask for what is theirs in every way that the program has, and get nothing.

The probes are generated: from the metadata of the tables, the list of routes, Reflex's registry of
handlers and pages, the kinds of jobs and the folder of files. What is new is found by itself. Each
kind has controls, in which their own people get the same thing, so that a probe cannot pass because
it asked for nothing.
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database import TENANT_TABLES, identity_session
from app.embedded.postgres import Postgres
from tests.isolation import (
    exports,
    files,
    finding,
    handlers,
    pages,
    routes,
    sockets,
    tables,
    working,
)
from tests.isolation.ledger import Ledger
from tests.isolation.world import OWN_KEY, World, state_of, their_files

ROOT = Path(__file__).parents[2]
FEWEST = 10_000
WITH_CONTROLS = (files, exports, routes, sockets, handlers)
KINDS = (tables, finding, pages, files, working, exports, routes, sockets, handlers)


async def test_no_probe_gets_through(world: World, capsys: pytest.CaptureFixture[str]):
    ledger = Ledger()
    for kind in KINDS:
        # Theirs come first: what they do with what is theirs leaves traces among it.
        if kind in WITH_CONTROLS:
            await kind.control(world, ledger)
        before = await state_of(world.theirs)
        await kind.probe(world, ledger)
        after = await state_of(world.theirs)
        touched = sorted(name for name in before | after if before.get(name) != after.get(name))
        assert not touched, f"{kind.KIND}: a deed of ours changed these tables and files of theirs"
    with capsys.disabled():
        print(f"\n{ledger.table()}")
    assert not ledger.through, "\n".join(ledger.through[:50])
    assert not ledger.blind, "\n".join(ledger.blind)
    assert sum(ledger.probes.values()) >= FEWEST
    assert set(ledger.probes) == {kind.KIND for kind in KINDS}


def test_every_tenant_table_is_probed():
    assert set(tables.ROWS) == TENANT_TABLES - OWN_KEY, (
        "Put a factory of the table's rows into ROWS of tests/factories.py."
    )


def test_what_is_classified_exists():
    known = {route.path for route in routes.walked()}
    stale = "Take it out of GIVES_NOTHING or SHOWS_NOTHING, or give it its new name."
    assert set(routes.GIVES_NOTHING) <= known, stale
    assert set(handlers.SHOWS_NOTHING) <= {each.called for each in handlers.walked()}, stale


def test_every_module_that_puts_files_into_a_markets_folder_is_probed(world: World):
    named = {
        str(path.relative_to(ROOT))
        for folder in ("app", "state", "agents")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r'/ "files"|quotas import .*folder_of|def folder_of\(market', path.read_text())
    }
    assert named == set(files.WRITES), (
        "Say in WRITES of tests/isolation/files.py which folder the module fills, and have"
        " `their_files` of world.py put a file of theirs there."
    )
    put = {path.parent.name for path in their_files(world)}
    assert put == {folder for folder in files.WRITES.values() if folder}


async def test_every_function_that_looks_past_the_policies_is_known(world: World):
    query = text(
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')"
    )
    async with identity_session() as session:
        found = set((await session.scalars(query)).all())
    assert found == {*finding.LOOK_UPS, *finding.NAMES_MARKETS}, (
        "A function that runs as the owner sees every market. Say in NAMES_MARKETS of"
        " tests/isolation/finding.py what it says, or probe it there as LOOK_UPS are."
    )


async def test_tables_that_belong_to_no_market_hold_nothing_of_one(database: Postgres):
    query = text("select tablename from pg_tables where schemaname = 'public'")
    async with identity_session() as session:
        found = set((await session.scalars(query)).all())
    assert found - TENANT_TABLES == set(tables.OF_NO_MARKET), (
        "Say in OF_NO_MARKET of tests/isolation/tables.py what a table without a policy holds."
    )
