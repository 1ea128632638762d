"""An answer as it comes from a model, and what of it a reader sees.

A sentence is shown when it is whole, plain, and supported by the sources. What would show a link to
elsewhere is shown without it; an answer that speaks of its instructions is not shown at all.
"""

import re
from collections.abc import Collection
from typing import Final, Literal

from app.trust.links import plain
from app.trust.support import Support
from app.trust.wrapping import visible

Fault = Literal["uncited", "unsupported", "leaked"]
"""Why an answer does not stand: it cites nothing, nothing of it is supported, or it shows what it
was told."""

LONGEST_RUN: Final = 6
"""Words that an answer may have in the order of the instructions."""
LONGEST_SENTENCE: Final = 1200
"""Letters after which a sentence counts as whole."""

_MARK = re.compile(r"\[(\d{1,3})\]")
_MARKS = r"(?:\s?\[\d{1,3}\])*"
_STOP = re.compile(rf"[.!?…؟。]+[\"'»”’)\]]*{_MARKS}[.…]?(?=\s+[^\s\[])|\n")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:\w|\d{1,2}|mr|mrs|ms|dr|st|no|approx|ca|vs|z\.b|bzw|str|nr|hr|fr|sra?|avda?|"
    r"av|mme|ул|пр|пер|кв|стр|корп|тел|руб|мин|др|пр|т\.е|т\.д|см|г|ок|им)$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[•*–—-]|\d{1,2}[.)])\s+")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w+")


class Answer:
    """One try of a model at an answer."""

    def __init__(
        self,
        support: Support,
        known: frozenset[int],
        *,
        secret: str,
        rules: str,
        hosts: Collection[str],
    ) -> None:
        self._support, self._known, self._hosts = support, known, hosts
        self._secret = secret.casefold()
        self._runs = _runs(rules)
        self._held = ""
        self._shown = ""
        self._between = ""
        self._item = False
        self._leaked = self._cites = False

    async def passed(self, piece: str) -> str:
        """What may be shown by now: the sentences that are whole and hold."""
        self._held += piece
        told = ""
        while (end := _whole(self._held)) is not None:
            sentence, self._held = self._held[:end], self._held[end:]
            told += await self._checked(sentence)
        return told

    async def rest(self) -> str:
        """What is left of it, when nothing more comes."""
        told = await self.passed("")
        sentence, self._held = self._held, ""
        return told + await self._checked(sentence)

    @property
    def fault(self) -> Fault | None:
        """Why the answer does not stand, once all of it was checked; None where it does."""
        if self._leaked:
            return "leaked"
        if not self._cites:
            return "uncited"
        return None if _MARK.search(self._shown) else "unsupported"

    async def _checked(self, sentence: str) -> str:
        if self._leaks(sentence):
            self._leaked = True
        if self._leaked:
            return ""
        if "\n" in sentence[: len(sentence) - len(sentence.lstrip())]:
            self._between, self._item = "\n", False
        told = await self._told(visible(sentence))
        if "\n" in sentence[len(sentence.rstrip()) :]:
            self._between, self._item = "\n", False
        return told

    async def _told(self, said: str) -> str:
        if found := _ITEM.match(said):
            said, self._item, self._between = said[found.end() :], True, "\n"
        said = plain(said, self._hosts).strip()
        said = _MARK.sub(lambda mark: mark[0] if int(mark[1]) in self._known else "", said).strip()
        cited = frozenset(int(number) for number in _MARK.findall(said))
        self._cites = self._cites or bool(cited)
        words = _MARK.sub("", said).strip()
        # A lone word is no claim, whatever it is.
        if len(_LETTERS.findall(words)) < 2 or not await self._support.holds(words, cited):
            return ""
        told = (self._between or " ") if self._shown else ""
        told += f"{'• ' if self._item else ''}{said}"
        self._between, self._item = "", False
        self._shown += told
        return told

    def _leaks(self, sentence: str) -> bool:
        plainly = visible(sentence).casefold()
        return self._secret in plainly or not self._runs.isdisjoint(_runs(plainly))


def _whole(text: str) -> int | None:
    """Where the first whole sentence ends; None where there is none yet."""
    for stop in _STOP.finditer(text):
        if stop[0] == "\n":
            return stop.end()
        after = text[stop.end() :].lstrip()
        single = stop[0].startswith(".") and not stop[0].startswith("..")
        if single and (_SHORT.search(text[: stop.start()]) or after[0].islower()):
            continue
        return stop.end()
    return LONGEST_SENTENCE if len(text) > LONGEST_SENTENCE else None


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(
        tuple(words[start : start + LONGEST_RUN]) for start in range(len(words) - LONGEST_RUN + 1)
    )
