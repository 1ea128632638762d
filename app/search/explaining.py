"""Why something was found: which words of the query it has, and where, or that it means the same.

The words are those of the query as it was understood, with typos mended, so they are in whatever
language the query is in. Places are the texts that the index was made of, and the details that it
weighed. What shares no word was found by its meaning alone, and that is what is said then.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from app.catalogue.cards import ListingCard
from app.catalogue.models import Listing
from app.catalogue.taxonomy import category
from app.i18n import direction, translate
from app.search.articles import alike, shared
from app.search.facets import folded, speaks_of

Place = Literal["title", "provider", "category", "tags", "text", "detail", "meaning"]
"""Where words stand, in the order in which they are looked for. `detail` is something that both
speak of, perhaps in other words; `meaning` has no words."""
PLACES: tuple[Place, ...] = get_args(Place)

WORD = re.compile(r"[^\W_]+")
SHORTEST = 3
BEGINNING = 4
"""Letters by which a word is looked for in a text, before it is compared as a whole."""
MOST_WORDS = 8
ENDINGS = {"", "s", "es", "ed", "er", "ers", "ing"}
LONGEST_ENDING = 3
"""Letters by which a word may be longer than another that it begins with: leak, leaking."""
EMPTY = frozenset(
    folded(
        "and any are but can for from get has have her him his how its let look looking may must"
        " need needed needs not one our please she some somebody someone than that the their them"
        " there they this was want wants what when where which who will with would you your"
        " без был вам вас все где для его ему или ищу как кто мне мой моя надо нас нет нужен нужна"
        " нужно нужны она они оно под при про сам тебе тот хочу что чтобы эта это этот"
        " aber als auch auf aus bei bin bitte brauche das dass dem den der des die ein eine einem"
        " einen einer für hat ich ihr ist jemand jemanden kann kein mein meine mich mir mit nach"
        " nicht oder sich sie sind suche und uns vom von war was wer wie wir wird zum zur"
        " algo alguien busco como con cual del donde ella eso esta este hay las los mas mis muy"
        " necesito nos para pero por porque que quien quiero ser sin sobre son una uno unos"
        " avec aux besoin car ces cherche dans des elle est fait faire ils les leur mais mes mon"
        " nos notre nous par pas pour puis quelqu quelqu'un qui sans ses son sont sur une veux vous"
        " من في على إلى الى عن هل أريد اريد أحتاج احتاج أبحث ابحث مع هذا هذه الذي التي كان لي ما"
        " أو او أن ان لا يا كيف أين متى"
    ).split()
)
"""Words that say nothing of a need, in the languages of the program."""
MARKS = [chr(code) for code in (*range(0x300, 0x30D), 0x327, 0x328, *range(0x64B, 0x656), 0x670)]
"""Accents and vowel signs, as they stand once letters are taken apart."""
ARTICLES = re.compile(r"^(?:و|ب|ل|ك|ف)?(?:ال|لل)(?=..)")
"""What Arabic writes together with a word."""
LONGEST_ARTICLE = 3
SEAM = "\0"
"""Stands in no text that Postgres keeps."""


@dataclass(frozen=True)
class Match:
    """Words of the query that stand in one place; none where the meaning alone is close."""

    place: Place
    words: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """A query: its words that say something as they are written, by their plain form."""

    words: Mapping[str, str]
    plain: str


Texts = Mapping[Place, str]
"""The texts of something found, by their places; those of several languages on lines."""


@lru_cache(maxsize=256)
def understood(said: str) -> Understood:
    """The query `said`, ready to be looked for."""
    words: dict[str, str] = {}
    for word in WORD.findall(said):
        plain = _plain(word)
        if len(plain) >= SHORTEST and plain not in EMPTY and folded(word) not in EMPTY:
            words.setdefault(plain, word.lower())
    words = dict(list(words.items())[:MOST_WORDS])
    return Understood(words, folded(said))


def matches(
    said: Understood, texts: Texts, details: Iterable[str] = (), called: str = ""
) -> list[Match]:
    """Where the words of a query stand, each word in the first of its places.

    `called` is what the category is called besides, plain already.
    """
    # Put together, texts are made plain at once, and most words are in none of them.
    whole = _folded(SEAM.join(texts.get(place, "") for place in PLACES))
    left = {
        one: word
        for one, word in said.words.items()
        if one[:BEGINNING] in whole or one[:BEGINNING] in called
    }
    found: dict[Place, list[str]] = {}
    for place, text in zip(PLACES, whole.split(SEAM), strict=True) if left else ():
        there = f"{text}\n{called}" if place == "category" else text
        for plain in [one for one in left if _stands(one, there)]:
            found.setdefault(place, []).append(left.pop(plain))
    for name in details:
        spoken = speaks_of(said.plain, name)
        told = {word for words in found.values() for word in words}
        for plain, word in said.words.items():
            if plain in spoken and word not in told:
                found.setdefault("detail", []).append(word)
    if not found:
        return [Match("meaning", ())]
    return [Match(place, tuple(words)) for place, words in found.items()]


def found_in(
    said: Understood, card: ListingCard, listing: Listing, details: Iterable[str]
) -> list[Match]:
    """Where the words of a query stand in a listing, in whichever of its languages."""
    texts: Texts = {
        "title": "\n".join(listing.title.values()),
        "provider": card.provider,
        "category": card.category_name,
        "tags": "\n".join(listing.tags),
        "text": "\n".join(listing.description.values()),
    }
    return matches(said, texts, details, _called(listing.category))


def in_words(found: Sequence[Match], locale: str) -> str:
    """The reasons on one line, for a reader of `locale`."""
    words = [word for match in found for word in match.words]
    if not words:
        return translate(locale, "Close in meaning")
    comma = "، " if direction(locale) == "rtl" else ", "
    return translate(locale, "Matches: %(words)s", words=comma.join(words))


@cache
def _called(key: str) -> str:
    """What the taxonomy calls a category, in every language that it has."""
    kind = category(key)
    terms = [term for said in kind.terms.values() for term in said] if kind else []
    return folded("\n".join([*kind.names.values(), *terms])) if kind else ""


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    """A text in lower case without accents; faster than `folded`, for a page has many."""
    plain = text.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        for mark in MARKS:
            plain = plain.replace(mark, "")
    return plain


def _stands(word: str, text: str) -> bool:
    """Whether a form of a word stands in a text; both are plain."""
    beginning = word[:BEGINNING]
    at = text.find(beginning)
    while at >= 0:
        start, end = at, at + len(beginning)
        while start and text[start - 1].isalnum() and at - start <= LONGEST_ARTICLE:
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        if _same(word, text[at:end] if start == at else ARTICLES.sub("", text[start:end])):
            return True
        at = text.find(beginning, end)
    return False


def _same(one: str, other: str) -> bool:
    """Whether two words are forms of one; where they are short, alike is not enough."""
    if one == other or alike(one, other):
        return True
    same = shared(one, other)
    rests = {one[same:], other[same:]}
    if same < BEGINNING:
        return same == SHORTEST and rests == {"", "s"}
    return rests <= ENDINGS or ("" in rests and max(map(len, rests)) <= LONGEST_ENDING)


def _plain(word: str) -> str:
    return ARTICLES.sub("", folded(word))
