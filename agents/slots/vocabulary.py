"""The words of each language: CLDR's by Babel, written numbers, and what neither of them has."""

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from babel.units import format_unit

from agents.needs import SPOKEN
from agents.slots.folding import phrase
from app.i18n import LOCALES

UNITS = ("minute", "hour", "day", "night", "week", "month")
COUNTS = (1, 2, 3, 11, 100)
"""Numbers that between them take every plural form of our languages."""

CURRENCIES = (
    *("RUB", "EUR", "USD", "GBP", "CHF", "KZT", "TRY", "UAH", "BYN", "PLN"),
    *("CZK", "SEK", "AED", "SAR", "QAR", "EGP", "MAD", "TND", "KWD", "MXN"),
)
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "₽": "RUB", "₸": "KZT", "₺": "TRY", "₴": "UAH"}

ALWAYS = ("ru", "ar")
"""Languages with a script of their own: their words cannot be mistaken for another's."""

Words = Mapping[str, Mapping[str, str]]


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """Phrases by kind, `{kind: {phrase: value}}`, and the kinds that a first word can begin."""

    words: Words
    longest: Mapping[str, int]
    begins: Mapping[str, frozenset[str]]
    known: frozenset[str]


@cache
def vocabulary(locale: str) -> Vocabulary:
    """The words of `locale`, together with those of languages in other scripts."""
    words: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for one in dict.fromkeys((*ALWAYS, locale)):
        for kind, value, text in _phrases(one):
            if key := phrase(text):
                words[kind][key] = value
                # "The day" is today, a bare "day" is not.
                if one == "ar" and "ال" in key and kind != "day":
                    bare = " ".join(word.removeprefix("ال") for word in key.split())
                    words[kind].setdefault(bare, value)
    for sign, code in SIGNS.items():
        words["currency"][sign] = code
    begins: defaultdict[str, set[str]] = defaultdict(set)
    for kind, told in words.items():
        for key in told:
            begins[key.split()[0]].add(kind)
    return Vocabulary(
        words,
        {kind: max(key.count(" ") + 1 for key in told) for kind, told in words.items() if told},
        {word: frozenset(kinds) for word, kinds in begins.items()},
        frozenset(word for told in words.values() for key in told for word in key.split()),
    )


def language_of(keys: Sequence[str], locale: str) -> str:
    """The language in Latin letters that most of the words are of; `locale` where none leads."""
    counted = Counter({locale: 0})
    for one in LOCALES:
        if one not in ALWAYS:
            words = _own_words(one)
            counted[one] = sum(key in words for key in keys)
    best = max(counted.values())
    return locale if counted[locale] == best else counted.most_common(1)[0][0]


@cache
def _own_words(locale: str) -> frozenset[str]:
    return frozenset(
        word
        for _, _, text in _phrases(locale)
        for word in phrase(text).split()
        if word.isalpha() and len(word) > 1
    )


@cache
def _file(name: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    text = (Path(__file__).parent / name).read_text("utf-8")
    return cast("dict[str, dict[str, dict[str, list[str]]]]", json.loads(text))


def _phrases(locale: str) -> Iterator[tuple[str, str, str]]:
    """Kind, value and text; a later one takes the place of an earlier one."""
    yield from _of_cldr(locale)
    yield from _numbers(locale)
    for kind, told in _file("words.json")[locale].items():
        for value, texts in told.items():
            for text in texts:
                yield kind, value, text


def _numbers(locale: str) -> Iterator[tuple[str, str, str]]:
    numbers = cast("dict[str, list[str]]", _file("numbers.json")[locale])
    for value, texts in numbers.items():
        for text in texts:
            yield "number", value, text
            if locale == "ar":
                # The second case ends otherwise; "and" is written onto the word after it.
                joined = text.replace(" و ", " و")
                yield "number", value, joined
                yield "number", value, joined.replace("ون", "ين")


def _of_cldr(locale: str) -> Iterator[tuple[str, str, str]]:
    told = Locale.parse(locale)
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in told.months[form].get(width, {}).items():
                yield "month", str(number), name.rstrip(".")
        for number, name in told.days[form].get("wide", {}).items():
            yield "weekday", str(number), name
    for unit in UNITS:
        for count in COUNTS:
            written = format_unit(count, f"duration-{unit}", locale=locale)
            name = "".join(char for char in written if not char.isdecimal()).strip()
            # Arabic has a dual: two hours are one word, and no number stands before it.
            if any(char.isdecimal() for char in written):
                yield "unit", unit, name
            elif count == 2:
                yield "single", f"2 {unit}", name
    for code in CURRENCIES:
        yield "currency", code, code
        yield "currency", code, get_currency_symbol(code, locale)
        for count in COUNTS:
            yield "currency", code, get_currency_name(code, count, locale)
    for code in SPOKEN:
        yield "tongue", code, Locale.parse(code).get_language_name(locale) or code
