"""A total is divided by the kind of event and how many come, and nothing of it is lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.budgets.amounts import step
from app.budgets.lines import CATEGORIES
from app.budgets.splitting import OTHERWISE, SplitRefused, kinds, per_guest, split


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_parts_of_a_kind_are_a_hundred_and_name_known_categories(kind: str):
    parts = kinds()[kind].parts
    assert sum(parts.values()) == 100
    assert set(parts) <= set(CATEGORIES)
    assert all(0 <= per_guest(category) <= 1 for category in parts)


def test_the_usual_number_of_guests_gives_the_parts_themselves():
    shares = split(Decimal(10_000), "wedding", kinds()["wedding"].guests, "EUR")
    told = {share.category: share.amount for share in shares}
    assert told == {category: part * 100 for category, part in kinds()["wedding"].parts.items()}


def test_more_guests_move_money_from_the_photographer_to_the_plates():
    few = {one.category: one.amount for one in split(Decimal(10_000), "wedding", 20, "EUR")}
    many = {one.category: one.amount for one in split(Decimal(10_000), "wedding", 200, "EUR")}
    assert many["catering"] > few["catering"]
    assert many["photo"] < few["photo"]
    assert few["reserve"] == many["reserve"] == 800


def test_a_kind_that_is_not_known_is_divided_like_any_other_event():
    assert split(Decimal(100), "seance", 10, "EUR") == split(Decimal(100), OTHERWISE, 10, "EUR")


def test_ones_own_shares_replace_the_usual_ones():
    own = {"venue": Decimal(1), "music": Decimal(3), "photo": Decimal(0)}
    shares = split(Decimal("100.01"), "wedding", 60, "EUR", own)
    assert [(one.category, str(one.amount)) for one in shares] == [
        ("venue", "25.00"),
        ("music", "75.01"),
    ]


@pytest.mark.parametrize(
    "own",
    [{"yacht": 1}, {"venue": -1}, {"venue": 0}, {}, {"venue": Decimal("NaN")}, {"venue": 10**7}],
)
def test_shares_that_cannot_be_are_refused(own: dict[str, int]):
    with pytest.raises(SplitRefused):
        split(Decimal(100), "wedding", 60, "EUR", {key: Decimal(one) for key, one in own.items()})


@pytest.mark.parametrize(
    ("total", "guests"), [(0, 10), (-1, 10), (100, 0), (100, -5), (100, 10**7)]
)
def test_nothing_is_not_divided_and_not_for_nobody(total: int, guests: int):
    with pytest.raises(SplitRefused):
        split(Decimal(total), "wedding", guests, "EUR")


@given(
    st.integers(1, 10**11),
    st.sampled_from([*kinds(), "seance"]),
    st.none() | st.integers(1, 10_000),
    st.sampled_from(("EUR", "JPY", "KWD")),
)
def test_what_is_divided_sums_to_the_total_to_the_cent(
    cents: int, kind: str, guests: int | None, currency: str
):
    total = cents * step(currency)
    shares = split(total, kind, guests, currency)
    assert sum(share.amount for share in shares) == total
    assert all(share.amount > 0 for share in shares)
