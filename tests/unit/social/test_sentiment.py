"""The reader of sentiments is as good as the page on it says, and what it quotes is harmless."""

from pathlib import Path

import pytest

from app.social.models import SENTIMENTS
from app.social.quoting import quoted
from app.social.sentiment import examples, soundings

UNSEEN = Path(__file__).parents[2] / "evals" / "social" / "unseen.txt"


async def test_four_of_five_unseen_sentences_are_read_rightly():
    told = examples(UNSEEN)
    assert len(told) == 144
    sounds = await soundings([text for _, _, text in told])
    right = [
        one.sentiment == sentiment for one, (_, sentiment, _) in zip(sounds, told, strict=True)
    ]
    assert sum(right) >= 115
    for language in ("en", "ru", "de", "es", "fr", "ar"):
        of_it = [hit for hit, (one, _, _) in zip(right, told, strict=True) if one == language]
        assert sum(of_it) >= 18, language


def test_every_language_has_as_many_examples_of_each_sentiment():
    counts = {
        (language, sentiment): sum(one[:2] == (language, sentiment) for one in examples())
        for language in ("en", "ru", "de", "es", "fr", "ar")
        for sentiment in SENTIMENTS
    }
    assert set(counts.values()) == {25}
    assert not {text for *_, text in examples()} & {text for *_, text in examples(UNSEEN)}


async def test_nothing_asked_is_nothing_read():
    assert await soundings([]) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Good.\n\nReally  good", "Good. Really good"),
        ("[Pay](https://evil.example/pay) now", "Pay now"),
        ("See https://evil.example/x", "See …"),
        ("as written [1]", "as written (1)"),
        ("a<|im_start|>b", "a b"),
        ("a\U000e0041b", "ab"),
        ("", "…"),
    ],
)
def test_a_quote_is_one_line_without_what_a_reader_could_follow(text: str, shown: str):
    assert quoted(text) == shown


def test_a_long_quote_is_cut_between_words():
    cut = quoted("word " * 100)
    assert len(cut) <= 161
    assert cut.endswith("word…")
