"""Comparisons say who is least expensive only where that can be said, and what is not known."""

from decimal import Decimal

import pytest

from app.database import tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard
from app.vendors import shortlists
from app.vendors.comparing import Comparison, compare
from tests.database.approvals.proposing import somebody
from tests.database.vendors.offering import Offered, offered
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def priced(market: MarketCard, amount: str, unit: str = "hour", **more: object) -> Offered:
    price = {"price_amount": Decimal(amount), "price_currency": "EUR", "price_unit": unit}
    return await offered(market, **{**price, "city": "Riga", **more})


async def compared(market: MarketCard, *offers: Offered) -> Comparison:
    async with tenant_session(market.id) as session:
        return await compare(session, [one.listing_id for one in offers], "en")


async def test_the_lowest_price_for_the_same_thing_is_marked(market: MarketCard):
    dear, cheap = await priced(market, "60"), await priced(market, "40")
    told = await compared(market, dear, cheap)
    assert told.same_unit
    assert [row.least for row in told.rows] == [False, True]
    assert [row.missing for row in told.rows] == [("reviews",)] * 2


async def test_prices_for_different_things_are_not_compared(market: MarketCard):
    told = await compared(market, await priced(market, "60"), await priced(market, "4", "page"))
    assert not told.same_unit
    assert not any(row.least for row in told.rows)


async def test_what_is_not_known_is_named(market: MarketCard):
    told = await compared(market, await offered(market, languages=[]), await priced(market, "4"))
    assert told.rows[0].missing == ("price", "unit", "languages", "place", "reviews")
    assert not told.rows[1].least


async def test_two_to_five_are_compared_and_no_stranger(market: MarketCard):
    one = await priced(market, "1")
    for few in ([one], [one, one], [await priced(market, "1") for _ in range(6)]):
        with pytest.raises(AppError):
            await compared(market, *few)
    elsewhere = await priced(await open_market(), "1")
    with pytest.raises(NotFound):
        await compared(market, one, elsewhere)


async def test_a_shortlist_is_kept_once_and_is_the_persons_own(market: MarketCard):
    one, two = await priced(market, "1"), await priced(market, "2")
    actor, other = await somebody(market), await somebody(market)
    async with tenant_session(market.id) as session:
        for offer in (one, two, one):
            await shortlists.keep(session, actor, offer.listing_id)
    async with tenant_session(market.id) as session:
        found = await shortlists.shortlist(session, actor, "en")
        assert [card.id for card in found] == [str(one.listing_id), str(two.listing_id)]
        assert await shortlists.shortlist(session, other, "en") == []
        await shortlists.drop(session, other, one.listing_id)
        await shortlists.drop(session, actor, two.listing_id)
        left = await shortlists.shortlist(session, actor, "en")
        assert [card.id for card in left] == [str(one.listing_id)]
