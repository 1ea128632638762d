"""A ticket opens its one thing once, in its own market, until it expires."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.accounts.models import Ticket
from app.accounts.tickets import TicketRefused, issue, look, use
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def issued(market: MarketCard, lasts: timedelta = HOUR, email: str = "a@example.com") -> str:
    async with tenant_session(market.id) as session:
        return await issue(session, "verify", email, lasts, told={"next": "/ru"})


async def refused(market: MarketCard, token: str, purpose: str = "verify") -> bool:
    async with tenant_session(market.id) as session:
        try:
            await look(session, purpose, token)
        except TicketRefused:
            return True
        return False


async def test_a_ticket_is_used_once(market: MarketCard):
    token = await issued(market)
    async with tenant_session(market.id) as session:
        assert (await use(session, "verify", token)).told == {"next": "/ru"}
    assert await refused(market, token)


async def test_of_two_who_use_it_at_once_one_gets_it(market: MarketCard):
    token = await issued(market)

    async def one() -> bool:
        async with tenant_session(market.id) as session:
            try:
                await use(session, "verify", token)
            except TicketRefused:
                return False
            return True

    assert sorted(await asyncio.gather(one(), one(), one())) == [False, False, True]


async def test_an_expired_a_foreign_and_a_made_up_ticket_open_nothing(market: MarketCard):
    assert await refused(market, await issued(market, timedelta(seconds=-1)))
    assert await refused(await open_market(), await issued(market))
    assert await refused(market, "x" * 43)


async def test_a_ticket_serves_its_own_purpose_alone(market: MarketCard):
    assert await refused(market, await issued(market), "reset")


async def test_a_newer_ticket_ends_the_older_one_of_the_same_address(market: MarketCard):
    older, other = await issued(market), await issued(market, email="b@example.com")
    newer = await issued(market)
    assert await refused(market, older)
    assert not await refused(market, newer)
    assert not await refused(market, other)


async def test_the_secret_itself_is_not_kept(market: MarketCard):
    token = await issued(market)
    async with tenant_session(market.id) as session:
        (row,) = (await session.exec(select(Ticket))).all()
        kept = (await session.execute(text("select ticket::text from ticket"))).scalar_one()
    assert len(row.token_hash) == 32
    assert token not in kept
