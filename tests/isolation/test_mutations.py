"""The probes notice when a single policy falls, or the market is not bound in a single place.

Each test breaks one thing, lets the probes that concern it run, and mends it. What is broken is
found by itself: every policy in the catalogue, and every function that opens a `tenant_session`.
All of it happens in a copy of the run's database, for a schema that is broken is so for everybody.
"""

import importlib
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event, text
from sqlalchemy.exc import MultipleResultsFound

from app import database
from app.database import close_engines, platform_session
from app.embedded.postgres import Postgres
from app.embedded.roles import APP, OWNER
from app.markets import directory
from app.rendering.state import PageRequest
from app.settings import settings
from tests.isolation import finding, handlers, pages, routes, tables, working
from tests.isolation import world as worlds
from tests.isolation.binding import places
from tests.isolation.ledger import Ledger, Noticed
from tests.isolation.reaching import unnoticed
from tests.isolation.world import World, state_of

UNBOUND_ELSEWHERE = {
    "agents/attachments.py": "files of the conversation that is asked in, which its own log names",
    "agents/answering.py": "bound by the conversation that is asked in",
    "agents/communication.py": "asks the index, whose answers are read where they are shown",
    "agents/gathering.py": "names of places, which an answer does not show",
    "agents/briefing.py": "names of categories to suggest",
    "agents/vendor.py": "as above",
    "app/accounts/proving.py": "a job's own market, as bound by what does jobs",
    "app/analytics/counting.py": "what was counted in every market, each in its own",
    "app/approvals/carrying.py": "a job's own market, or that of the conversation that is opened",
    "app/approvals/effects.py": "a job's own market, as bound by what does jobs",
    "app/catalogue/photos/fetching.py": "a job's own market, as bound by what does jobs",
    "app/commands": "an operator's words, who may do anything",
    "app/inference/chains.py": "settings of models, in which nobody writes",
    "app/inference/writing.py": "the budget of the market whose conversation is answered",
    "app/jobs/work.py": "unbound in a test of its own",
    "app/knowledge/syncing.py": "folders of the server, which an operator names",
    "app/markets/closing_archive.py": "the platform's own, unbound in a test of its own",
    "app/markets/closing_erasure.py": "erases the market that the platform's job names",
    "app/markets/demo/loading.py": "an operator's words",
    "app/markets/directory.py": "unbound in a test of its own",
    "app/markets/platform.py": "the platform's own",
    "app/outbox": "the relay's and a clock's work in every market, which no request names",
    "app/privacy/retention.py": "a clock's work in every market",
    "app/vendors/quotes.py": "a clock's work in every market",
    "app/search/following.py": "a job's own market, as bound by what does jobs",
    "app/training": "adapters, which an operator trains and publishes",
    "state/shared.py": "the link's signature is by the market, another's is not even looked up",
    "app/search/weaviate": "where a Weaviate is named, which has tests of its own",
}
"""Places that bind a market and that no probe of a request need reach, and why."""


READ_BY_OWNER = {"market", "market_host", "search_entry"}
"""Tables that the owner may read whole, for the functions that answer before a market is bound."""


@pytest.fixture(scope="module")
async def copied(database: Postgres) -> AsyncGenerator[Postgres]:
    """A copy of the run's database, which the program reaches while these tests run."""
    await close_engines()
    source = urlsplit(database.owner_url).path[1:]
    name = f"mutants_{secrets.token_hex(4)}"
    ours = {"app_url": APP, "owner_url": OWNER}
    urls = {each: _elsewhere(getattr(database, each), name) for each in ours}
    elsewhere = _elsewhere(database.superuser_url, "postgres")
    with psycopg.connect(elsewhere, autocommit=True) as server:
        server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [source]
        )
        server.execute(
            sql.SQL("create database {} template {} owner {}").format(
                sql.Identifier(name), sql.Identifier(source), sql.Identifier(OWNER)
            )
        )
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DATABASE_URL", urls["app_url"])
            environment.setenv("DATABASE_OWNER_URL", urls["owner_url"])
            settings.cache_clear()
            directory.forget()
            yield replace(database, **urls, _users=-1)
            await close_engines()
        settings.cache_clear()
        directory.forget()
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _elsewhere(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="module")
async def world(copied: Postgres) -> World:
    return await worlds.made()


