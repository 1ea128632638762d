"""Mending typos: towards words that people use for services, and leaving the rest alone."""

import pytest

from app.search.spelling import mended, slips_between


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("elektrician", "electrician"),
        ("рипититор", "репетитор"),
        ("santehnik", "сантехник"),
        ("cfynt[ybr", "сантехник"),
        ("ремонт холадильника", "ремонт холодильник"),
    ],
)
def test_a_slip_becomes_the_word_that_was_meant(typed: str, meant: str):
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "said", ["braids for curly African hair", "кран капает", "WLAN zu Hause einrichten", "北京"]
)
def test_words_that_are_spelt_rightly_stay(said: str):
    assert mended(said) == said


def test_two_swapped_letters_are_one_slip():
    assert slips_between("nihgt", "night") == 1
    assert slips_between("cat", "dogs") == 4
