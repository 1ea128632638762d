"""Details that make two services of one kind different: at night, for children, sworn, online.

Embeddings blur exactly these, so they are read from the words, in every language that
`facets.json` has words for. A word stands for all that begin with it; up to three letters it
must be whole, for "eve" would be found in "event".
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import cast

SHORT = 3
WORD = re.compile(r"[^\W_]+")
ARABIC = re.compile(r"[\u0600-\u06ff]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def folded(text: str) -> str:
    """The text in lower case without accents, so that "diététicien" meets "dieteticien"."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ё", "е"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def facets_of(text: str) -> frozenset[str]:
    """Names of the details that the text speaks of, in any language."""
    plain = folded(text)
    return frozenset(name for name, pattern in _patterns().items() if pattern.search(plain))


@lru_cache(maxsize=512)
def speaks_of(plain: str, name: str) -> frozenset[str]:
    """The words by which a query, `folded` before, speaks of a detail."""
    pattern = _patterns().get(name)
    found = [one.span() for one in pattern.finditer(plain)] if pattern else []
    return frozenset(
        word.group()
        for word in WORD.finditer(plain)
        if any(word.start() < end and begin < word.end() for begin, end in found)
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    source = (resources.files("app.search") / "facets.json").read_text("utf-8")
    words = cast("dict[str, list[str]]", json.loads(source))
    return {name: re.compile("|".join(map(_pattern, found))) for name, found in words.items()}


def _pattern(word: str) -> str:
    plain = folded(word)
    if CHINESE.match(plain):
        return re.escape(plain)
    # Arabic writes the article and short prepositions together with the word.
    if ARABIC.match(plain):
        return r"(?<!\w)(?:و|ب|ل|ك)?(?:ال|ل)?" + re.escape(plain)
    return r"(?<!\w)" + re.escape(plain) + (r"(?!\w)" if len(plain) <= SHORT else "")
