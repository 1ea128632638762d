"""Amounts are exact: whole cents of each currency, none lost or made when a total is shared."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.budgets.amounts import (
    MOST,
    AmountRefused,
    amount_of,
    apportion,
    hundredths,
    rounded,
    step,
    wire,
)

CURRENCIES = ("EUR", "RUB", "JPY", "KWD", "CLF")

currencies = st.sampled_from(CURRENCIES)
weights = st.lists(
    st.decimals(0, 10**6, places=3, allow_nan=False), min_size=1, max_size=25
).filter(any)


@pytest.mark.parametrize(
    ("currency", "smallest"),
    [("EUR", "0.01"), ("RUB", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("CLF", "0.0001")],
)
def test_a_currency_has_the_decimals_that_cldr_gives_it(currency: str, smallest: str):
    assert step(currency) == Decimal(smallest)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "EUR", "0.01"),
        ("0.00499", "EUR", "0.00"),
        ("-0.005", "EUR", "-0.01"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("12.5", "EUR", "12.50"),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero(amount: str, currency: str, expected: str):
    assert str(rounded(Decimal(amount), currency)) == expected


@given(st.decimals(-(10**12), 10**12, places=7, allow_nan=False), currencies)
def test_rounding_is_that_of_decimal_itself(amount: Decimal, currency: str):
    assert rounded(amount, currency) == amount.quantize(step(currency), ROUND_HALF_UP)


@given(st.fractions(-1000, 1000))
def test_a_percentage_is_never_further_off_than_half_of_its_last_place(number: Fraction):
    assert abs(Fraction(hundredths(number)) - number) <= Fraction(1, 200)


@given(st.integers(0, 10**11), weights, currencies)
def test_the_parts_of_a_total_sum_to_it_exactly(cents: int, shares: list[Decimal], currency: str):
    total = cents * step(currency)
    parts = apportion(total, shares, currency)
    assert sum(parts) == total
    assert all(part >= 0 and part == rounded(part, currency) for part in parts)
    whole = sum(Fraction(share) for share in shares)
    for part, share in zip(parts, shares, strict=True):
        exact = Fraction(total) * Fraction(share) / whole
        assert abs(Fraction(part) - exact) < Fraction(step(currency))
    assert all(not part for part, share in zip(parts, shares, strict=True) if not share)


def test_of_equal_parts_the_first_get_the_cents_that_are_left():
    assert apportion(Decimal("100.00"), [Decimal(1)] * 3, "EUR") == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [1, -1]])
def test_weights_that_share_nothing_are_refused(shares: list[int]):
    with pytest.raises(ValueError, match="weights"):
        apportion(Decimal(1), [Decimal(share) for share in shares], "EUR")


@pytest.mark.parametrize("total", ["-1", "0.001"])
def test_a_total_that_is_not_in_whole_cents_is_refused(total: str):
    with pytest.raises(ValueError, match="total"):
        apportion(Decimal(total), [Decimal(1)], "EUR")


@pytest.mark.parametrize(
    ("told", "currency", "expected"),
    [
        ("12.5", "EUR", "12.50"),
        (" 12 ", "EUR", "12.00"),
        (12, "JPY", "12"),
        ("0", "KWD", "0.000"),
        ("999999999999.99", "EUR", "999999999999.99"),
    ],
)
def test_an_amount_is_read_as_it_is_written(told: object, currency: str, expected: str):
    assert wire(amount_of(told, currency, "planned"), currency) == expected


@pytest.mark.parametrize(
    "told",
    [
        "",
        "-1",
        "1e5",
        "NaN",
        "Infinity",
        "٣",
        "1,5",
        "=1",
        "--1",
        "1.2.3",
        0.1,
        True,
        None,
        [],
        {"a": 1},
        str(MOST),
        "9" * 41,
        "0.001",
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
    ],
)
def test_what_is_no_amount_is_refused(told: object):
    with pytest.raises(AmountRefused):
        amount_of(told, "EUR", "planned")


def test_a_thousand_written_with_a_point_is_not_taken_for_one():
    with pytest.raises(AmountRefused, match="EUR has no smaller part"):
        amount_of("1.200", "EUR", "planned")
    assert amount_of("1.200", "KWD", "planned") == Decimal("1.2")


def test_an_amount_finer_than_its_currency_is_refused_and_not_rounded():
    with pytest.raises(AmountRefused, match="JPY has no smaller part than 1"):
        amount_of("10.5", "JPY", "planned")


@given(st.integers(0, 10**12 - 1), currencies)
def test_what_is_written_for_programs_is_read_as_the_same_amount(cents: int, currency: str):
    amount = min(cents * step(currency), MOST - 1)
    assert amount_of(wire(amount, currency), currency, "x") == amount
