"""Mending a query's typos before it is understood, for the encoders know whole words only.

The words to mend towards are those of the exemplars, in twelve languages. A word that is not
among them, and that the encoder takes apart into many pieces, becomes the one that is a slip of
the finger away, or that it spells in Latin letters ("santehnik"); a query without a known word
may have been typed in the other keyboard layout ("cfynt[ybr"). A word that resembles nothing stays
as it is.

Mending guesses, so whoever calls it searches for both queries and keeps the better answers.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from app.catalogue.taxonomy import categories
from app.search.embeddings import packaged_embedder
from app.search.facets import folded
from app.search.needs import needs

SHORTEST = 4
"""Letters of a word that may be mended; shorter ones have too many neighbours."""
FOREIGN = 3
"""From this many pieces on the encoder does not know a word."""
LONG = 8
"""Letters from which on two slips are forgiven."""
WORD = re.compile(r"[^\W\d_]+")

LATIN_TO_CYRILLIC = (
    ("shch", "щ"),
    ("sch", "щ"),
    ("yo", "ё"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    *zip("abvgdeziyjklmnoprstufhcwxq", "абвгдезийжклмнопрстуфхцвхк", strict=True),
)
LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")


def mended(text: str) -> str:
    """The query with each word that nobody knows replaced by the known one that was meant."""
    plain = text.lower()
    if not _has_cyrillic(plain):
        typed = plain.translate(LAYOUT)
        if _knows_most(typed) and not _knows_any(plain):
            return typed
    return WORD.sub(lambda found: _mended_word(found.group()), text)


def _mended_word(word: str) -> str:
    plain = folded(word)
    if len(plain) < SHORTEST or plain in _words():
        return word
    if min(packaged_embedder().pieces(form) for form in {word, plain}) < FOREIGN:
        return word
    return _nearest(plain) or (_nearest_cyrillic(plain) if plain.isascii() else None) or word


def _nearest_cyrillic(latin: str) -> str | None:
    cyrillic = latin
    for letters, letter in LATIN_TO_CYRILLIC:
        cyrillic = cyrillic.replace(letters, letter)
    return cyrillic if cyrillic in _words() else _nearest(cyrillic)


def _nearest(word: str) -> str | None:
    """The known word that is a slip away (two in a long word), the most used of several."""
    slips = 2 if len(word) >= LONG else 1
    shared = Counter(
        candidate for piece in _pieces(word) for candidate in _by_piece().get(piece, ())
    )
    # Every slip spoils at most three pieces (four for two swapped letters).
    fewest = max(1, len(word) + 1 - 4 * slips)
    near = [
        (distance, -_words()[candidate], candidate)
        for candidate, count in shared.items()
        if count >= fewest
        and abs(len(candidate) - len(word)) <= slips
        and (distance := slips_between(word, candidate)) <= slips
    ]
    return min(near)[2] if near else None


def slips_between(one: str, other: str) -> int:
    """How many letters must be added, dropped, changed or swapped with the next."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, counterpart in enumerate(other, 1):
            cost = min(
                last[column] + 1,
                now[column - 1] + 1,
                last[column - 1] + (letter != counterpart),
            )
            if (
                row > 1
                and column > 1
                and letter == other[column - 2]
                and one[row - 2] == counterpart
            ):
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


def _pieces(word: str) -> set[str]:
    framed = f" {word} "
    return {framed[start : start + 2] for start in range(len(framed) - 1)}


def _has_cyrillic(text: str) -> bool:
    return any("а" <= letter <= "я" for letter in text)


def _knows_most(text: str) -> bool:
    found = [folded(word) for word in WORD.findall(text)]
    known = sum(word in _words() for word in found if len(word) >= SHORTEST)
    return known > 0 and known * 2 >= len(found)


def _knows_any(text: str) -> bool:
    return any(folded(word) in _words() for word in WORD.findall(text))


def _texts() -> Iterable[str]:
    for kind in categories():
        yield from kind.names.values()
        for terms in kind.terms.values():
            yield from terms
    for phrases in needs().values():
        for said in phrases.values():
            yield from said


@cache
def _words() -> Counter[str]:
    return Counter(folded(word) for text in _texts() for word in WORD.findall(text))


@cache
def _by_piece() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in _words():
        if len(word) >= SHORTEST:
            for piece in _pieces(word):
                found.setdefault(piece, []).append(word)
    return found
