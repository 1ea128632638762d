"""What comparable prices say, and that too few say nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.budgets.pricing import LEAST, advise, quartiles_of


def of(*amounts: int) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_quartiles_are_those_that_spreadsheets_give():
    found = quartiles_of(of(60, 40, 50, 100, 45, 55), "EUR")
    assert found is not None
    told = (found.lowest, found.first, found.median, found.third, found.highest)
    assert [str(each) for each in told] == ["40.00", "46.25", "52.50", "58.75", "100.00"]
    assert found.count == 6


def test_four_prices_say_nothing_but_how_many_they_are():
    advice = advise(of(10, 20, 30, 40), "EUR", Decimal(25), Decimal(5))
    assert advice.count == 4
    assert (advice.quartiles, advice.low, advice.high, advice.stance) == (None, None, None, None)
    assert quartiles_of(of(10, 20, 30, 40, 50), "EUR") is not None
    assert LEAST == 5


@pytest.mark.parametrize(
    ("price", "stance", "cheaper"),
    [(15, "below", 1), (20, "low", 1), (30, "low", 2), (40, "high", 3), (41, "above", 4)],
)
def test_a_price_stands_where_the_quartiles_put_it(price: int, stance: str, cheaper: int):
    advice = advise(of(10, 20, 30, 40, 50), "EUR", Decimal(price))
    assert (advice.stance, advice.cheaper) == (stance, cheaper)


def test_no_price_below_ones_own_cost_is_advised():
    advice = advise(of(10, 20, 30, 40, 50), "EUR", unit_cost=Decimal(25))
    assert (advice.low, advice.high, advice.squeezed) == (25, 40, False)
    dear = advise(of(10, 20, 30, 40, 50), "EUR", unit_cost=Decimal(45))
    assert (dear.low, dear.high, dear.squeezed) == (45, 45, True)


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=LEAST, max_size=60))
def test_quartiles_lie_in_order_within_the_prices(prices: list[Decimal]):
    found = quartiles_of(prices, "EUR")
    assert found is not None
    told = [found.lowest, found.first, found.median, found.third, found.highest]
    assert told == sorted(told)
    assert sum(price <= found.median for price in prices) * 2 >= len(prices)
