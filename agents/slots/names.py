"""The market's places, and languages that somebody should speak."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]

from agents.slots.folding import spans
from agents.slots.line import Line
from agents.slots.values import Context, Language, Place, Slot

LONGEST = 5
"""Words of a place's name."""

SHORTEST = 4
"""Letters of a stem that another form of a name may share."""


def read_places(line: Line, context: Context) -> Iterator[Slot]:
    """The market's places that a message names, in whatever case the grammar puts them."""
    names = _names(tuple(context.places.items()))
    firsts = {key.split()[0] for key in names}
    stems = [_stem(key) for key in line.keys]
    at = 0
    while at < len(line):
        found = None
        if stems[at] in firsts:
            found = _place(line, stems, at, names)
        if found is None:
            at += 1
            continue
        name, end = found
        sure = 0.95 if len(line.key(at)) > SHORTEST else 0.8
        start, stop = line.claim(at, end)
        yield Slot(Place(name), start, stop, sure, "place")
        at = end


def _place(
    line: Line, stems: list[str], at: int, names: Mapping[str, str]
) -> tuple[str, int] | None:
    for size in range(min(LONGEST, len(line) - at), 0, -1):
        name = names.get(" ".join(stems[at : at + size]))
        if name and line.is_free(at, at + size):
            return name, at + size
    return None


@lru_cache(maxsize=64)
def _names(places: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The stems of each name; a name that is shared is nobody's."""
    found: dict[str, str] = {}
    for name, told in places:
        key = " ".join(_stem(word) for word, _, _ in spans(name))
        if key:
            found[key] = told
    return found


@cache
def _stemmer() -> "snowballstemmer.stemmer":  # pyright: ignore
    return snowballstemmer.stemmer("russian")  # pyright: ignore


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """The part of a word that its cases share: Russian by Snowball, Arabic without its article."""
    if "а" <= word[:1] <= "я":
        stem = str(_stemmer().stemWord(word))  # pyright: ignore
        return stem if len(stem) >= SHORTEST - 1 else word
    for prefix in ("بال", "وال", "لل", "ال", "ب", "ل"):
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST - 1:
            return word[len(prefix) :]
    return word


def read_languages(line: Line) -> Iterator[Slot]:
    """The languages that a message asks somebody to speak."""
    tongues = _tongues(line)
    for at, key in enumerate(line.keys):
        code, sure = tongues.get(_tongue(key)), 0.9
        if code is None and (whole := _compound(line, at)):
            code, sure = whole, 0.95
        elif code is not None and not _spoken(line, at):
            code = None
        if code and line.is_free(at, at + 1):
            start, stop = line.claim(at, at + 1)
            yield Slot(Language(code), start, stop, sure, "language")


def _tongues(line: Line) -> dict[str, str]:
    return {
        _tongue(name): code for name, code in line.words.words["tongue"].items() if " " not in name
    }


@lru_cache(maxsize=4096)
def _tongue(word: str) -> str:
    """A language's name without its case, its article, or the ending of "по-русски"."""
    if "а" <= word[:1] <= "я":
        for ending in ("скими", "ским", "ском", "ского", "скому", "скою", "ский", "ски"):
            if word.endswith(ending):
                return word.removesuffix(ending) + "ск"
        return word
    return word.removeprefix("ب").removeprefix("ال") if word[:1] >= "ء" else word


def _spoken(line: Line, at: int) -> bool:
    if line.lead(("speak",), at) or line.match("speaker", at + 1):
        return True
    return line.key(at + 1) == "-" and line.match("speaker", at + 2) is not None


_SPEAKING = ("говорящ", "язычн", "sprachig", "sprechend", "hablante", "parlante", "phone")
_ROOTS = {
    "англо": "en", "русско": "ru", "немецко": "de", "испано": "es", "франко": "fr", "арабо": "ar",
    "anglo": "en", "russo": "ru", "germano": "de", "hispano": "es", "hispan": "es",
    "franco": "fr", "arabo": "ar", "arabofono": "ar", "тюрко": "tr", "татаро": "tt",
}  # fmt: skip


def _compound(line: Line, at: int) -> str | None:
    """The language in one word with "speaking": "русскоговорящий", "arabischsprachig"."""
    key = line.key(at)
    for part in _SPEAKING:
        root, found, _ = key.partition(part)
        if found and root:
            return _ROOTS.get(root) or line.words.words["tongue"].get(root)
    return None