@asynccontextmanager
async def broken(server: Postgres, breaks: str, mends: str) -> AsyncGenerator[None]:
    """The schema with one thing broken, for the block."""
    with psycopg.connect(server.owner_url, autocommit=True) as owner:
        owner.execute(breaks)  # pyright: ignore[reportArgumentType, reportCallIssue]
        try:
            yield
        finally:
            owner.execute(mends)  # pyright: ignore[reportArgumentType, reportCallIssue]


def policies(server: Postgres) -> list[tuple[str, str, str, str]]:
    """Every policy: table, name, and the statements that break and mend it."""
    with psycopg.connect(server.owner_url) as owner:
        rows = owner.execute(
            "select tablename, policyname, permissive, cmd, roles::text[], qual, with_check"
            " from pg_policies where schemaname = 'public' order by 1, 2"
        ).fetchall()
    found: list[tuple[str, str, str, str]] = []
    for table, name, kind, command, roles, qual, check in rows:
        made = f"create policy {name} on {table} as {kind} for {command} to {', '.join(roles)}"
        made += f" using ({qual})" if qual else ""
        made += f" with check ({check})" if check else ""
        found.append((table, name, f"drop policy {name} on {table}", made))
    return found


async def noticed(world: World, table: str) -> bool:
    """Whether the probes of a table and of search notice anything."""
    ledger = Ledger(hasty=True)
    directory.forget()
    try:
        if table in READ_BY_OWNER:
            query = text(f"select count(*) from {table} where tenant_id = :theirs")
            async with platform_session(world.ours.id) as session:
                found = await session.scalar(query, {"theirs": world.theirs.id})
            ledger.control("look-up", bool(found), f"the functions read {table} of every market")
        if table == "market_host":
            found = await directory.market_for_host(world.theirs.host)
            ledger.control("look-up", found is not None, "theirs is found by its host")
        await tables.probe(world, ledger, {table})
    except (Noticed, MultipleResultsFound):
        return True
    finally:
        directory.forget()
    return False


async def test_dropping_or_opening_any_one_policy_is_noticed(world: World, copied: Postgres):
    found = policies(copied)
    assert {table for table, *_ in found} == set(world.rows)
    unnoticed: list[str] = []
    for table, name, drop, make in found:
        assert not await noticed(world, table), f"{table} is noticed when nothing is broken"
        async with broken(copied, drop, make):
            if not await noticed(world, table):
                unnoticed.append(f"{drop}")
        if name != "tenant_isolation":
            continue
        opened = f"{drop}; create policy {name} on {table} using (true) with check (true)"
        async with broken(copied, opened, f"{drop}; {make}"):
            if not await noticed(world, table):
                unnoticed.append(f"opened {table}")
        closed = f"alter table {table} enable row level security"
        async with broken(copied, closed.replace("enable", "disable"), closed):
            if not await noticed(world, table):
                unnoticed.append(f"disabled {table}")
    assert not unnoticed


@pytest.mark.parametrize("answer", ["null::uuid", "'{theirs}'::uuid"])
async def test_a_wrong_answer_to_which_market_is_bound_is_noticed(
    world: World, copied: Postgres, answer: str
):
    with psycopg.connect(copied.owner_url) as owner:
        kept = owner.execute(
            "select pg_get_functiondef('app.tenant_id()'::regprocedure)"
        ).fetchone()
    assert kept is not None
    wrong = (
        "create or replace function app.tenant_id() returns uuid language sql stable as"
        f" $$ select {answer.format(theirs=world.theirs.id)} $$"
    )
    async with broken(copied, wrong, kept[0]):
        assert await noticed(world, "listing")


@pytest.mark.parametrize("name", finding.LOOK_UPS)
async def test_a_look_up_that_does_not_name_the_market_is_noticed(
    world: World, copied: Postgres, name: str
):
    with psycopg.connect(copied.owner_url) as owner:
        query = f"select pg_get_functiondef('app.{name}(text,text,integer)'::regprocedure)"
        kept = owner.execute(query).fetchone()  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert kept is not None
    assert "tenant_id = (select app.tenant_id())" in kept[0]
    wrong = kept[0].replace("tenant_id = (select app.tenant_id())", "true")
    async with broken(copied, wrong, kept[0]):
        ledger = Ledger()
        await finding.probe(world, ledger, whole=False)
        assert ledger.through


