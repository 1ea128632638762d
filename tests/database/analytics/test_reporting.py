"""An event that is over is reported on by itself, once, and only to those whose it is."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import select, update

import app.tasks  # noqa: F401  (the consumer and the job)
from app.accounts.actors import Actor
from app.analytics.models import EventReport
from app.analytics.reporting import report_of
from app.database import tenant_session
from app.errors import NotFound
from app.jobs import work as doing
from app.jobs.models import Job
from app.markets.directory import MarketCard
from app.outbox.models import EventConsumption
from app.outbox.relaying import relay_due
from app.projects.keeping import complete_project, delete_project, reopen_project
from tests.database.budgets.conftest import member
from tests.factories import ROWS

TODAY = date(2031, 6, 13)


@pytest.fixture
async def ada(market: MarketCard) -> Actor:
    return await member(market)


async def over(market: MarketCard, actor: Actor) -> UUID:
    """An event of theirs that took place, with a budget, income and guests."""
    async with tenant_session(market.id) as session:
        event = await ROWS["project"](session, person_id=actor.id)
        money = await ROWS["budget"](session, project_id=event.id)
        await ROWS["budget_line"](session, budget_id=money.id, actual=Decimal(400))
        await ROWS["event_income"](session, project_id=event.id)
        guest = await ROWS["registration"](session, project_id=event.id)
        await ROWS["attendance"](session, project_id=event.id, registration_id=guest.id, party=2)
        await complete_project(session, actor, event.id, TODAY)
    return event.id


async def jobs_of(market: MarketCard) -> list[Job]:
    async with tenant_session(market.id) as session:
        query = select(Job).where(Job.kind == "analytics.report")
        return list((await session.exec(query)).all())


async def work_off(market: MarketCard) -> None:
    for one in await jobs_of(market):
        await doing.work(str(market.id), str(one.id))


async def test_completing_an_event_has_it_reported_on(market: MarketCard, ada: Actor):
    event = await over(market, ada)
    await relay_due()
    await work_off(market)
    async with tenant_session(market.id) as session:
        found = await report_of(session, ada, event)
    assert found is not None
    assert (found.figures["cost"], found.figures["revenue"], found.figures["percent"]) == (
        "400.00",
        "500.00",
        "25.00",
    )
    assert (found.figures["came"], found.figures["missing"]) == (2, ["ratings"])
    eve = await member(market, "eve@example.com")
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await report_of(session, eve, event)


async def test_however_often_it_is_delivered_there_is_one_job_and_one_report(
    market: MarketCard, ada: Actor
):
    event = await over(market, ada)
    await relay_due()
    await relay_due()
    (made,) = await jobs_of(market)
    await work_off(market)
    async with tenant_session(market.id) as session:
        # A worker that was killed before it could say that it was done does it again.
        await session.exec(update(Job).values(state="waiting", finished_at=None, told=made.told))
        # And the consumption that was taken in stays so.
        rows = (await session.exec(select(EventConsumption))).all()
        assert all(row.done_at for row in rows if row.consumer == "analytics.report")
    await work_off(market)
    async with tenant_session(market.id) as session:
        reports = (await session.exec(select(EventReport))).all()
    assert [row.project_id for row in reports] == [event]


async def test_what_was_taken_back_has_no_report_and_a_second_end_makes_it_anew(
    market: MarketCard, ada: Actor
):
    event = await over(market, ada)
    await relay_due()
    await work_off(market)
    async with tenant_session(market.id) as session:
        await reopen_project(session, ada, event)
        assert await report_of(session, ada, event) is None
        await ROWS["event_income"](session, project_id=event, amount=Decimal(300))
        await complete_project(session, ada, event, TODAY)
    await relay_due()
    await work_off(market)
    async with tenant_session(market.id) as session:
        found = await report_of(session, ada, event)
    assert found is not None
    assert found.figures["revenue"] == "800.00"


async def test_an_event_that_was_deleted_fails_nothing(market: MarketCard, ada: Actor):
    event = await over(market, ada)
    await relay_due()
    async with tenant_session(market.id) as session:
        await delete_project(session, ada, event)
    await work_off(market)
    assert [one.state for one in await jobs_of(market)] == ["done"]
