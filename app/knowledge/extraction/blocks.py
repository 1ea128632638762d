"""What extraction makes of any file: blocks in the order of reading.

Known to the child process too, so nothing here may import the rest of the program.
"""

import dataclasses
import re
from typing import Any, Literal

BlockKind = Literal["heading", "text", "row"]
LONGEST_TEXT = 4_000_000
"""Characters of one document; a thousand printed pages have about two millions."""
MOST_PAGES = 3_000

_SPACES = re.compile(r"[^\S\n]+|\x00")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\U000e0000-\U000e007f\ufffe]")
"""Signs that nobody sees: they break words apart, and hide instructions from a reader."""


class Unreadable(Exception):
    """A file that cannot be read; `reason` is a key of `reading.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclasses.dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a row of a table; `page` counts from 1, where there are pages.

    `level` is that of a heading, 1 for the highest.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None


@dataclasses.dataclass
class Extracted:
    """A file as text. `title` is what the file says of itself, empty when it says nothing."""

    blocks: list[Block] = dataclasses.field(default_factory=list[Block])
    title: str = ""
    pages: int = 0
    _length: int = 0

    def add(self, kind: BlockKind, text: str, *, level: int = 0, page: int | None = None) -> None:
        """Add a block unless it says nothing; raises `Unreadable` when it becomes too much."""
        said = tidy(text)
        if not said:
            return
        self._length += len(said)
        if self._length > LONGEST_TEXT:
            raise Unreadable("too_long")
        self.blocks.append(Block(kind, said, level, page))

    def plain(self) -> dict[str, Any]:
        """As JSON takes it; `Extracted.of` reads it again."""
        told = [[one.kind, one.text, one.level, one.page] for one in self.blocks]
        return {"title": self.title, "pages": self.pages, "blocks": told}

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Extracted":
        """What `plain` wrote."""
        blocks = [Block(kind, text, level, page) for kind, text, level, page in told["blocks"]]
        return cls(blocks, told["title"], told["pages"])


def tidy(text: str) -> str:
    """The text on one line, without signs that are not seen."""
    return " ".join(_SPACES.sub(" ", _UNSEEN.sub("", text)).split())


def add_table(extracted: Extracted, rows: list[list[str]], page: int | None = None) -> None:
    """Add each row with its columns' names before the values, so that a row alone makes sense."""
    rows = [[tidy(value) for value in row] for row in rows]
    rows = [row for row in rows if any(row)]
    if not rows:
        return
    head, *body = rows
    named = bool(body) and all(head) and len(set(head)) == len(head) and len(head) > 1
    for row in body if named else rows:
        if named:
            pairs = [
                f"{name}: {value}" for name, value in zip(head, row, strict=False) if value
            ] + [value for value in row[len(head) :] if value]
        else:
            pairs = [value for value in row if value]
        extracted.add("row", " · ".join(pairs), page=page)
