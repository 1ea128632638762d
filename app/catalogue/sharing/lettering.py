"""Texts in a picture: which signs can be drawn, how wide they are, where lines end.

Arabic is joined, and right-to-left text ordered, by a library of the system (FriBiDi) that Pillow
finds or not; see `joins_arabic`.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from anyascii import anyascii
from PIL import ImageFont, features

FONTS = Path(__file__).parent / "fonts"
"""Made by `scripts/sharing_fonts.py`."""
PLAIN, BOLD = 500, 700
"""The weights that there are."""

LONGEST = 400
"""Signs of a text that are looked at: more are not drawn in any size."""
ELLIPSIS = "…"
_CLOSE = 8
"""Pixels below which lines of about the same length are not evened out further."""

_ARABIC = re.compile("[\u0600-\u07bf\ufb50-\ufdff\ufe70-\ufeff]")


@cache
def joins_arabic() -> bool:
    """Whether right-to-left text can be drawn as it is written."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=64)
def font(size: int, weight: int = PLAIN) -> ImageFont.FreeTypeFont:
    """The font in a size in pixels; to be used by one thread at a time."""
    return ImageFont.truetype(FONTS / f"{weight}.woff2", size)


@cache
def _signs() -> frozenset[int]:
    found: set[int] = set()
    for line in (FONTS / "signs.txt").read_text().split():
        first, last = line.split("-")
        found.update(range(int(first, 16), int(last, 16) + 1))
    return frozenset(found)


def drawable(text: str) -> str:
    """`text` in one line of signs that the font has.

    Letters and digits of other scripts are written in Latin ones; what has none, such as a picture
    or a sign that turns the direction of its neighbours, is left out.
    """
    found = (_drawn(sign) for sign in unicodedata.normalize("NFC", text[:LONGEST]))
    return " ".join("".join(found).split())


def _drawn(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign.isspace() or kind == "Cc":
        return " "
    if kind == "Cf" and sign not in "\u200c\u200d":
        return ""
    if ord(sign) in _signs() and (joins_arabic() or not _ARABIC.match(sign)):
        return sign
    return anyascii(sign) if kind[0] in "LNM" else ""


def width(text: str, letters: ImageFont.FreeTypeFont) -> float:
    """How wide a line is, in pixels."""
    return letters.getlength(text)


def shortened(text: str, letters: ImageFont.FreeTypeFont, room: float) -> str:
    """As much of a line as fits into `room` pixels, with an ellipsis where some is left out."""
    if width(text, letters) <= room:
        return text
    kept = text[: _fitting(text, letters, room - width(ELLIPSIS, letters))]
    return kept.rstrip(" ,;:.–—-·") + ELLIPSIS


def lines_of(text: str, letters: ImageFont.FreeTypeFont, room: float, most: int) -> list[str]:
    """`text` in at most `most` lines of `room` pixels; the last ends in an ellipsis if need be.

    A word that is wider than a line goes on in the next one. The lines are made about as long as
    each other, so that the last does not hold a single short word.
    """
    lines = _broken(text, letters, room, most + 1)
    if len(lines) > most:
        return [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), letters, room)]
    narrow, wide = room / 2, room
    while len(lines) > 1 and wide - narrow > _CLOSE:
        middle = (narrow + wide) / 2
        tried = _broken(text, letters, middle, most + 1)
        if len(tried) > len(lines) or has_long_word(text, letters, middle):
            narrow = middle
        else:
            lines, wide = tried, middle
    return lines


def has_long_word(text: str, letters: ImageFont.FreeTypeFont, room: float) -> bool:
    """Whether a word of the text would have to be broken."""
    return any(width(word, letters) > room for word in text.split(" "))


def _broken(text: str, letters: ImageFont.FreeTypeFont, room: float, most: int) -> list[str]:
    """The first `most` lines of a text."""
    lines, line = list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, letters) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        hyphen = "" if _ARABIC.search(word) else "-"
        while width(line, letters) > room and len(lines) < most:
            at = max(1, _fitting(line, letters, room - width(hyphen, letters)))
            lines.append(line[:at] + hyphen)
            line = line[at:]
        if len(lines) >= most:
            return lines[:most]
    return [*lines, line] if line else lines


def _fitting(text: str, letters: ImageFont.FreeTypeFont, room: float) -> int:
    """How many of the first signs fit into `room` pixels."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle], letters) <= room:
            low = middle
        else:
            high = middle - 1
    return low
