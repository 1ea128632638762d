"""Budgets: what is reserved counts at once, and no two calls pass a limit together."""

import asyncio
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from app.accounts.actors import system
from app.database import TenantSession, tenant_session
from app.errors import Conflict
from app.inference.budgets import (
    BudgetUsedUp,
    CurrencyUnknown,
    Limits,
    Reserved,
    Used,
    reserve,
    set_budget,
    settle,
    used_today,
)
from app.inference.endpoints import ModelRefused
from app.markets.directory import MarketCard
from tests.factories import open_market, person


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def limited(market: MarketCard, limits: Limits, version: int = 0) -> None:
    async with tenant_session(market.id) as session:
        await set_budget(session, system(market.id, "tests"), version, limits)


async def reserved(
    market: MarketCard,
    tokens: int = 0,
    money: str = "0",
    person_id: UUID | None = None,
    currency: str = "EUR",
) -> Reserved:
    async with tenant_session(market.id) as session:
        return await reserve(session, person_id, tokens, Decimal(money), currency)


async def used(market: MarketCard) -> Used:
    async with tenant_session(market.id) as session:
        return await used_today(session, system(market.id, "tests"))


async def test_what_was_not_used_is_given_back(market: MarketCard):
    held = await reserved(market, 1000, "0.50")
    assert await used(market) == Used(1000, {"EUR": Decimal("0.50")})
    async with tenant_session(market.id) as session:
        await settle(session, held, 120, Decimal("0.03"))
    assert await used(market) == Used(120, {"EUR": Decimal("0.03")})


async def test_of_calls_at_the_same_time_only_those_begin_that_fit(market: MarketCard):
    await limited(market, Limits(market_tokens=1000))

    async def attempt() -> bool:
        try:
            await reserved(market, 300)
        except BudgetUsedUp:
            return False
        return True

    went = await asyncio.gather(*(attempt() for _ in range(8)))
    assert sum(went) == 3
    assert (await used(market)).tokens == 900


async def test_one_person_cannot_use_what_is_meant_for_all(market: MarketCard):
    await limited(market, Limits(market_tokens=10_000, person_tokens=500))
    async with tenant_session(market.id) as session:
        ada, grace = (await person(session)).id, (await person(session)).id
    await reserved(market, 400, person_id=ada)
    with pytest.raises(BudgetUsedUp) as refused:
        await reserved(market, 200, person_id=ada)
    assert refused.value.of == "person"
    await reserved(market, 400, person_id=grace)
    # What was refused to a person is not counted for the market.
    assert (await used(market)).tokens == 800


async def test_money_is_limited_to_the_last_hundredth_of_a_cent(market: MarketCard):
    await limited(market, Limits(market_money=Decimal("1"), currency="EUR"))
    await reserved(market, 1, "0.9999")
    with pytest.raises(BudgetUsedUp):
        await reserved(market, 1, "0.0002")
    await reserved(market, 1, "0.0001")


async def test_a_persons_money_is_limited_beside_the_markets(market: MarketCard):
    limits = Limits(market_money=Decimal(10), person_money=Decimal(1), currency="EUR")
    await limited(market, limits)
    async with tenant_session(market.id) as session:
        ada = (await person(session)).id
    await reserved(market, 5, "0.8", person_id=ada)
    with pytest.raises(BudgetUsedUp) as refused:
        await reserved(market, 5, "0.3", person_id=ada)
    assert refused.value.of == "person"
    # Nothing of what was refused is counted, in none of the four rows.
    assert await used(market) == Used(5, {"EUR": Decimal("0.8")})
    await reserved(market, 5, "0.2", person_id=ada)


async def test_a_price_in_another_currency_cannot_slip_by_a_limit(market: MarketCard):
    await limited(market, Limits(market_money=Decimal("1"), currency="EUR"))
    with pytest.raises(CurrencyUnknown):
        await reserved(market, 1, "500", currency="RUB")
    await reserved(market, 1, "0", currency="")


async def test_tokens_count_together_whatever_they_cost(market: MarketCard):
    await limited(market, Limits(market_tokens=100))
    await reserved(market, 60, "0.1", currency="EUR")
    with pytest.raises(BudgetUsedUp):
        await reserved(market, 60, "5", currency="RUB")


async def test_a_call_that_is_larger_than_the_whole_budget_is_refused_as_the_first(
    market: MarketCard,
):
    await limited(market, Limits(market_tokens=100, market_money=Decimal(1), currency="EUR"))
    with pytest.raises(BudgetUsedUp):
        await reserved(market, 101)
    with pytest.raises(BudgetUsedUp):
        await reserved(market, 1, "1.01")
    assert (await used(market)).tokens == 0


async def test_another_market_has_its_own_budget(market: MarketCard):
    await limited(market, Limits(market_tokens=10))
    await reserved(market, 10)
    await reserved(await open_market(), 10)


async def test_limits_are_changed_by_who_saw_them_last(market: MarketCard):
    await limited(market, Limits(market_tokens=10))
    with pytest.raises(Conflict):
        await limited(market, Limits(market_tokens=20))
    await limited(market, Limits(market_tokens=20), version=1)
    for wrong in (Limits(market_tokens=-1), Limits(market_money=Decimal("nan"))):
        with pytest.raises(ModelRefused):
            await limited(market, wrong, version=2)


async def test_nobody_waits_for_the_disk_while_a_row_is_held(market: MarketCard):
    async def patient(session: TenantSession) -> None:
        # The tests' database never waits for its disk; one that serves people does.
        await session.execute(text("set local synchronous_commit = on"))

    async def waits(session: TenantSession) -> str:
        return str(await session.scalar(text("show synchronous_commit")))

    async with tenant_session(market.id) as session:
        await patient(session)
        held = await reserve(session, None, 10, Decimal(0), "EUR")
        assert await waits(session) == "off"
    async with tenant_session(market.id) as session:
        await patient(session)
        await settle(session, held, 5, Decimal(0))
        assert await waits(session) == "off"
