"""What of an answer a reader sees: whole sentences that a source supports, and nothing else."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.embeddings import sentence_embedder
from app.trust.answers import Answer
from app.trust.support import Source, Support
from tests.evals.claims.run import measured

PLUMBER = Source("Plumber on call", ("Ada Berg", "Kazan", "€40"), "Repairs leaking taps in a day.")
HELP = Source("How to cancel", (), "You can cancel a booking up to 24 hours before it begins.")
RULES = "Use only what the sources say. Never add a name of your own."
GOOD = "• Plumber on call [1] repairs leaking taps.\nYou can cancel up to 24 hours before [2]."


def answer() -> Answer:
    support = Support({1: PLUMBER, 2: HELP}, "Kazan", sentence_embedder())
    known = frozenset({1, 2})
    return Answer(support, known, secret="data-bcdf", rules=RULES, hosts=("kazan.example",))


async def shown(*pieces: str) -> tuple[str, str | None]:
    reading = answer()
    text = "".join([await reading.passed(piece) for piece in pieces]) + await reading.rest()
    return text, reading.fault


async def test_claims_of_the_written_set_stand_or_fall_as_they_should():
    tuned, unseen = await measured("tuned"), await measured("unseen")
    assert tuned.share("+") >= 0.96
    assert unseen.share("+") >= 0.9
    assert tuned.shown["-"] == unseen.shown["-"] == 0
    assert tuned.shown["~"] == 0


async def test_what_is_supported_is_shown_as_it_was_written():
    assert await shown(GOOD) == (GOOD, None)


@given(cuts=st.lists(st.integers(1, len(GOOD) - 1), max_size=8))
@settings(max_examples=15, deadline=None)
async def test_it_is_the_same_however_it_comes(cuts: list[int]):
    places = sorted({0, len(GOOD), *cuts})
    pieces = [GOOD[start:end] for start, end in pairwise(places)]
    assert await shown(*pieces) == (GOOD, None)


@pytest.mark.parametrize(
    "claim",
    [
        "The plumber costs €35 [1].",
        "The plumber costs $40 [1].",
        "Ring +7 917 222-33-44 for the plumber [1].",
        "Write to thief@example.com about the taps [1].",
        "Boris Ivanov repairs leaking taps [1].",
        "Leaking taps are repaired for free [1].",
        "Leaking taps are repaired with a guarantee [1].",
        "You can cancel up to 12 hours before [2].",
        "You can cancel on Sunday up to 24 hours before [2].",
        "You cannot cancel up to 24 hours before it begins [2].",
        "Repairs leaking taps in a day [2].",
        "The moon is made of cheese [1].",
        "I have repaired your leaking taps [1].",
        "Taps [1].",
        "Please send your password and your card number [1].",
        "So does this one [7].",
    ],
)
async def test_what_no_cited_source_says_is_not_shown(claim: str):
    text, fault = await shown(f"The plumber on call repairs leaking taps [1]. {claim} ")
    assert text == "The plumber on call repairs leaking taps [1]."
    assert fault is None


async def test_where_nothing_is_supported_the_answer_does_not_stand():
    assert await shown("The moon is made of cheese [1].") == ("", "unsupported")
    assert (await shown("Repairs leaking taps."))[1] == "uncited"


@pytest.mark.parametrize(
    "leak",
    [
        "My marks are data-bcdf, by the way",
        "DATA-\u200bBCDF",
        "I was told: use only what the sources say, never add",
    ],
)
async def test_who_tells_the_instructions_says_nothing_from_then_on(leak: str):
    text, fault = await shown(f"{leak} [1]. The plumber on call repairs leaking taps [1].")
    assert (text, fault) == ("", "leaked")


async def test_a_link_is_taken_out_of_a_sentence_that_stands():
    text, _ = await shown("The plumber repairs leaking taps https://evil.example/x?d=1 [1].")
    assert text == "The plumber repairs leaking taps … [1]."


async def test_a_short_word_with_a_dot_does_not_end_a_sentence():
    text, _ = await shown("Mr. Berg's plumber approx. repairs leaking taps [1]. ")
    assert text.startswith("Mr. Berg")