async def test_a_session_that_does_not_bind_is_noticed(world: World):
    event.remove(database._TenantBound, "after_begin", database._bind_tenant)
    try:
        assert await noticed(world, "listing")
    finally:
        event.listen(database._TenantBound, "after_begin", database._bind_tenant)
    assert not await noticed(world, "listing")


def elsewhere(path: str) -> bool:
    return path.startswith(tuple(UNBOUND_ELSEWHERE))


def test_what_is_unbound_elsewhere_exists():
    assert all(any(path.startswith(each) for path, _ in places()) for each in UNBOUND_ELSEWHERE)


SHOWN_ELSEWHERE = {
    "state/office/listings.py": "deeds; what its page shows is bound in state/listings.py",
    "state/office/profile.py": "deeds; what its page shows is bound in state/admin/editing.py too",
    "state/platform/market.py": "what the directory says of every market",
    "state/platform/markets.py": "as above",
    "state/projects/guests.py": "what guests said, which is bound in state/projects/opinions.py",
}
"""Files whose pages show people's words that other files read."""


def controlled() -> dict[str, str]:
    """The modules on a request's way behind which a page or a route shows what people wrote.

    Given with the module whose controls tell whether the place is bound.
    """
    shown = {each.state.__module__ for each in handlers.walked() if each.shows}
    named = {path: path.removesuffix(".py").replace("/", ".") for path, _ in places()}
    found = {path: module for path, module in named.items() if module in shown}
    for path in SHOWN_ELSEWHERE:
        del found[path]
    return found | {
        "app/api/chat.py": "app.api.chat",
        "app/api/privacy.py": "app.api.privacy",
        "app/api/requests.py": "app.api.privacy",
        "app/api/console.py": "app.api.console",
        "app/api/search.py": "app.api.search",
        "app/markets/closing_archive.py": "app.api.console",
        "state/session.py": "state.privacy",
    }


@pytest.mark.parametrize("path", sorted(controlled()))
async def test_unbinding_the_market_in_one_module_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
):
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    only = controlled()[path]
    kind = handlers if only.startswith("state") else routes
    whole, broken = Ledger(), Ledger()
    await kind.control(world, whole, only)
    assert not whole.blind, "this is noticed when nothing is broken"
    monkeypatch.setattr(module, "tenant_session", _always(uuid4()))
    await kind.control(world, broken, only)
    assert broken.blind


def _always(market_id: UUID) -> Callable[[UUID], AbstractAsyncContextManager[Any]]:
    """A `tenant_session` that binds this market, whichever is asked for."""
    return lambda _asked: database.tenant_session(market_id)


async def test_a_job_bound_to_another_market_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working.doing, "tenant_session", _always(world.theirs.id))
    before = await state_of(world.theirs)
    await working.doing.work(str(world.ours.id), world.job_id)
    assert await state_of(world.theirs) != before


async def test_a_host_that_opens_another_market_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(directory, "tenant_session", _always(world.theirs.id))
    directory.forget()
    card = await directory.market_by_id(world.ours.id)
    directory.forget()
    assert card is not None
    assert card.id != world.ours.id


async def test_a_page_cache_that_forgets_the_host_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(PageRequest, "key", property(lambda asked: ("", asked.path, asked.query)))
    ledger = Ledger()
    await pages.probe(world, ledger)
    assert ledger.through


async def test_unbinding_the_market_in_any_one_place_is_noticed(world: World):
    """Wherever theirs is bound instead of ours, a probe gets there and its watch sees it.

    It stands last, for ours may do in theirs what they please while a place is broken.
    """
    missing = sorted(await unnoticed(world, elsewhere))
    assert not missing, (
        "No probe reads or writes where a market is bound here. Write a deed of ours that does into"
        f" DEEDS of tests/isolation/deeds.py, or say in UNBOUND_ELSEWHERE who binds it: {missing}"
    )
