"""What others wrote, as sentences that an answer may quote."""

import re
from collections.abc import Iterator
from typing import Final

from app.trust.links import plain, unlinked
from app.trust.wrapping import as_data

DETAIL_WORDS = 34
"""How many words of a listing's description stand beside it at most."""

_GAPS: Final = re.compile(r"[^\S\u00a0\u202f]+")
_END: Final = re.compile(r"(?<=[.!?…؟。])\s+|\n+")
_MARK: Final = re.compile(r"\[(\d+)\]")
_MARKUP: Final = re.compile(
    r"^\s*(?:#+|[-*+]|\d+\.|>)\s*|[*_`]+|\[([^\]]*)\]\([^)]*\)", re.MULTILINE
)


def sentences_of(text: str, hosts: tuple[str, ...]) -> list[str]:
    """What a text says, without its marks, headings and links to hosts that are not ours."""
    # A heading says what a passage is about, which is no answer.
    text = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    text = plain(_MARKUP.sub(lambda found: found[1] or "", as_data(text)), hosts)
    parts = [part.strip() for part in _END.split(_unmarked(text)) if part.strip()]
    # What has two words is rarely a sentence, but of some texts it is all that there is.
    said = [part for part in parts if len(part.split()) > 2] or parts
    # A text asks in order to answer: what it asks is nearest to a question, and answers nothing.
    return [part for part in said if not part.endswith(("?", "؟"))] or said


def _unmarked(text: str) -> str:
    """Somebody's text without what would read as a mark of ours."""
    return _MARK.sub(r"(\1)", text)


def flat(text: str) -> str:
    """A title or facts of somebody's on one line, with no mark and no link."""
    # The spaces of a sum hold its currency to it, and stay.
    return _unmarked(unlinked(_GAPS.sub(" ", as_data(text)).strip(), ()))


def shortened(sentence: str) -> str:
    """A sentence that may stand beside a service."""
    words = sentence.split()
    return sentence if len(words) <= DETAIL_WORDS else " ".join(words[:DETAIL_WORDS]) + "…"


def a_few_words(paragraph: str) -> Iterator[str]:
    """A paragraph in pieces."""
    # A few words at a time read like writing and cost few frames.
    pieces = re.findall(r"\S+\s*", paragraph)
    for start in range(0, len(pieces), 4):
        yield "".join(pieces[start : start + 4])
