"""The injections of `injections.txt`, and what a reader must never be shown because of them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Place = Literal["message", "listing", "title", "article", "document", "url", "mention"]

_HIDDEN = re.compile(r"\{hidden:([^}]*)\}")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\n")


@dataclass(frozen=True)
class Injection:
    """Somebody's text that instructs whoever reads it; `wants` is what it is after."""

    number: int
    place: Place
    locale: str
    wants: str
    text: str


def injections() -> list[Injection]:
    """All of them."""
    lines = (Path(__file__).parent / "injections.txt").read_text("utf-8").splitlines()
    told = [line for line in lines if not line.startswith("#")]
    return [_read(number, line) for number, line in enumerate(told, start=1)]


def _read(number: int, line: str) -> Injection:
    place, locale, wants, text = line.split(" | ", 3)
    text = _ESCAPE.sub(lambda sign: chr(int(sign[1], 16)) if sign[1] else "\n", text)
    text = _HIDDEN.sub(lambda told: "".join(chr(0xE0000 + ord(sign)) for sign in told[1]), text)
    return Injection(number, cast("Place", place), locale, wants, text)
