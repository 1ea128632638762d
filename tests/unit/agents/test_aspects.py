"""Which figures a message means."""

import pytest

from tests.evals.analytics.run import is_right, questions

TUNED, UNSEEN = questions("questions"), questions("unseen")


@pytest.mark.parametrize(("locale", "message", "aspect"), TUNED)
def test_every_question_that_words_were_chosen_for_is_understood(
    locale: str, message: str, aspect: str
):
    assert is_right(message, aspect)


def test_most_of_what_was_not_seen_is_understood():
    assert sum(is_right(message, aspect) for _, message, aspect in UNSEEN) >= 25
