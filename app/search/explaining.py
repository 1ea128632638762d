"""Why something was found: which words of the query it has, and where, or that it means the same.

The words are those of the query as it was understood, with typos mended, so they are in whatever
language the query is in. Places are the texts that the index was made of, and the details that it
weighed. What shares no word was found by its meaning alone, and that is what is said then.
"""

import re
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
LETTERS = {
    "a": "aàáâãäåą", "c": "cçćč", "e": "eèéêëę", "i": "iìíîï", "n": "nñń", "o": "oòóôõö",
    "s": "sśš", "u": "uùúûü", "y": "yýÿ", "z": "zźżž", "е": "её", "и": "ий", "ا": "اأإآ",
}  # fmt: skip
"""Letters that are one without their accents: texts are searched as they are written."""
ARTICLES = re.compile(r"^(?:و|ب|ل|ك|ف)?(?:ال|لل)(?=..)")
"""What Arabic writes together with a word."""


@dataclass(frozen=True)
class Match:
    """Words of the query that stand in one place; none where the meaning alone is close."""

    place: Place
    words: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """A query's words that say something: as they are written, and plain."""

    words: Mapping[str, str]
    pattern: re.Pattern[str] | None
    plain: str


Texts = Mapping[Place, Sequence[str]]
"""The texts of something found, by their places."""


@lru_cache(maxsize=256)
def understood(said: str) -> Understood:
    """The query `said`, ready to be looked for."""
    words: dict[str, str] = {}
    for word in WORD.findall(said):
        plain = _plain(word)
        if len(plain) >= SHORTEST and plain not in EMPTY and folded(word) not in EMPTY:
            words.setdefault(plain, word.lower())
    words = dict(list(words.items())[:MOST_WORDS])
    begun = "|".join(sorted({_pattern(plain[:BEGINNING]) for plain in words}))
    pattern = re.compile(rf"(?<![^\W_])(?:[وبلكف]?(?:ال|لل))?(?:{begun})[^\W_]*") if begun else None
    return Understood(words, pattern, folded(said))


def matches(said: Understood, texts: Texts, details: Iterable[str] = ()) -> list[Match]:
    """Where the words of a query stand, each word in the first of its places."""
    left = dict(said.words)
    found: dict[Place, list[str]] = {}
    for place in PLACES:
        there = _words_in(said, texts.get(place, ())) if left else frozenset[str]()
        for plain in [one for one in left if there and any(_same(one, it) for it in there)]:
            found.setdefault(place, []).append(left.pop(plain))
    for name in details:
        spoken = speaks_of(said.plain, name)
        for plain in [one for one in left if one in spoken]:
            found.setdefault("detail", []).append(left.pop(plain))
    if not found:
        return [Match("meaning", ())]
    return [Match(place, tuple(words)) for place, words in found.items()]


def found_in(
    said: Understood, card: ListingCard, listing: Listing, details: Iterable[str]
) -> list[Match]:
    """Where the words of a query stand in a listing, in whichever of its languages."""
    texts: Texts = {
        "title": tuple(listing.title.values()),
        "provider": (card.provider,),
        "category": (card.category_name, _called(listing.category)),
        "tags": tuple(listing.tags),
        "text": tuple(listing.description.values()),
    }
    return matches(said, texts, details)


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
    return " . ".join([*kind.names.values(), *terms]).lower() if kind else ""


def _words_in(said: Understood, texts: Sequence[str]) -> set[str]:
    """The words of some texts that begin as a word of the query does, plain."""
    if said.pattern is None:
        return set()
    return {_plain(word) for text in texts for word in said.pattern.findall(text.lower())}


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


def _pattern(beginning: str) -> str:
    return "".join(f"[{LETTERS[one]}]" if one in LETTERS else one for one in beginning)
