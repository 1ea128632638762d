"""What the lines of a budget come to, and the plan against the fact."""

from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.budgets.lines import (
    CATEGORIES,
    Line,
    by_category,
    category_name,
    left_of,
    summed,
)
from app.i18n import LOCALES

amounts = st.decimals(0, 10**9, places=2, allow_nan=False)
lines = st.builds(
    Line,
    id=st.uuids(),
    category=st.sampled_from(tuple(CATEGORIES)),
    title=st.just("Something"),
    planned=amounts,
    actual=st.none() | amounts,
    paid=st.booleans(),
)


def line(category: str, planned: str, actual: str | None = None, *, paid: bool = False) -> Line:
    known = None if actual is None else Decimal(actual)
    return Line(uuid4(), category, "Something", Decimal(planned), known, paid)


def test_a_line_without_a_fact_is_expected_to_cost_what_is_planned():
    sums = summed([line("venue", "1000", "1200", paid=True), line("catering", "2000")])
    assert sums.planned == Decimal(3000)
    assert sums.actual == Decimal(1200)
    assert sums.expected == Decimal(3200)
    assert sums.difference == Decimal(200)
    assert sums.paid == Decimal(1200)
    assert sums.unpaid == Decimal(2000)
    assert sums.over == Decimal(200)
    assert (sums.known, sums.lines) == (1, 2)


def test_nothing_comes_to_nothing():
    sums = summed([])
    assert (sums.planned, sums.expected, sums.over, sums.lines) == (0, 0, 0, 0)


def test_what_is_saved_in_one_place_makes_up_for_another_in_the_whole_but_not_in_its_category():
    told = [line("venue", "1000", "1200"), line("catering", "2000", "1700")]
    assert summed(told).over == 0
    assert {one.category: one.sums.over for one in by_category(told)} == {
        "venue": 200,
        "catering": 0,
    }


def test_what_is_left_of_the_limit_may_be_less_than_zero():
    sums = summed([line("venue", "1000", "1200")])
    assert left_of(Decimal(1500), sums) == 300
    assert left_of(Decimal(1000), sums) == -200
    assert left_of(None, sums) is None


def test_categories_come_in_the_order_of_the_list_and_only_those_with_lines():
    told = [line("other", "1"), line("venue", "1"), line("other", "2")]
    assert [one.category for one in by_category(told)] == ["venue", "other"]


def test_every_category_has_a_name_of_its_own_in_every_language():
    for locale in LOCALES:
        names = {category_name(category, locale) for category in CATEGORIES}
        assert len(names) == len(CATEGORIES)


@given(st.lists(lines, max_size=30))
def test_the_categories_together_are_the_whole(told: list[Line]):
    whole, parts = summed(told), [one.sums for one in by_category(told)]
    for name in ("planned", "actual", "expected", "difference", "paid", "unpaid", "known", "lines"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


@given(st.lists(lines, max_size=30))
def test_expected_is_the_plan_and_the_difference(told: list[Line]):
    sums = summed(told)
    assert sums.expected == sums.planned + sums.difference
    assert sums.over == max(sums.difference, 0)
