"""Slots are read where they stand, as well as the figures say, and quickly from any text."""

import random
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.slots.line import LIMIT
from agents.slots.reading import read_slots
from agents.slots.values import Context, Dates, Guests, Kind, Money, candidates
from app.i18n import LOCALES, money
from tests.evals.slots.run import NOW, context, lines, measured

ROOT = Path(__file__).parents[4]

# Of the half that nothing was fitted with; docs/agents.md tells the figures themselves.
BARS: dict[Kind, tuple[float, float]] = {
    "date": (0.97, 0.95),
    "time": (0.85, 0.85),
    "duration": (0.8, 0.95),
    "money": (0.92, 0.88),
    "guests": (0.9, 0.9),
    "place": (0.95, 0.95),
    "language": (0.85, 0.85),
}


@pytest.mark.parametrize("kind", BARS)
def test_unseen_messages_are_read_as_well_as_is_said(kind: Kind):
    told = measured("unseen")
    precision, recall = BARS[kind]
    assert told.said[kind] >= 5
    assert told.precision(kind) >= precision
    assert told.recall(kind) >= recall


def test_the_messages_that_words_were_added_for_are_read():
    assert measured("tuned").wrong == []


def test_the_sets_are_large_and_in_every_language():
    told = [*lines("tuned"), *lines("unseen")]
    assert len(told) >= 150
    assert {locale for locale, _, _ in told} == set(LOCALES)
    assert len({message for _, message, _ in told}) == len(told)


@pytest.mark.parametrize("locale", LOCALES)
@given(day=st.dates(NOW.date(), NOW.date() + timedelta(days=364)))
@settings(max_examples=25, deadline=None)
def test_a_date_written_by_the_language_itself_is_read_back(locale: str, day: date):
    text = format_date(day, "long", locale=locale)
    assert [slot.value for slot in read_slots(text, context(locale))] == [Dates(day, day)]


@given(day=st.dates(NOW.date(), NOW.date() + timedelta(days=364)))
@settings(max_examples=50, deadline=None)
def test_a_day_without_a_year_is_the_next_such_day(day: date):
    text = f"{day.day} {format_date(day, 'MMMM', locale='ru')}"
    (found,) = [slot.value for slot in read_slots(text, context("ru"))]
    assert isinstance(found, Dates)
    assert found.first >= NOW.date()
    assert (found.first.month, found.first.day) == (day.month, day.day)
    # Within a year, or within four where it is a 29 February.
    assert found.first == day or (day.month, day.day) == (2, 29)


@pytest.mark.parametrize("locale", LOCALES)
@given(amount=st.integers(1, 9_999_999))
@settings(max_examples=25, deadline=None)
def test_money_written_by_the_program_is_read_back(locale: str, amount: int):
    (found,) = read_slots(money(Decimal(amount), "EUR", locale), context(locale))
    assert found.value == Money(Decimal(amount), Decimal(amount), "EUR")


@given(text=st.text(max_size=400), locale=st.sampled_from(LOCALES))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_the_spans_are_of_the_text(text: str, locale: str):
    for slot in read_slots(text, context(locale)):
        assert 0 <= slot.start < slot.end <= len(text)
        assert text[slot.start : slot.end].strip()
        assert 0 < slot.confidence <= 1


SAID = (
    "1 12 31 0 may next friday euro € to between and from 500 , . - / : guests hours million half"
    " up to нас июня до в к тысяч рублей من إلى الجمعة the of at budget назад пол ten"
)
WORDS = SAID.split()


@pytest.mark.parametrize("text", ["friday may 1", "Friday, May 1", "Friday, May 1st 2027"])
def test_a_weekday_before_a_date_is_part_of_it(text: str):
    (said,) = read_slots(text, context("en"))
    assert (said.start, said.end) == (0, len(text))
    assert said.value == Dates(date(2027, 5, 1), date(2027, 5, 1))


