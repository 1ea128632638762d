"""Text as vocabularies compare it: small letters without accents, one character for one."""

import re
import unicodedata

SKIPPED = "ـ"
"""Stands for marks that are written above or below letters; a token's key is without it."""

KEPT = 0x2E80
"""Characters below this are remembered; above it are scripts that no vocabulary is written in."""

_ALIKE = dict(zip("ىة’‘`،؛؟٫٬–—‑−й", "يه''',;?.,----й", strict=True))
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s\w]|_")


class _Folds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if code < KEPT:
            self[code] = folded
        return folded


def _folded(char: str) -> str:
    small = char.lower()[0]
    if small in _ALIKE:
        return _ALIKE[small]
    kind = unicodedata.category(char)
    if kind == "Mn":
        return SKIPPED
    if kind[0] in "CZ":
        return " "
    if kind == "Nd":
        return str(unicodedata.digit(char))
    return unicodedata.normalize("NFD", small)[0]


_FOLDS = _Folds()


def folded(text: str) -> str:
    """`text` folded; each character stands where it stood."""
    return text.translate(_FOLDS)


def spans(text: str, limit: int | None = None) -> list[tuple[str, int, int]]:
    """The first `limit` tokens: key, start and end. A word, digits or a sign is a token."""
    found: list[tuple[str, int, int]] = []
    for token in _TOKEN.finditer(folded(text)):
        if len(found) == limit:
            break
        key = token[0].replace(SKIPPED, "")
        if key:
            found.append((key, token.start(), token.end()))
    return found


def phrase(text: str) -> str:
    """The keys of a text, joined as vocabularies hold them."""
    return " ".join(key for key, _, _ in spans(text))


def starred(word: str) -> re.Pattern[str]:
    """The pattern that finds a word or phrase in a `phrase`; a star stands for any letters."""
    chunks = (
        r"\w*".join(re.escape(phrase(part)) for part in chunk.split("*")) for chunk in word.split()
    )
    return re.compile(rf"(?<!\w){' '.join(chunks)}(?!\w)")
