"""A budget is its owner's alone, is made once, and two who change it notice each other."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor, SignInNeeded
from app.audit.models import AuditEntry
from app.budgets.changing import begin, put_line, remove_line
from app.budgets.inputs import BudgetRefused, LineInput, lines_of
from app.budgets.keeping import (
    BudgetChanged,
    BudgetExists,
    NoBudget,
    as_inputs,
    budget_of,
    create_budget,
    replace_lines,
)
from app.budgets.models import Budget, BudgetLine
from app.catalogue.models import Listing
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard
from app.outbox.models import OutboxEvent
from app.projects.models import Project
from tests.database.budgets.conftest import member
from tests.factories import listing, open_market
from tests.project_rows import project

HALL = LineInput("venue", "The hall", Decimal("1200.00"), Decimal("1250.50"), paid=True)
CAKE = LineInput("catering", "The cake", Decimal("300.00"), note="Three floors")


async def made(market: MarketCard, actor: Actor, event: UUID, *lines: LineInput):
    async with tenant_session(market.id) as session:
        return await create_budget(session, actor, market, event, lines)


async def test_a_budget_comes_back_as_it_was_made(market: MarketCard, ada: Actor, event: UUID):
    await made(market, ada, event, HALL, CAKE)
    async with tenant_session(market.id) as session:
        kept = await budget_of(session, ada, event)
    assert [replace(one, id=None) for one in as_inputs(kept.lines)] == [HALL, CAKE]
    assert (kept.currency, kept.version, kept.limit) == ("EUR", 1, 10_000)
    assert kept.sums.expected == Decimal("1550.50")
    assert kept.left == Decimal("8449.50")


async def test_a_project_without_a_currency_is_budgeted_in_the_markets(
    market: MarketCard, ada: Actor
):
    async with tenant_session(market.id) as session:
        bare = await project(session, person_id=ada.id)
    kept = await made(market, ada, bare.id, CAKE)
    assert (kept.currency, kept.limit, kept.left) == (market.currency, None, None)


async def test_a_limit_that_is_in_another_currency_by_now_says_nothing(
    market: MarketCard, ada: Actor, event: UUID
):
    await made(market, ada, event, CAKE)
    async with tenant_session(market.id) as session:
        changed = await session.get_one(Project, event)
        changed.budget_currency = "JPY"
        session.add(changed)
    async with tenant_session(market.id) as session:
        kept = await budget_of(session, ada, event)
    assert (kept.currency, kept.limit) == ("EUR", None)


async def test_there_is_one_budget_of_an_event(market: MarketCard, ada: Actor, event: UUID):
    await made(market, ada, event)
    with pytest.raises(BudgetExists):
        await made(market, ada, event)


async def test_a_new_budget_is_told_of_in_the_same_transaction(
    market: MarketCard, ada: Actor, event: UUID
):
    await made(market, ada, event, HALL, CAKE)
    with pytest.raises(BudgetExists):
        await made(market, ada, event, CAKE)
    async with tenant_session(market.id) as session:
        (told,) = (
            await session.exec(select(OutboxEvent).where(OutboxEvent.name == "budget.created"))
        ).all()
    assert told.subject == f"project/{event}"
    assert Decimal(told.payload["planned"]) == 1500
    assert told.payload["currency"] == "EUR"


async def test_of_two_who_make_it_at_once_one_is_told(market: MarketCard, ada: Actor, event: UUID):
    both = await asyncio.gather(
        made(market, ada, event, HALL), made(market, ada, event, CAKE), return_exceptions=True
    )
    assert sum(isinstance(one, BudgetExists) for one in both) == 1
    async with tenant_session(market.id) as session:
        assert len((await session.exec(select(Budget))).all()) == 1
        assert len((await session.exec(select(BudgetLine))).all()) == 1


async def test_an_event_without_a_budget_says_so(market: MarketCard, ada: Actor, event: UUID):
    async with tenant_session(market.id) as session:
        with pytest.raises(NoBudget):
            await budget_of(session, ada, event)
        with pytest.raises(NoBudget):
            await replace_lines(session, ada, event, 1, [CAKE])


async def test_nobody_else_reads_makes_or_changes_a_budget(
    market: MarketCard, ada: Actor, event: UUID
):
    kept = await made(market, ada, event, HALL)
    eve = await member(market, "eve@example.com")
    key = Actor(
        market_id=market.id,
        kind="key",
        id=uuid4(),
        permissions=actors.system(market.id, "x").permissions,
    )
    other = await open_market()
    for actor, where in ((eve, market), (key, market), (ada, other)):
        async with tenant_session(where.id) as session:
            for deed in (
                budget_of(session, actor, event),
                create_budget(session, actor, where, event),
                replace_lines(session, actor, event, 1, []),
                put_line(session, actor, event, 1, CAKE),
                remove_line(session, actor, event, 1, kept.lines[0].id),
                begin(session, actor, where, event, "100", "en"),
            ):
                with pytest.raises(NotFound):
                    await deed
    async with tenant_session(market.id) as session:
        with pytest.raises(SignInNeeded):
            await budget_of(session, actors.visitor(market.id), event)
        assert (await budget_of(session, ada, event)).lines == kept.lines


async def test_lines_that_are_named_stay_the_same_rows_and_others_go(
    market: MarketCard, ada: Actor, event: UUID
):
    first = (await made(market, ada, event, HALL, CAKE)).lines
    wanted = [CAKE, replace(HALL, id=first[0].id, title="The barn")]
    async with tenant_session(market.id) as session:
        kept = await replace_lines(session, ada, event, 1, wanted)
    assert [line.title for line in kept.lines] == ["The cake", "The barn"]
    assert kept.lines[1].id == first[0].id
    assert first[1].id not in {line.id for line in kept.lines}
    assert kept.version == 2


async def test_a_line_that_was_removed_comes_back_as_it_was(
    market: MarketCard, ada: Actor, event: UUID
):
    before = (await made(market, ada, event, HALL, CAKE)).lines
    async with tenant_session(market.id) as session:
        await remove_line(session, ada, event, 1, before[0].id)
    async with tenant_session(market.id) as session:
        kept = await replace_lines(session, ada, event, 2, as_inputs(before))
    assert [replace(one, id=None) for one in as_inputs(kept.lines)] == [HALL, CAKE]


async def test_the_second_of_two_editors_is_told(market: MarketCard, ada: Actor, event: UUID):
    await made(market, ada, event, HALL)
    async with tenant_session(market.id) as session:
        await put_line(session, ada, event, 1, CAKE)
    async with tenant_session(market.id) as session:
        with pytest.raises(BudgetChanged):
            await replace_lines(session, ada, event, 1, [])


async def test_of_two_changes_at_once_one_is_told(market: MarketCard, ada: Actor, event: UUID):
    await made(market, ada, event)

    async def add(title: str):
        async with tenant_session(market.id) as session:
            return await put_line(session, ada, event, 1, replace(CAKE, title=title))

    both = await asyncio.gather(add("One"), add("Two"), return_exceptions=True)
    assert sum(isinstance(one, BudgetChanged) for one in both) == 1


async def test_a_line_of_another_budget_is_none_of_this_one(
    market: MarketCard, ada: Actor, event: UUID
):
    await made(market, ada, event, HALL)
    async with tenant_session(market.id) as session:
        second = await project(session, person_id=ada.id)
    other = await made(market, ada, second.id, CAKE)
    theirs = other.lines[0].id
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await put_line(session, ada, event, 1, replace(CAKE, id=theirs))
        with pytest.raises(NotFound):
            await remove_line(session, ada, event, 1, theirs)
        # Named among all lines it is one that is not there, and comes as a new one.
        kept = await replace_lines(session, ada, event, 1, [replace(CAKE, id=theirs)])
    assert kept.lines[0].id != theirs
    async with tenant_session(market.id) as session:
        assert (await budget_of(session, ada, second.id)).lines == other.lines


async def test_only_what_the_market_shows_is_referred_to_and_may_go_later(
    market: MarketCard, ada: Actor, event: UUID
):
    async with tenant_session(market.id) as session:
        shown, draft = await listing(session), await listing(session, state="draft")
    elsewhere = await open_market()
    async with tenant_session(elsewhere.id) as session:
        foreign = await listing(session)
    for hidden in (draft.id, foreign.id, uuid4()):
        with pytest.raises(BudgetRefused) as refused:
            await made(market, ada, event, HALL, replace(CAKE, listing_id=hidden))
        assert (refused.value.position, refused.value.field) == (1, "listing_id")
    kept = await made(market, ada, event, replace(CAKE, listing_id=shown.id))
    async with tenant_session(market.id) as session:
        (await session.get_one(Listing, shown.id)).state = "hidden"
    async with tenant_session(market.id) as session:
        kept = await replace_lines(session, ada, event, 1, as_inputs(kept.lines))
        assert kept.lines[0].listing_id == shown.id
        await session.delete(await session.get_one(Listing, shown.id))
    async with tenant_session(market.id) as session:
        (line,) = (await budget_of(session, ada, event)).lines
    assert (line.title, line.listing_id) == ("The cake", None)


async def test_a_first_division_is_the_total_to_the_cent(
    market: MarketCard, ada: Actor, event: UUID
):
    async with tenant_session(market.id) as session:
        kept = await begin(session, ada, market, event, "9999.99", "en")
    assert kept.sums.planned == Decimal("9999.99")
    assert kept.lines[0].title == "Venue"


async def test_the_audit_log_says_that_a_budget_changed_and_nothing_of_what_it_holds(
    market: MarketCard, ada: Actor, event: UUID
):
    await made(market, ada, event, HALL)
    async with tenant_session(market.id) as session:
        await put_line(session, ada, event, 1, CAKE)
    async with tenant_session(market.id) as session:
        found = (await session.exec(select(AuditEntry))).all()
    told = [entry for entry in found if entry.subject_kind == "budget"]
    assert {entry.action for entry in told} == {"budget.created", "budget.changed"}
    assert all(not entry.before and not entry.after for entry in told)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "yacht"}, "category"),
        ({"category": ["venue"]}, "category"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": {"a": 1}}, "title"),
        ({"planned": "-1"}, "planned"),
        ({"planned": None}, "planned"),
        ({"actual": "lots"}, "actual"),
        ({"note": "a\u202eb"}, "note"),
        ({"listing_id": "nonsense"}, "listing_id"),
        ({"id": 7}, "id"),
    ],
)
def test_a_line_that_cannot_stand_is_refused_by_its_place_and_field(
    wrong: dict[str, object], field: str
):
    good: dict[str, object] = {"category": "venue", "title": "Hall", "planned": "10"}
    with pytest.raises(BudgetRefused) as refused:
        lines_of([good, good | wrong], "EUR")
    assert (refused.value.position, refused.value.field) == (1, field)
    assert refused.value.code == f"lines.1.{field}"


def test_more_lines_than_a_budget_has_are_refused_and_so_is_a_line_that_stands_twice():
    good: dict[str, object] = {"category": "venue", "title": "Hall", "planned": "10"}
    assert len(lines_of([good] * 200, "EUR")) == 200
    with pytest.raises(BudgetRefused):
        lines_of([good] * 201, "EUR")
    same = good | {"id": str(uuid4())}
    with pytest.raises(BudgetRefused):
        lines_of([same, same], "EUR")
