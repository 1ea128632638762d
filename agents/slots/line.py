"""A message as a line of tokens: what stands where, and what was read already."""

from collections.abc import Iterable, Sequence

from agents.slots.folding import spans
from agents.slots.vocabulary import language_of, vocabulary

LIMIT = 8_000
"""Characters of a message that are read."""

TOKENS = 1_500
"""Tokens that are read: 8,000 characters of any prose, and a bound on what is none."""

NUMBERS = 250
"""Numbers that are read: what has more of them is a table or a trick, not a wish."""

BACK = 4
"""How many tokens a leading phrase, such as "no more than", can have."""

_PREFIXES = ("وبال", "بال", "وال", "لل", "ول", "وب", "ال", "ب", "ل", "و", "ك", "ف")


class Line:
    """The tokens of a message. A reader claims the tokens that it has understood."""

    def __init__(self, text: str, locale: str) -> None:
        self.text = text[:LIMIT]
        tokens = spans(self.text, TOKENS)
        self.words = vocabulary(language_of([key for key, _, _ in tokens], locale))
        tokens = tokens[: self._end(tokens)]
        self.keys = [self._known(key) for key, _, _ in tokens]
        self.starts = [start for _, start, _ in tokens]
        self.ends = [end for _, _, end in tokens]
        none: frozenset[str] = frozenset()
        self.kinds = [self.words.begins.get(key, none) for key in self.keys]
        self.claimed = [False] * len(tokens)

    def _end(self, tokens: Sequence[tuple[str, int, int]]) -> int:
        """How many tokens there are before one number too many."""
        left, none = NUMBERS, frozenset[str]()
        for at, (key, _, _) in enumerate(tokens):
            begins = self.words.begins.get(key, none)
            left -= key.isdecimal() or not begins.isdisjoint({"number", "scale"})
            if left < 0:
                return at
        return len(tokens)

    def _known(self, key: str) -> str:
        if key in self.words.known or not "ء" <= key[0] <= "ي":
            return key
        for prefix in _PREFIXES:
            if key.startswith(prefix) and key[len(prefix) :] in self.words.known:
                return key[len(prefix) :]
        return key

    def __len__(self) -> int:
        return len(self.keys)

    def match(self, kind: str, at: int) -> tuple[str, int] | None:
        """The value of the longest phrase of `kind` that starts at a token, and where it ends."""
        if not 0 <= at < len(self.keys) or kind not in self.kinds[at]:
            return None
        told = self.words.words[kind]
        for size in range(min(self.words.longest[kind], len(self.keys) - at), 0, -1):
            if (value := told.get(" ".join(self.keys[at : at + size]))) is not None:
                if any(self.claimed[at : at + size]):
                    continue
                return value, at + size
        return None

    def past(self, kind: str, at: int) -> int:
        """Where a phrase of `kind` ends that may stand here; `at` itself where none does."""
        found = self.match(kind, at)
        return found[1] if found else at

    def lead(self, kinds: Iterable[str], at: int) -> tuple[str, int] | None:
        """The kind and the start of a phrase that ends just before a token; the longest one."""
        for start in range(max(0, at - BACK), at):
            for kind in kinds:
                found = self.match(kind, start)
                if found and found[1] == at:
                    return kind, start
        return None

    def is_digits(self, at: int) -> bool:
        """Whether a token that nobody claimed is written in digits."""
        return 0 <= at < len(self.keys) and self.keys[at].isdecimal() and not self.claimed[at]

    def key(self, at: int) -> str:
        """The token, or an empty string outside the message."""
        return self.keys[at] if 0 <= at < len(self.keys) else ""

    def joined(self, at: int) -> bool:
        """Whether a token follows the one before it without a space."""
        return 0 < at < len(self.keys) and self.starts[at] == self.ends[at - 1]

    def is_free(self, start: int, end: int) -> bool:
        """Whether nobody has claimed these tokens."""
        return not any(self.claimed[start:end])

    def claim(self, start: int, end: int) -> tuple[int, int]:
        """Mark tokens as understood, and return the characters that they stand on."""
        self.claimed[start:end] = [True] * (end - start)
        return self.starts[start], self.ends[end - 1]
