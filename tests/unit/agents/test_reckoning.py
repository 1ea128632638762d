"""Which amount of a message is which, in six languages, and the numbers that follow."""

import pytest

from agents.reckoning import cues
from tests.evals.finance.run import Question, answered, is_right, questions


@pytest.mark.parametrize("question", questions("questions"), ids=lambda one: one.message)
def test_a_question_is_answered_with_the_right_numbers(question: Question):
    assert is_right(question)


def test_a_price_below_its_cost_is_not_reckoned_with():
    with pytest.raises(Exception, match="raise the price"):
        answered(Question("en", "price 10 €, cost per guest 20 €, rent 100 €", "even", ()))


def test_of_two_nameless_amounts_none_is_divided():
    assert answered(Question("en", "I have 2000 euros, or maybe 3000 euros", "split", ())) is None


def test_what_is_missing_is_asked_for():
    found = answered(Question("en", "When do we break even at a ticket price of 50 €?", "even", ()))
    assert found is not None
    assert found.asks == ("money",)


def test_no_word_stands_for_two_kinds_of_amounts():
    known = [cue for role, told in cues().items() if role not in ("return", "even") for cue in told]
    assert len(known) == len(set(known))
