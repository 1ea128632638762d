"""What happened is told when it is committed, in order, and taken in once."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import col, select, update

from app.conversations import log
from app.database import TenantSession, tenant_session
from app.markets.directory import MarketCard
from app.outbox import consuming
from app.outbox.consuming import Happening, Poison, consumer
from app.outbox.emitting import emit
from app.outbox.keeping import forget_before, parked, try_again
from app.outbox.kinds import EventCompleted, EventCreated, MessageCreated
from app.outbox.models import EventConsumption, OutboxEvent
from app.outbox.relaying import receive, relay_due, relaying
from tests.event_rows import outbox_event
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consumers that a test registers are gone after it, and the program's own stay away."""
    monkeypatch.setattr(consuming, "_consumers", {})


@pytest.fixture
def seen() -> list[Happening]:
    """What a consumer of every event of a project took in."""
    taken: list[Happening] = []

    @consumer("seen", EventCreated, EventCompleted)
    async def take(_session: TenantSession, event: Happening) -> None:
        taken.append(event)

    return taken


async def created(market: MarketCard, project: UUID | None = None) -> UUID:
    async with tenant_session(market.id) as session:
        return await emit(session, EventCreated(project_id=project or uuid4(), kind="wedding"))


async def events_of(market: MarketCard) -> list[OutboxEvent]:
    async with tenant_session(market.id) as session:
        query = select(OutboxEvent).order_by(col(OutboxEvent.position))
        return list((await session.exec(query)).all())


async def due_again(market: MarketCard) -> None:
    """Let the pause after a failure be over."""
    async with tenant_session(market.id) as session:
        for row in (OutboxEvent, EventConsumption):
            await session.exec(update(row).values(next_try_at=datetime.now(UTC)))


async def test_what_happened_is_taken_in_and_marked(market: MarketCard, seen: list[Happening]):
    event_id = await created(market)
    await relay_due()
    assert [event.id for event in seen] == [event_id]
    assert seen[0].payload.kind == "wedding"
    assert [event.delivered_at is not None for event in await events_of(market)] == [True]


