"""Masking: signs in the place of personal data, and the data back in the place of the signs.

A sign such as `<PERSON-KQX1>` carries letters that are drawn for each call, so that no text that
somebody wrote can hold one. The same value has the same sign in the whole call.
"""

import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from app.trust.contacts import contacts
from app.trust.names import names
from app.trust.numbers import numbers
from app.trust.places import places
from app.trust.spans import PersonalKind, Span, apart

_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no word comes of them."""
_FINDERS: Final[tuple[Callable[[str], Iterable[Span]], ...]] = (contacts, numbers, places, names)
_SHORTEST_PART = 4
_CASE = re.compile(r"(?<=[а-яё]{3})(?:[аеуыюя]|[оеыи][мйю]|ого|ому)$")
_WORDS = re.compile(rf"[^\W\d_]{{{_SHORTEST_PART},}}")


def found_in(text: str) -> list[Span]:
    """What of a text is personal data, apart from each other and in order."""
    return apart(span for finder in _FINDERS for span in finder(text))


class Masking:
    """The masks of one call; what a text had is remembered, so that it can be put back."""

    def __init__(self) -> None:
        self._letters = "".join(secrets.choice(_LETTERS) for _ in range(3))
        self._signs: dict[tuple[PersonalKind, str], str] = {}
        self._values: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        """How many different values of each kind were masked."""

    def mask(self, texts: Iterable[str]) -> list[str]:
        """The texts with signs in the place of what is personal in them."""
        given = list(texts)
        found = [found_in(text) for text in given]
        parts = frozenset(
            _stem(part)
            for text, spans in zip(given, found, strict=True)
            for span in spans
            if span.kind == "PERSON"
            for part in _WORDS.findall(text[span.start : span.end])
        )
        return [
            self._replaced(text, apart([*spans, *_again(text, parts)]))
            for text, spans in zip(given, found, strict=True)
        ]

    def unmasked(self, text: str, *, in_json: bool = False) -> str:
        """A text that is complete, with what was masked back in it."""
        restoring = Unmasking(self, in_json=in_json)
        return restoring.passed(text) + restoring.rest()

    def value(self, sign: str) -> str:
        """What stands behind a sign (without its brackets)."""
        return self._values[sign]

    @property
    def signs(self) -> tuple[str, ...]:
        """Every sign that was given, without brackets, the longest first."""
        return tuple(sorted(self._values, key=len, reverse=True))

    def _replaced(self, text: str, spans: list[Span]) -> str:
        pieces: list[str] = []
        end = 0
        for span in spans:
            pieces += (text[end : span.start], f"<{self._sign(span, text)}>")
            end = span.end
        return "".join((*pieces, text[end:]))

    def _sign(self, span: Span, text: str) -> str:
        value = text[span.start : span.end]
        key = (span.kind, " ".join(value.casefold().split()))
        if key not in self._signs:
            self.counts[span.kind] += 1
            sign = f"{span.kind}-{self._letters}{self.counts[span.kind]}"
            self._signs[key] = sign
            self._values[sign] = value
        return self._signs[key]


class Unmasking:
    """Puts back what was masked while an answer comes; half a sign waits for its end."""

    def __init__(self, masking: Masking, *, in_json: bool = False) -> None:
        self._masking, self._in_json = masking, in_json
        signs = masking.signs
        # Models drop the brackets now and then.
        self._pattern = re.compile(
            "|".join(rf"<{re.escape(sign)}>|{re.escape(sign)}(?!\d)" for sign in signs) or r"(?!)"
        )
        self._whole = tuple(f"<{sign}>" for sign in signs)
        self._longest = max(map(len, self._whole), default=0)
        self._held = ""

    def passed(self, piece: str) -> str:
        """What may be shown by now."""
        text = self._held + piece
        kept = self._beginning(text)
        self._held = text[kept:]
        return self._restored(text[:kept])

    def rest(self) -> str:
        """What was held back, when nothing more comes."""
        text, self._held = self._held, ""
        return self._restored(text)

    def _beginning(self, text: str) -> int:
        """Where a sign may begin that the text's end cuts; the text's length where none does."""
        for start in range(max(0, len(text) - self._longest + 1), len(text)):
            end = text[start:]
            if any(whole.startswith(end) or whole[1:-1].startswith(end) for whole in self._whole):
                return start
        return len(text)

    def _restored(self, text: str) -> str:
        return self._pattern.sub(self._put_back, text)

    def _put_back(self, found: re.Match[str]) -> str:
        value = self._masking.value(found[0].strip("<>"))
        return json.dumps(value, ensure_ascii=False)[1:-1] if self._in_json else value


def _again(text: str, parts: frozenset[str]) -> Iterator[Span]:
    """Parts of names that were found elsewhere, where they stand alone with a capital."""
    for found in _WORDS.finditer(text):
        if found[0][0].isupper() and _stem(found[0]) in parts:
            yield Span(*found.span(), "PERSON")


def _stem(word: str) -> str:
    """A word without the ending of its case, where it is Cyrillic."""
    return _CASE.sub("", word.casefold()) if len(word) > _SHORTEST_PART else word.casefold()
