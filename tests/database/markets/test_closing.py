"""Suspending, quotas and erasure: who may, what is noted, and what is left of an erased market."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

import app.tables  # noqa: F401  (every table must be known)
from app.accounts import actors, limits
from app.accounts.actors import Actor, SignInNeeded, system
from app.accounts.permissions import Permission
from app.accounts.signing import sign_up
from app.audit.models import AuditEntry
from app.database import TENANT_TABLES, platform_session, tenant_session
from app.errors import AppError, NotAllowed, NotFound, TooMany
from app.jobs.models import Job
from app.jobs.queue import enqueue, job_of
from app.jobs.work import work_off
from app.markets import closing_erasure
from app.markets.closing import (
    KeyNotTyped,
    ask_erasure,
    deed_session,
    resume,
    set_quotas,
    suspend,
)
from app.markets.closing_erasure import holdings
from app.markets.directory import MarketCard, market_by_key, market_for_host
from app.markets.opening import create_market
from app.markets.platform import ensure_platform
from app.markets.quotas import (
    Quota,
    QuotaUsedUp,
    adapters_folder,
    adapters_of,
    folder_of,
    leave_room,
    spend_call,
)
from tests.factories import ROWS, listing, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def owner(database: object) -> Actor:
    home = await ensure_platform()
    return system(home.id, "tests", Permission.PLATFORM)


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def read_again(market: MarketCard) -> MarketCard:
    found = await market_by_key(market.key)
    assert found is not None
    return found


async def noted(owner: Actor, market_id: UUID) -> list[str]:
    async with tenant_session(owner.market_id) as session:
        query = select(AuditEntry).where(AuditEntry.subject_id == str(market_id))
        return [entry.action for entry in await session.exec(query.order_by("created_at"))]


async def test_a_market_is_suspended_and_resumed_and_both_are_noted_at_the_platform(
    owner: Actor, market: MarketCard
):
    async with deed_session(market.id) as session:
        await suspend(session, owner, "unpaid")
    assert not (await read_again(market)).is_open
    async with deed_session(market.id) as session:
        await suspend(session, owner)
    assert (await read_again(market)).suspended_because == "unpaid"
    async with deed_session(market.id) as session:
        await suspend(session, owner, "still unpaid")
    assert (await read_again(market)).suspended_because == "still unpaid"
    async with deed_session(market.id) as session:
        await resume(session, owner)
    again = await read_again(market)
    assert (again.is_open, again.suspended_because) == (True, "")
    deeds = ["market.suspended", "market.suspended", "market.resumed"]
    assert await noted(owner, market.id) == deeds
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(AuditEntry))).all() == []


async def test_opening_a_market_is_noted_and_needs_the_permission(owner: Actor):
    asked = {"name": {"en": "Fresh"}, "locales": ["en"], "currency": "EUR"}
    opened = await create_market("freshly", actor=owner, **asked)
    assert await noted(owner, opened.id) == ["market.opened"]
    with pytest.raises(SignInNeeded):
        await create_market("freshly2", actor=actors.visitor(owner.market_id), **asked)


@pytest.mark.parametrize("permission", sorted(set(Permission) - {Permission.PLATFORM}))
async def test_no_other_permission_closes_a_market(market: MarketCard, permission: Permission):
    admin = system(market.id, "an admin", permission)
    for deed in (
        lambda session: suspend(session, admin),
        lambda session: resume(session, admin),
        lambda session: set_quotas(session, admin, {"listings": 1}),
        lambda session: ask_erasure(session, admin, market.key),
    ):
        with pytest.raises(NotAllowed):
            async with deed_session(market.id) as session:
                await deed(session)
    assert (await read_again(market)).is_open


async def test_the_platform_itself_cannot_be_closed(owner: Actor):
    with pytest.raises(NotFound):
        async with deed_session(owner.market_id) as session:
            await suspend(session, owner)


@pytest.mark.parametrize("column", ["state = 'open'", "quotas = '{}'", "kind = 'platform'"])
async def test_a_market_cannot_lift_what_the_platform_decided(market: MarketCard, column: str):
    with pytest.raises(DBAPIError, match="permission denied"):
        async with tenant_session(market.id) as session:
            await session.execute(text(f"update market set {column}"))


async def test_listings_and_members_stop_at_their_quota(owner: Actor, market: MarketCard):
    async with deed_session(market.id) as session:
        await set_quotas(session, owner, {"listings": 1, "members": 1, "storage_bytes": 10})
    async with tenant_session(market.id) as session:
        await leave_room(session, Quota.LISTINGS)
        await listing(session)
        with pytest.raises(QuotaUsedUp, match="1 listings"):
            await leave_room(session, Quota.LISTINGS)
        await sign_up(session, "ada@example.com", "Ada", "a long walk at dusk", "en")
        with pytest.raises(QuotaUsedUp, match="1 members"):
            await sign_up(session, "bob@example.com", "Bob", "a long walk at dusk", "en")
        await leave_room(session, Quota.STORAGE, 10)
        with pytest.raises(QuotaUsedUp):
            await leave_room(session, Quota.STORAGE, 11)
    assert (await read_again(market)).quotas == {"listings": 1, "members": 1, "storage_bytes": 10}


async def test_api_calls_stop_at_the_days_quota(owner: Actor, market: MarketCard):
    async with deed_session(market.id) as session:
        await set_quotas(session, owner, {"api_calls": 2})
    limited = await read_again(market)
    await spend_call(limited)
    await spend_call(limited)
    with pytest.raises(TooMany) as refused:
        await spend_call(limited)
    assert 0 < refused.value.retry_after <= 24 * 3600
    await spend_call(await open_market())


@pytest.mark.parametrize("wrong", [{"listings": -1}, {"cows": 1}, {"members": 10**16}])
async def test_a_quota_that_makes_no_sense_is_refused(
    owner: Actor, market: MarketCard, wrong: dict[str, int]
):
    with pytest.raises(AppError):
        async with deed_session(market.id) as session:
            await set_quotas(session, owner, wrong)


async def filled(market: MarketCard) -> None:
    """A row in every table, a file, a count of attempts and a job that waits."""
    async with tenant_session(market.id) as session:
        for make in ROWS.values():
            await make(session)
        later = datetime.now(UTC) + timedelta(days=1)
        await enqueue(session, system(market.id, "tests"), "nothing.known", at=later)
    folder = folder_of(market.id)
    folder.mkdir(parents=True)
    (folder / "logo.png").write_bytes(b"a logo")
    (adapters_folder() / f"{market.key}-vendor-1").mkdir(parents=True)
    await limits.spend("search", market.id, "192.0.2.1")


async def begin(owner: Actor, market: MarketCard, **more: timedelta) -> UUID:
    async with deed_session(market.id) as session:
        return await ask_erasure(session, owner, market.key, **more)


async def job_state(owner: Actor, job_id: UUID) -> Job:
    async with tenant_session(owner.market_id) as session:
        return await job_of(session, job_id)


async def test_an_erased_market_leaves_nothing_and_a_proof(owner: Actor, market: MarketCard):
    other = await open_market()
    await filled(market)
    await filled(other)
    kept = await holdings(other.id)
    job_id = await begin(owner, market, grace=timedelta())
    await work_off()
    done = await job_state(owner, job_id)
    assert done.state == "done", done.problem
    assert set(done.report["tables"]) == TENANT_TABLES
    for table, found in done.report["tables"].items():
        assert found["before"] >= 1, table
        assert found["after"] == 0, table
    assert done.report["files"] == {"before": 1, "after": 0}
    assert done.report["queued_jobs"]["before"] >= 1
    assert done.report["queued_jobs"]["after"] == 0
    assert done.report["counts_forgotten"] == 1
    assert not folder_of(market.id).exists()
    assert (adapters_of(market.key), len(adapters_of(other.key))) == ([], 1)
    assert await market_for_host(market.host) is None
    async with platform_session(market.id) as session:
        for table in TENANT_TABLES:
            left = text(f"select count(*) from {table} where tenant_id = :id")
            assert await session.scalar(left, {"id": market.id}) == 0
    assert (await noted(owner, market.id))[-2:] == ["market.erasure_begun", "market.erased"]
    assert (await holdings(other.id))["tables"] == kept["tables"]
    assert folder_of(other.id).exists()


async def test_an_erasure_killed_in_the_middle_is_finished_by_the_next_attempt(
    owner: Actor, market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    await filled(market)
    job_id = await begin(owner, market, grace=timedelta())
    deleted: list[str] = []
    real = closing_erasure._delete_some

    async def dies(market_id: UUID, table: str) -> int:
        if len(deleted) == 6:
            raise SystemExit
        deleted.append(table)
        return await real(market_id, table)

    monkeypatch.setattr(closing_erasure, "_delete_some", dies)
    work = closing_erasure.Work(
        owner.market_id, job_id, {"market_id": str(market.id), "key": market.key}
    )
    with pytest.raises(SystemExit):
        await closing_erasure.erase(work)
    monkeypatch.undo()
    assert (await read_again(market)).state == "closing"
    await work_off()
    done = await job_state(owner, job_id)
    assert done.state == "done"
    # The proof counts from before the first attempt, not from what that attempt had left.
    assert all(found["before"] >= 1 for found in done.report["tables"].values())
    assert all(found["after"] == 0 for found in done.report["tables"].values())


async def test_a_market_is_kept_when_it_is_resumed_within_the_grace(
    owner: Actor, market: MarketCard
):
    job_id = await begin(owner, market)
    closing = await read_again(market)
    assert closing.state == "closing"
    assert closing.erase_at is not None
    await work_off()
    assert (await job_state(owner, job_id)).state == "waiting"
    async with deed_session(market.id) as session:
        await resume(session, owner)
    assert (await job_state(owner, job_id)).state == "cancelled"
    assert (await read_again(market)).is_open


async def test_an_erasure_that_waits_holds_up_no_other(owner: Actor, market: MarketCard):
    await begin(owner, market)
    other = await open_market()
    async with deed_session(other.id) as session:
        job_id = await ask_erasure(session, owner, other.key, timedelta())
    await work_off()
    assert (await job_state(owner, job_id)).state == "done"
    assert (await read_again(market)).state == "closing"


async def test_an_erasure_needs_the_markets_key_typed(owner: Actor, market: MarketCard):
    with pytest.raises(KeyNotTyped):
        async with deed_session(market.id) as session:
            await ask_erasure(session, owner, "another")
    assert (await read_again(market)).is_open


async def test_a_market_that_was_kept_is_not_erased_by_an_old_job(owner: Actor, market: MarketCard):
    work = closing_erasure.Work(
        owner.market_id, market.id, {"market_id": str(market.id), "key": market.key}
    )
    with pytest.raises(NotFound):
        await closing_erasure.erase(work)
    assert await market_for_host(market.host) is not None
