"""How much personal data the masks find, and what they take away that is none.

python -m tests.evals.masking.run
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from app.trust.masking import found_in

_MARKED = re.compile(r"\[([A-Z]+):([^\]]+)\]")


@dataclass
class Figures:
    """What was to be masked, what was, and how many words were without a reason."""

    wanted: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    plain_words: int = 0
    lost_words: int = 0
    missed: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])

    def recall(self, *kinds: str) -> float:
        """The share of values that were masked whole, of these kinds (of all without any)."""
        wanted = sum(self.wanted[kind] for kind in kinds or self.wanted)
        return sum(self.found[kind] for kind in kinds or self.wanted) / max(wanted, 1)

    @property
    def lost_share(self) -> float:
        """The share of ordinary words that were masked."""
        return self.lost_words / max(self.plain_words, 1)


def measured(name: str, *locales: str) -> Figures:
    """The figures of a file beside this one, of these languages (of all without any)."""
    told = Figures()
    for line in (Path(__file__).parent / f"{name}.txt").read_text("utf-8").splitlines():
        locale, _, marked = line.partition(" ")
        if locale != "#" and (not locales or locale in locales):
            _measure(told, marked)
    return told


def _measure(told: Figures, marked: str) -> None:
    text, end = "", 0
    values: list[tuple[int, int, str]] = []
    for mark in _MARKED.finditer(marked):
        text += marked[end : mark.start()]
        values.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        end = mark.end()
    text += marked[end:]
    spans = found_in(text)
    covered = {place for span in spans for place in range(span.start, span.end)}
    for start, stop, kind in values:
        told.wanted[kind] += 1
        letters = {place for place in range(start, stop) if text[place].isalnum()}
        # A title before a name, or the town before a street, are nobody's secret.
        if len(letters & covered) >= 0.6 * len(letters) and stop - 2 in covered:
            told.found[kind] += 1
        else:
            told.missed.append(f"{kind}: {text[start:stop]} | {text}")
    for word in re.finditer(r"\w+", text):
        if not any(start <= word.start() < stop for start, stop, _ in values):
            told.plain_words += 1
            if word.start() in covered:
                told.lost_words += 1
                told.lost.append(f"{word[0]} | {text}")


def main() -> None:
    """Print the figures."""
    for name in ("tuned", "unseen"):
        for locale in ("", "en", "ru", "de", "es", "fr", "ar"):
            told = measured(name, *([locale] if locale else []))
            kinds = "  ".join(
                f"{kind} {told.found[kind]}/{count}" for kind, count in sorted(told.wanted.items())
            )
            print(
                f"{name:7} {locale or 'all':4} recall {told.recall():.2f}"
                f"  words lost {told.lost_words}/{told.plain_words}  {kinds}"
            )
        if "--show" in sys.argv:
            told = measured(name)
            print(*(f"  missed {one}" for one in told.missed), sep="\n")
            print(*(f"  lost {one}" for one in told.lost), sep="\n")


if __name__ == "__main__":
    main()
