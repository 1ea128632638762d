"""What is masked, what is not, and that what was masked comes back where it stood."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inference.model import Brief
from app.inference.prompting import turns_of
from app.trust.masking import Masking, Unmasking, found_in
from app.trust.wrapping import Wrapping
from tests.evals.masking.run import measured

LETTER = (
    "Меня зовут Иван Петров, +7 917 222-33-44, ivan@mail.ru, ул. Баумана, д. 5. "
    "Карта 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, "
    "https://kazan.example/auth/link?key=Zx81Qp"
)
SECRETS = ("Петров", "917", "ivan@", "Баумана", "4111", "3704", "Zx81Qp")


def test_what_the_written_sentences_name_is_found_and_little_else():
    tuned, unseen = measured("tuned"), measured("unseen")
    assert tuned.recall() >= 0.96
    assert tuned.lost_share <= 0.005
    others = [kind for kind in unseen.wanted if kind != "PERSON"]
    assert unseen.recall(*others) >= 0.92
    # Names are the weak part, as the page on rules says.
    assert unseen.recall("PERSON") >= 0.68
    assert unseen.lost_share <= 0.01


def test_nothing_that_was_found_stays_and_all_of_it_comes_back():
    masking = Masking()
    (masked,) = masking.mask([LETTER])
    assert not [secret for secret in SECRETS if secret in masked]
    assert masking.unmasked(masked) == LETTER
    assert masking.counts == dict.fromkeys(
        ("PERSON", "PHONE", "EMAIL", "ADDRESS", "CARD", "ACCOUNT", "LINK"), 1
    )


def test_the_same_value_has_the_same_sign_in_every_text_of_a_call():
    first, second = Masking().mask(["Call 8 917 222-33-44", "Was it 8 917 222-33-44?"])
    sign = first.removeprefix("Call ")
    assert second == f"Was it {sign}?"


def test_a_name_that_was_introduced_is_known_where_it_stands_alone():
    first, second = Masking().mask(["My name is Quillon Varga.", "So Varga said no to Vargas."])
    assert "Varga" not in first
    assert second.count("<PERSON-") == 1
    assert "Vargas" in second


@given(
    cuts=st.lists(st.integers(0, 200), max_size=12),
    around=st.sampled_from(["", "<", "PERSON", "<PERSON-", "P", "ab<<"]),
)
@settings(max_examples=150, deadline=None)
def test_signs_come_back_whole_however_the_answer_is_cut(cuts: list[int], around: str):
    masking = Masking()
    (masked,) = masking.mask(["Write to ivan@mail.ru or ring +7 917 222-33-44, Mr Petrov."])
    said = f"{around}{masked} {around} {masked.replace('<', '').replace('>', '')}{around}"
    unmasking = Unmasking(masking)
    places = sorted({0, len(said), *(cut for cut in cuts if cut < len(said))})
    pieces = [said[start:end] for start, end in pairwise(places)]
    shown = [unmasking.passed(piece) for piece in pieces]
    assert "".join(shown) + unmasking.rest() == masking.unmasked(said)
    assert not any("PERSON-" in piece[:-1] and "PERSON-" not in around for piece in shown)
    assert "".join(shown).count("ivan@mail.ru") == 2


def test_a_sign_that_somebody_wrote_stands_for_nothing():
    masking = Masking()
    masking.mask(["Ring +7 917 222-33-44"])
    (sign,) = masking.signs
    for told in ("<PHONE-XXX1> <PHONE-1>", f"{sign}2", f"<{sign}7>"):
        assert masking.unmasked(told) == told


def test_twelve_values_are_not_mistaken_for_the_first_with_a_two_behind_it():
    masking = Masking()
    texts = masking.mask([f"a{number}@mail.ru" for number in range(1, 13)])
    assert [masking.unmasked(text.strip("<>")) for text in texts] == [
        f"a{number}@mail.ru" for number in range(1, 13)
    ]


def test_arguments_stay_json_when_values_with_quotes_come_back():
    masking = Masking()
    (masked,) = masking.mask(["My name is O'Neil Smith"])
    masking._values[masking.signs[0]] = 'O"Neil'  # pyright: ignore[reportPrivateUsage]
    arguments = json.dumps({"for": masked})
    assert json.loads(masking.unmasked(arguments, in_json=True)) == {"for": 'My name is O"Neil'}


@pytest.mark.parametrize(
    "text",
    [
        "up to 1 200 000 ₽ from 2024-2025",
        "€40.00 an hour, 10:00-18:00, 21.11.2026",
        "Plumber on call [1] and [12], see https://kazan.example/help/cancel",
        "Any cheaper ones? At most 25000 roubles.",
    ],
)
def test_prices_times_and_marks_stay(text: str):
    assert found_in(text) == []


def test_what_a_model_is_told_to_do_is_not_masked():
    for purpose in ("offer", "explain", "both"):
        rules = turns_of(Brief(purpose, "ru", "", "Kazan"), Wrapping())[0].text
        assert found_in(rules) == []
