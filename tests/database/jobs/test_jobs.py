"""Jobs start when their transaction is committed, and none is lost or done in another market."""

import asyncio
from typing import Any
from uuid import UUID

import procrastinate
import pytest
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text

from app.accounts.actors import system
from app.database import identity_session, tenant_session
from app.errors import AppError, NotFound, Unavailable
from app.jobs import work as doing
from app.jobs.models import Job
from app.jobs.queue import cancel, enqueue, job_of, queue
from app.jobs.work import Work, job, work_off, working
from app.markets.directory import MarketCard
from app.settings import settings
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """What jobs of the kind `test` were told, as they run."""
    monkeypatch.setattr(doing, "_kinds", dict(doing._kinds))
    told: list[Work] = []

    @job("test")
    async def do(work: Work) -> None:
        told.append(work)

    return told


async def asked(market: MarketCard, kind: str = "test", **told: object) -> UUID:
    async with tenant_session(market.id) as session:
        return await enqueue(session, system(market.id, "tests"), kind, told)


async def ended(market: MarketCard, job_id: UUID) -> Job:
    async with tenant_session(market.id) as session:
        return await job_of(session, job_id)


async def test_a_job_is_done_in_its_own_market_with_what_it_was_told(
    market: MarketCard, seen: list[Work]
):
    job_id = await asked(market, colour="blue")
    await work_off()
    assert [(work.market_id, work.told) for work in seen] == [(market.id, {"colour": "blue"})]
    done = await ended(market, job_id)
    assert (done.state, done.problem) == ("done", "")
    assert done.finished_at is not None


async def test_a_job_of_a_transaction_that_failed_was_never_asked_for(
    market: MarketCard, seen: list[Work]
):
    async def failing() -> None:
        async with tenant_session(market.id) as session:
            await enqueue(session, system(market.id, "tests"), "test")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await failing()
    await work_off()
    assert seen == []


async def test_what_a_job_is_told_cannot_be_read_in_the_database(market: MarketCard):
    job_id = await asked(market, "nobody-does-this", link="https://open.example/secret")
    async with tenant_session(market.id) as session:
        kept = await session.scalar(text("select told from job where id = :id"), {"id": job_id})
        queued = await session.execute(text("select args::text from procrastinate_jobs"))
    assert "secret" not in kept
    assert not any("secret" in args for args in queued.scalars())


async def test_a_worker_that_runs_starts_a_new_job_by_itself(market: MarketCard, seen: list[Work]):
    async with working():
        await asked(market)
        for _ in range(100):
            if seen:
                break
            await asyncio.sleep(0.05)
    assert len(seen) == 1


async def test_a_worker_that_fell_is_begun_anew(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch, seen: list[Work]
):
    work_as_usual, falls = procrastinate.App.run_worker_async, [1]

    async def falling(app: procrastinate.App, **more: Any) -> None:
        if falls:
            falls.clear()
            raise ConnectorException
        await work_as_usual(app, **more)

    monkeypatch.setattr(procrastinate.App, "run_worker_async", falling)
    monkeypatch.setattr(doing, "BEGIN_AGAIN_SECONDS", 0.01)
    async with working():
        await asked(market)
        for _ in range(100):
            if seen:
                break
            await asyncio.sleep(0.05)
    assert (len(seen), falls) == (1, [])


async def test_jobs_are_sought_in_the_database_that_is_configured(monkeypatch: pytest.MonkeyPatch):
    here = queue()
    assert queue() is here
    elsewhere = settings().model_copy(update={"database_url": "postgresql://elsewhere/agora"})
    monkeypatch.setattr("app.jobs.queue.settings", lambda: elsewhere)
    assert queue() is not here


async def test_a_part_that_was_down_is_tried_again(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch, seen: list[Work]
):
    tries: list[int] = []

    @job("shaky", attempts=2)
    async def do(work: Work) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Unavailable("The mail server does not answer.")

    job_id = await asked(market, "shaky")
    await work_off()
    assert (await ended(market, job_id)).state == "waiting"
    async with identity_session() as session:
        await session.execute(text("update procrastinate_jobs set scheduled_at = now()"))
    await work_off()
    assert len(tries) == 2
    assert (await ended(market, job_id)).state == "done"


async def test_what_a_person_caused_is_not_tried_again(market: MarketCard, seen: list[Work]):
    tries: list[int] = []

    @job("wrong", attempts=5)
    async def do(work: Work) -> None:
        tries.append(1)
        raise AppError("Not a host name: %(host)s", host="x y")

    job_id = await asked(market, "wrong")
    await work_off()
    failed = await ended(market, job_id)
    assert (len(tries), failed.state, failed.problem) == (1, "failed", "Not a host name: %(host)s")
    assert failed.report["params"] == {"host": "x y"}


async def test_a_failure_that_nobody_expected_ends_the_job_with_a_sentence(
    market: MarketCard, seen: list[Work], caplog: pytest.LogCaptureFixture
):
    @job("broken")
    async def do(work: Work) -> None:
        raise ZeroDivisionError

    job_id = await asked(market, "broken")
    await work_off()
    failed = await ended(market, job_id)
    assert (failed.state, failed.problem) == (
        "failed",
        "Something went wrong. Please try again.",
    )
    assert "ZeroDivisionError" in caplog.text


async def test_a_job_of_a_kind_that_nobody_knows_fails(market: MarketCard):
    job_id = await asked(market, "of-tomorrow")
    await work_off()
    assert (await ended(market, job_id)).state == "failed"


async def test_a_waiting_job_that_is_cancelled_is_never_done(market: MarketCard, seen: list[Work]):
    job_id = await asked(market)
    async with tenant_session(market.id) as session:
        await cancel(session, job_id)
    await work_off()
    assert seen == []
    assert (await ended(market, job_id)).state == "cancelled"


async def test_a_running_job_stops_where_it_tells_its_progress(
    market: MarketCard, seen: list[Work]
):
    reached: list[int] = []

    @job("long")
    async def do(work: Work) -> None:
        await work.progress(1, 3)
        async with tenant_session(market.id) as session:
            await cancel(session, work.job_id)
        reached.append(1)
        work._written = 0.0
        await work.progress(2, 3)
        reached.append(2)

    job_id = await asked(market, "long")
    await work_off()
    stopped = await ended(market, job_id)
    assert reached == [1]
    assert (stopped.state, stopped.done, stopped.total) == ("cancelled", 1, 3)


async def test_a_job_of_another_market_cannot_be_seen_or_cancelled(
    market: MarketCard, seen: list[Work]
):
    job_id = await asked(market)
    other = await open_market()
    async with tenant_session(other.id) as session:
        with pytest.raises(NotFound):
            await job_of(session, job_id)
        await cancel(session, job_id)
    await work_off()
    assert len(seen) == 1


async def test_a_job_started_twice_is_done_once(market: MarketCard, seen: list[Work]):
    job_id = await asked(market)
    async with queue().open_async():
        await (
            queue()
            .configure_task("agora:work")
            .defer_async(tenant_id=str(market.id), job_id=str(job_id))
        )
    await work_off()
    assert len(seen) == 1
