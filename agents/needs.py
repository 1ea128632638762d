"""What a message asks for besides the service itself: a price, a city, a language, more of it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel import Locale

SPOKEN = ("en", "ru", "de", "es", "fr", "ar", "tr", "uk", "kk", "zh", "it", "pl", "tt")
"""Languages that a provider may be asked to speak."""

SHORTEST_PRICE = 100
"""A bare number below this after "up to" is an age, an hour or a distance, not a price."""

_JOINED = r"^(?:(?:and|also|и|а ещё|und|außerdem|y|además|et|puis)\b\s*|و(?=\w{3}))"
"""Words that join a sentence to the one before and say nothing of what it wants."""

SHORT = 6
"""Words of a message that may be a mere addition to the one before it."""


@dataclass(frozen=True)
class Need:
    """Conditions that were named; None where nothing was said."""

    price_max: Decimal | None = None
    currency: str | None = None
    city: str | None = None
    language: str | None = None


def read_need(message: str, cities: Sequence[str], currency: str) -> Need:
    """The conditions in `message`, of a market with these cities and this currency."""
    text = _plain(message)
    price, named = _price(text)
    return Need(
        price_max=price,
        currency=(named or currency) if price is not None else None,
        city=_city(text, cities),
        language=_language(text),
    )


def wants_cheaper(message: str) -> bool:
    """Whether the message asks for something less expensive than what was shown."""
    return _short(message) and _names(message, "cheaper")


def wants_more(message: str) -> bool:
    """Whether the message asks for others than what was shown."""
    return _short(message) and _names(message, "more")


def adds_to_the_last(message: str) -> bool:
    """Whether the message reads as an addition to the one before: "and at night?"."""
    words = _plain(message).split()
    return _short(message) and any(
        words[: len(join)] == join and len(words) > len(join)
        for join in (told.split() for told in _words()["joins"])
    )


def is_short(message: str) -> bool:
    """Whether a message has so few words that it may lean on the one before."""
    return _short(message)


def clauses(message: str) -> list[str]:
    """The parts of a message that may each want something else."""
    pattern = "|".join(re.escape(told) for told in sorted(_words()["splits"], key=len)[::-1])
    parts = re.split(pattern, message, flags=re.IGNORECASE)
    return [part.strip() for part in parts if len(part.split()) >= 2]


def sentences(message: str) -> list[str]:
    """The sentences of a message, of two words or more."""
    parts = re.split(r"(?<=[.?!;؟])\s+|\n+", message)
    bare = (re.sub(_JOINED, "", part.strip(" .;"), flags=re.IGNORECASE) for part in parts)
    return [part for part in bare if len(part.split()) >= 2]


@cache
def _words() -> Mapping[str, Any]:
    path = Path(__file__).parent / "prompts" / "needs.json"
    return cast("dict[str, Any]", json.loads(path.read_text("utf-8")))


def _plain(message: str) -> str:
    return " ".join(re.sub(r"[?!.,;:؟،¿¡«»\"()]+(?=\s|$)|[¿¡«»\"()]", " ", message.lower()).split())


def _short(message: str) -> bool:
    return len(message.split()) <= SHORT


def _names(message: str, kind: str) -> bool:
    text = f" {_plain(message)} "
    return any(f" {told} " in text for told in _words()[kind])


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@cache
def _price_pattern() -> re.Pattern[str]:
    told = _words()
    signs = _any(word for words in told["currencies"].values() for word in words)
    number = r"(?P<number>\d{1,3}(?:[   .,]\d{3})+|\d+)(?P<cents>[.,]\d{1,2})?"
    return re.compile(
        rf"(?:(?<!\w)(?P<most>{_any(told['at_most'])})|(?P<budget>{_any(told['budget'])})\w*"
        rf"(?:\s+[^\W\d]+)?)\s*(?P<before>[€$£₽₺₸])?\s*{number}\s*(?P<after>(?:{signs})(?!\w))?"
        r"\s*(?P<next>[^\s\d]*)"
    )


def _price(text: str) -> tuple[Decimal | None, str | None]:
    for found in _price_pattern().finditer(text):
        number = Decimal(re.sub(r"\D", "", found["number"]))
        if found["cents"]:
            number += Decimal("0." + found["cents"][1:])
        sign = found["before"] or found["after"]
        currency = next(
            (code for code, words in _words()["currencies"].items() if sign and sign in words),
            None,
        )
        told = bool(currency or found["budget"])
        alone = found["next"] == "" or found["next"] in _words()["per"]
        if number > 0 and (told or (number >= SHORTEST_PRICE and alone)):
            return number, currency
    return None, None


def _city(text: str, cities: Sequence[str]) -> str | None:
    # Cases change a name's end: Казань is "в Казани", Иннополис "в Иннополисе".
    for city in sorted(cities, key=len, reverse=True):
        name = city.lower()
        stem = name[:-1] if len(name) > 5 and name[-1] in "аьйяыи" else name
        if re.search(rf"(?<!\w){re.escape(stem)}\w{{0,2}}(?!\w)", text):
            return city
    return None


@cache
def _language_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found: list[tuple[str, re.Pattern[str]]] = []
    for code in SPOKEN:
        stems = {
            _stem(name.lower())
            for reader in ("en", "ru", "de", "es", "fr", "ar")
            if (name := Locale.parse(code).get_language_name(reader))
        }
        stem = f"(?:{_any(stems)})"
        before = _any(_words()["speaking"])
        after = _any(_words()["spoken"])
        found.append(
            (
                code,
                re.compile(
                    rf"(?<!\w)(?:{before})[\s-]*(?:ال)?{stem}(?:ом|ий|и)?(?!\w)"
                    rf"|(?<!\w){stem}[\s-]?(?:{after})(?!\w)"
                ),
            )
        )
    return tuple(found)


def _stem(name: str) -> str:
    return name.removesuffix("ий").removeprefix("ال")


def _language(text: str) -> str | None:
    return next((code for code, pattern in _language_patterns() if pattern.search(text)), None)