@given(words=st.lists(st.sampled_from(WORDS), max_size=30), locale=st.sampled_from(LOCALES))
@settings(max_examples=200, deadline=None)
def test_slots_never_share_characters_and_say_nothing_absurd(words: list[str], locale: str):
    text = " ".join(words)
    slots = read_slots(text, context(locale))
    spans = sorted({(slot.start, slot.end) for slot in slots})
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    for slot in slots:
        value = slot.value
        if isinstance(value, Guests):
            assert min(count for count in (value.least, value.most) if count is not None) > 0
        if isinstance(value, Dates):
            assert value.first <= value.last
        if isinstance(value, Money) and value.least is not None and value.most is not None:
            assert 0 < value.least <= value.most


@pytest.mark.parametrize(
    "text", ["31 February", "31.02.2027", "30 февраля", "0 guests", "0 €", "0 Gäste", "25:00"]
)
def test_what_cannot_be_is_not_read(text: str):
    assert read_slots(text, context("en")) == ()


def test_candidates_stand_over_the_same_characters():
    text = "on 3/4/2027"
    (group,) = candidates(read_slots(text, context("en")), "date")
    assert [slot.value for slot in group] == [
        Dates(date(2027, 4, 3), date(2027, 4, 3)),
        Dates(date(2027, 3, 4), date(2027, 3, 4)),
    ]
    assert {text[slot.start : slot.end] for slot in group} == {"3/4/2027"}


def test_the_day_is_the_one_in_the_market():
    """At one in the morning in Tokyo it is still yesterday in Berlin."""
    at = datetime(2026, 11, 18, 16, 30, tzinfo=ZoneInfo("UTC"))
    for zone, day in (("Asia/Tokyo", 20), ("Europe/Berlin", 19)):
        told = Context(at.astimezone(ZoneInfo(zone)), "EUR", "en")
        (found,) = read_slots("tomorrow", told)
        assert found.value == Dates(date(2026, 11, day), date(2026, 11, day))


def test_now_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Context(datetime(2026, 11, 18), "EUR", "en")  # noqa: DTZ001


def test_a_name_that_currencies_share_is_the_markets_own():
    told = Context(NOW, "QAR", "ar")
    (found,) = read_slots("٥٠٠ ريال", told)
    assert found.value == Money(Decimal(500), Decimal(500), "QAR")


HOSTILE = {
    "digits": "1" * LIMIT,
    "spaced digits": "1 " * 4000,
    "groups": "1,111" * 1600,
    "dotted": "12." * 2700,
    "dashes": "12-" * 2700,
    "ranges": "1 to " * 1600,
    "bounds": "no more than " * 600,
    "number words": "twenty two hundred " * 420,
    "money": "€ 500 - " * 1000,
    "arabic": "من ٥ إلى " * 890,
    "weeks": "in a week " * 800,
    "marks": "a\u0301" * 4000,
    "letters": "a" * LIMIT,
    "signs": "- . / : " * 1000,
    "mixed": " ".join(random.Random(5).choices(WORDS, k=2000))[:LIMIT],  # noqa: S311
}


ORDINARY = (
    "We marry on 12 June with 80 guests for at most 5000 euros in Berlin, from 3 pm till late. "
    * 200
)[:LIMIT]


def cost_of(text: str) -> float:
    """Seconds of the processor, for the machine may be busy with other things."""

    def once() -> float:
        began = time.process_time()
        read_slots(text, context("en"))
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.fixture(scope="module")
def ordinary_cost() -> float:
    read_slots("warm", context("en"))
    return cost_of(ORDINARY)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_costs_little_more_than_an_honest_one(name: str, ordinary_cost: float):
    assert cost_of(HOSTILE[name]) < 4 * ordinary_cost


def test_nothing_is_loaded_before_the_first_message():
    code = (
        "import sys, agents.slots.reading as reading, agents.slots.vocabulary as words;"
        "print(words.vocabulary.cache_info().currsize,"
        " [name for name in ('dateparser', 'sklearn', 'torch') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "0 []"
