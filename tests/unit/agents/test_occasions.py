"""What one sentence says of an event, in six languages."""

from datetime import date
from decimal import Decimal

import pytest

from agents.occasions import facts_in, kind_in, occasion_in
from agents.slots.values import Dates, Guests, Money, Slot, Value
from tests.evals.planning.run import Question, questions, read


def slot(value: Value, confidence: float = 0.9) -> Slot:
    return Slot(value, 0, 1, confidence, "said")


@pytest.mark.parametrize("question", questions("questions"), ids=lambda one: one.message)
def test_an_event_is_read_out_of_a_sentence(question: Question):
    assert read(question) == question.facts


def test_a_type_that_was_not_named_is_not_guessed():
    told = [read(one) for one in questions("unseen")]
    wrong = [
        (mine[0], one.message)
        for one, mine in zip(questions("unseen"), told, strict=True)
        if mine[0] not in ("other", one.facts[0])
    ]
    assert wrong == []


def test_the_longest_word_decides_and_the_newest_message():
    assert kind_in("our golden wedding") == "other"
    assert occasion_in(["a wedding", "no, a birthday party"], ()).kind == "birthday"
    assert occasion_in(["a wedding", "for 80 guests"], ()).kind == "wedding"


def test_of_two_readings_the_surer_is_taken():
    first, second = date(2027, 4, 3), date(2027, 3, 4)
    slots = [slot(Dates(first, first), 0.4), slot(Dates(second, second), 0.5)]
    assert facts_in(slots)[0]["day"] == second


def test_a_month_is_no_day():
    month = Dates(date(2027, 6, 1), date(2027, 6, 30))
    facts, around = facts_in([slot(month)])
    assert "day" not in facts
    assert around == month


def test_children_are_guests_too_and_a_price_for_each_is_a_sum_for_all():
    slots = [
        slot(Guests(10, 10)),
        slot(Guests(15, 15, "children")),
        slot(Money(None, Decimal(20), "EUR", "person")),
    ]
    facts, _ = facts_in(slots)
    assert (facts["guests"], facts["budget_amount"]) == (25, Decimal(500))
    assert "budget_amount" not in facts_in(slots[2:])[0]
