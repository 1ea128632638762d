"""Return and break-even, against figures worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.budgets.amounts import step
from app.budgets.returns import AnalysisRefused, break_even, price_for, return_on

money = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


def test_a_return_is_profit_over_cost():
    told = return_on(Decimal(8000), Decimal(10000), "EUR")
    assert (str(told.profit), str(told.percent), str(told.margin)) == ("2000.00", "25.00", "20.00")


def test_a_loss_is_below_zero_and_without_revenue_there_is_no_margin():
    told = return_on(Decimal(3000), Decimal(0), "EUR")
    assert (told.profit, told.percent, told.margin) == (-3000, -100, None)


def test_thirds_are_rounded_to_two_decimals():
    assert str(return_on(Decimal(3), Decimal(4), "EUR").percent) == "33.33"
    assert str(return_on(Decimal(3), Decimal(5), "EUR").percent) == "66.67"


@pytest.mark.parametrize(("cost", "revenue"), [(0, 100), (-1, 100), (100, -1)])
def test_a_return_on_nothing_is_refused(cost: int, revenue: int):
    with pytest.raises(AnalysisRefused):
        return_on(Decimal(cost), Decimal(revenue), "EUR")


def test_break_even_is_the_fixed_cost_over_what_a_unit_leaves():
    told = break_even(Decimal(5000), Decimal(50), Decimal(30), "EUR", planned_units=400)
    assert told.contribution == 20
    assert told.units == 250
    assert told.revenue == told.revenue_of_units == 12500
    assert told.safety == Decimal("37.50")


def test_part_of_a_unit_needs_a_whole_one():
    told = break_even(Decimal(1000), Decimal(35), Decimal(5), "EUR")
    assert told.units == 34
    assert str(told.revenue) == "1166.67"
    assert told.revenue_of_units == 1190


def test_plans_below_the_break_even_have_a_safety_below_zero():
    told = break_even(Decimal(1000), Decimal(20), Decimal(10), "EUR", planned_units=80)
    assert told.units == 100
    assert told.safety == -25


@pytest.mark.parametrize(
    ("fixed", "price", "variable", "planned", "field"),
    [
        (1000, 10, 10, None, "price"),
        (1000, 10, 12, None, "price"),
        (1000, 0, 0, None, "price"),
        (-1, 10, 5, None, "fixed_cost"),
        (1000, 10, -5, None, "fixed_cost"),
        (1000, 10, 5, 0, "planned_units"),
    ],
)
def test_what_never_pays_for_itself_is_refused_with_the_field_that_is_wrong(
    fixed: int, price: int, variable: int, planned: int | None, field: str
):
    with pytest.raises(AnalysisRefused) as refused:
        break_even(Decimal(fixed), Decimal(price), Decimal(variable), "EUR", planned)
    assert refused.value.field == field


@given(money, money, money)
def test_the_break_even_is_the_first_number_of_units_that_loses_nothing(
    fixed: Decimal, variable: Decimal, above: Decimal
):
    price = variable + above + Decimal("0.01")
    told = break_even(fixed, price, variable, "EUR")
    assert told.units * (price - variable) >= fixed
    assert told.units == 0 or (told.units - 1) * (price - variable) < fixed


@given(money, money, st.integers(1, 10_000), st.sampled_from(("EUR", "JPY", "KWD")))
def test_the_lowest_price_pays_and_one_cent_less_does_not(
    fixed: Decimal, variable: Decimal, units: int, currency: str
):
    price = Fraction(price_for(fixed, variable, units, currency))
    assert units * (price - Fraction(variable)) >= fixed
    less = price - Fraction(step(currency))
    assert units * (less - Fraction(variable)) < fixed