async def test_what_was_rolled_back_never_happened(market: MarketCard, seen: list[Happening]):
    async def failing() -> None:
        async with tenant_session(market.id) as session:
            await emit(session, EventCreated(project_id=uuid4(), kind="wedding"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await failing()
    await relay_due()
    assert seen == []


async def test_a_message_is_told_of_without_its_words(market: MarketCard):
    async with tenant_session(market.id) as session:
        talk = await log.start(session, "en", None)
        said = await log.append(session, talk, "message", {"text": "My secret wish"})
        await log.append(session, talk, "route", {"intent": "chat"})
        answer = await log.append(session, talk, "reply", {"text": "Yes", "agent": "vendor"})
    told = await events_of(market)
    assert [event.name for event in told] == ["message.created", "message.created"]
    payloads = [MessageCreated.model_validate(event.payload) for event in told]
    assert [(one.message_id, one.number, one.author, one.agent) for one in payloads] == [
        (said.id, 1, "person", ""),
        (answer.id, 3, "agent", "vendor"),
    ]
    assert "secret" not in str([event.payload for event in told])


async def test_delivered_twice_it_is_taken_in_once(market: MarketCard, seen: list[Happening]):
    event_id = await created(market)
    await relay_due()
    async with tenant_session(market.id) as session:
        await session.exec(update(OutboxEvent).values(delivered_at=None))
    await relay_due()
    await consuming.take_in(market.id, event_id)
    assert [event.id for event in seen] == [event_id]


async def test_an_effect_and_its_note_are_kept_or_lost_together(market: MarketCard):
    names: list[str] = []

    @consumer("renaming", EventCreated)
    async def rename(session: TenantSession, event: Happening) -> None:
        talk = await log.start(session, "en", None)
        await log.name_after(session, talk, str(event.id))
        names.append(str(event.id))
        if len(names) == 1:
            raise RuntimeError("in the middle")

    event_id = await created(market)
    await relay_due()
    count = text("select count(*) from conversation where title = :title")
    async with tenant_session(market.id) as session:
        assert await session.scalar(count, {"title": str(event_id)}) == 0
    await due_again(market)
    await relay_due()
    async with tenant_session(market.id) as session:
        assert await session.scalar(count, {"title": str(event_id)}) == 1
    assert len(names) == 2


async def test_after_a_failure_the_same_subject_waits_and_others_go_on(market: MarketCard):
    project, other = uuid4(), uuid4()
    taken: list[UUID] = []
    broken = True

    @consumer("failing", EventCreated, EventCompleted)
    async def take(_session: TenantSession, event: Happening) -> None:
        if broken and event.payload.project_id == project:
            raise RuntimeError("not now")
        taken.append(event.id)

    first = await created(market, project)
    async with tenant_session(market.id) as session:
        second = await emit(session, EventCompleted(project_id=project, kind="wedding"))
    elsewhere = await created(market, other)
    await relay_due()
    assert taken == [elsewhere]
    broken = False
    await due_again(market)
    await relay_due()
    assert taken == [elsewhere, first, second]


async def test_what_fails_too_often_is_parked_with_the_reason_and_tried_again_on_request(
    market: MarketCard,
):
    broken = True
    taken: list[UUID] = []

    @consumer("failing", EventCreated, attempts=2)
    async def take(_session: TenantSession, event: Happening) -> None:
        if broken:
            raise RuntimeError("the shelf is full")
        taken.append(event.id)

    project = uuid4()
    event_id = await created(market, project)
    await relay_due()
    await due_again(market)
    await relay_due()
    async with tenant_session(market.id) as session:
        (given_up,) = await parked(session)
    assert (given_up.event_id, given_up.consumer, given_up.attempts) == (event_id, "failing", 2)
    assert given_up.problem == "RuntimeError: the shelf is full"
    broken = False
    later = await created(market, project)
    await relay_due()
    assert taken == [later], "what is parked holds nothing up"
    async with tenant_session(market.id) as session:
        assert await try_again(session, event_id) == 1
    await relay_due()
    assert taken == [later, event_id]


async def test_poison_is_parked_at_once(market: MarketCard):
    @consumer("refusing", EventCreated)
    async def take(_session: TenantSession, _event: Happening) -> None:
        raise Poison("no such project")

    await created(market)
    async with tenant_session(market.id) as session:
        await outbox_event(session, name="nobody.knows", payload={})
        await outbox_event(session, name="event.created", payload={"kind": 7})
    await relay_due()
    async with tenant_session(market.id) as session:
        given_up = await parked(session)
    assert [(one.name, one.consumer) for one in given_up] == [
        ("nobody.knows", ""),
        ("event.created", ""),
        ("event.created", "refusing"),
    ]
    assert given_up[0].problem.startswith("KeyError")
    assert given_up[2].problem == "Poison: no such project"


async def test_another_markets_event_is_not_taken_in_on_somebodys_word(
    market: MarketCard, seen: list[Happening]
):
    theirs = await open_market()
    event_id = await created(theirs)
    forged = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": "/markets/x",
        "type": "event.created",
        "subject": "project/x",
        "time": "2026-11-21T12:00:00Z",
        "datacontenttype": "application/json",
        "market": str(market.id),
        "sequence": "1",
        "data": {"kind": "forged"},
    }
    body = str(forged).replace("'", '"').encode()
    await receive(body)
    await receive(b"no envelope")
    assert seen == []
    await relay_due()
    assert [event.payload.kind for event in seen] == ["wedding"]


async def test_while_it_relays_it_hears_of_what_happens(market: MarketCard, seen: list[Happening]):
    async with relaying():
        # The first look at everything is over soon; what comes then is heard.
        await asyncio.sleep(0.5)
        started = asyncio.get_running_loop().time()
        event_id = await created(market)
        while not seen:
            await asyncio.sleep(0.01)
            assert asyncio.get_running_loop().time() - started < 3, "less than a sweep"
    assert [event.id for event in seen] == [event_id]


async def test_old_events_are_forgotten_but_not_those_that_wait(
    market: MarketCard, seen: list[Happening]
):
    done = await created(market)
    await relay_due()
    waiting = await created(market)
    long_ago = datetime.now(UTC) - timedelta(days=90)
    async with tenant_session(market.id) as session:
        await session.exec(update(OutboxEvent).values(created_at=long_ago))
        assert await forget_before(session, datetime.now(UTC) - timedelta(days=30)) == 1
    assert [event.id for event in await events_of(market)] == [waiting]
    assert done != waiting
