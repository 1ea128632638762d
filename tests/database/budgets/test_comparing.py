"""Advice on a price comes from what the market shows of the same kind, and from nothing else."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from app.accounts import actors
from app.accounts.actors import Actor
from app.budgets.comparing import price_advice
from app.database import tenant_session
from app.errors import AppError
from app.markets.directory import MarketCard
from tests.factories import listing, open_market, provider

KIND = "craft/plumber"


async def priced(market: MarketCard, *amounts: int, **more: object) -> None:
    """Listings at these prices, by the hour in euros."""
    usual = {"price_currency": "EUR", "price_unit": "hour", "category": KIND}
    async with tenant_session(market.id) as session:
        for amount in amounts:
            await listing(session, price_amount=Decimal(amount), **{**usual, **more})


def asking(market: MarketCard, *providers: UUID) -> Actor:
    return Actor(market_id=market.id, providers=frozenset(providers))


async def test_quartiles_are_those_of_the_markets_comparable_listings(market: MarketCard):
    await priced(market, 10, 20, 30, 40, 50)
    await priced(market, 1, price_unit="day")
    await priced(market, 2, price_currency="USD")
    await priced(market, 3, state="draft")
    await priced(market, 4, category="craft/electrician")
    await priced(market, 0)
    async with tenant_session(market.id) as session:
        hidden = await provider(session, state="hidden")
    await priced(market, 5, provider_id=hidden.id)
    await priced(await open_market(), 6)
    async with tenant_session(market.id) as session:
        found = await price_advice(
            session, asking(market), KIND, "hour", "EUR", own_price=Decimal(45)
        )
    assert found.count == 5
    assert found.quartiles is not None
    assert (found.low, found.quartiles.median, found.high) == (20, 30, 40)
    assert (found.stance, found.cheaper) == ("above", 4)


async def test_four_are_too_few_and_how_many_there_are_is_said(market: MarketCard):
    await priced(market, 10, 20, 30, 40)
    async with tenant_session(market.id) as session:
        found = await price_advice(session, asking(market), KIND, "hour", "EUR")
    assert (found.count, found.quartiles, found.low) == (4, None, None)


async def test_ones_own_listings_say_nothing_new(market: MarketCard):
    async with tenant_session(market.id) as session:
        own = await provider(session)
    await priced(market, 10, 20, 30, 40, 50)
    await priced(market, 1000, 1000, 1000, provider_id=own.id)
    async with tenant_session(market.id) as session:
        found = await price_advice(session, asking(market, own.id), KIND, "hour", "EUR")
        others = await price_advice(session, asking(market, uuid4()), KIND, "hour", "EUR")
    assert found.quartiles is not None
    assert found.quartiles.highest == 50
    assert (found.count, others.count) == (5, 8)


async def test_a_city_is_known_by_any_of_its_names(market: MarketCard):
    names = {"en": "Kazan", "ru": "Казань"}
    await priced(market, 10, 20, 30, 40, 50, city="Казань", city_names=names)
    await priced(market, 99, city="Riga")
    async with tenant_session(market.id) as session:
        found = await price_advice(session, asking(market), KIND, "hour", "EUR", city="kazan")
        nowhere = await price_advice(session, asking(market), KIND, "hour", "EUR", city="Nowhere")
    assert (found.count, nowhere.count) == (5, 0)


async def test_prices_without_a_unit_are_compared_with_their_like(market: MarketCard):
    await priced(market, 1, 2, 3, price_unit=None)
    await priced(market, 4, 5, price_unit="")
    await priced(market, 100)
    async with tenant_session(market.id) as session:
        found = await price_advice(session, asking(market), KIND, "", "EUR")
    assert found.count == 5


async def test_a_currency_that_does_not_exist_is_refused(market: MarketCard):
    async with tenant_session(market.id) as session:
        with pytest.raises(AppError, match="currency"):
            await price_advice(session, actors.visitor(market.id), KIND, "hour", "ZZZ")
