"""Cutting a document into passages that stand for themselves.

A passage is a few whole paragraphs, rows or sentences from under one heading, on one page, of at
most `LONGEST` characters: the sentence encoder averages over words, so short ones are clearer. It
carries the headings above it. `section` joins the passages that were written in one go, so that
whoever cites one can read around it.
"""

import dataclasses
import re

from app.knowledge.extraction.blocks import Block

LONGEST = 400
"""Characters of a passage, headings aside."""
LONGEST_SECTION = 2400
"""Characters that belong together as context, at most."""
LONGEST_HEADING = 160
DEEPEST = 4
"""Headings that a passage carries: the nearest ones."""

_SENTENCE = re.compile(r"(?<=[.!?؟。…])\s+")


@dataclasses.dataclass(frozen=True)
class Chunk:
    """A passage: `start` and `end` are its place in the document's text (`whole_text`)."""

    position: int
    section: int
    heading: tuple[str, ...]
    page: int | None
    start: int
    end: int
    text: str


@dataclasses.dataclass(frozen=True)
class _Piece:
    text: str
    start: int
    page: int | None
    whole: bool
    """Whether it is a paragraph or a row, not a part of one."""


def whole_text(blocks: list[Block]) -> str:
    """The document's text: a block on each line."""
    return "\n".join(block.text for block in blocks)


def chunks_of(blocks: list[Block]) -> list[Chunk]:
    """The passages of a document, in the order of reading."""
    made = _Making()
    place = 0
    for block in blocks:
        if block.kind == "heading":
            made.head(block)
        else:
            made.add(block, place)
        place += len(block.text) + 1
    made.close()
    return made.chunks


class _Making:
    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self._path: list[tuple[int, str]] = []
        self._open: list[_Piece] = []
        self._section = 0
        self._section_length = 0

    def head(self, block: Block) -> None:
        """Begin a section under another heading."""
        self.close()
        self._path = [step for step in self._path if step[0] < block.level]
        self._path.append((block.level, block.text[:LONGEST_HEADING]))
        self._next_section()

    def add(self, block: Block, place: int) -> None:
        """Take in a paragraph or a row."""
        if self._section_length + len(block.text) > LONGEST_SECTION:
            self.close()
            self._next_section()
        self._section_length += len(block.text)
        for piece in _pieces(block, place):
            length = self._open[-1].start + len(self._open[-1].text) if self._open else piece.start
            begun = self._open[0].start if self._open else piece.start
            too_long = piece.start + len(piece.text) - begun > LONGEST
            if self._open and (too_long or piece.page != self._open[0].page):
                self.close()
            elif self._open and piece.whole and length - begun > LONGEST // 2:
                # Long enough: two subjects in one passage make both harder to find.
                self.close()
            self._open.append(piece)

    def close(self) -> None:
        """End the passage that is being made."""
        if not self._open:
            return
        first, last = self._open[0], self._open[-1]
        text = first.text
        for before, piece in zip(self._open, self._open[1:], strict=False):
            text += ("\n" if piece.whole or before.whole else " ") + piece.text
        self.chunks.append(
            Chunk(
                position=len(self.chunks),
                section=self._section,
                heading=tuple(name for _, name in self._path[-DEEPEST:]),
                page=first.page,
                start=first.start,
                end=last.start + len(last.text),
                text=text,
            )
        )
        self._open.clear()

    def _next_section(self) -> None:
        if self._section_length:
            self._section += 1
        self._section_length = 0


def _pieces(block: Block, place: int) -> list[_Piece]:
    """The block, or where it is too long its sentences, or where they are its words."""
    if len(block.text) <= LONGEST:
        return [_Piece(block.text, place, block.page, whole=True)]
    pieces: list[_Piece] = []
    for sentence, start in _split(block.text, _SENTENCE):
        if len(sentence) <= LONGEST:
            pieces.append(_Piece(sentence, place + start, block.page, whole=False))
            continue
        rest, at = sentence, place + start
        while rest:
            cut = rest.rfind(" ", LONGEST // 2, LONGEST) if len(rest) > LONGEST else len(rest)
            cut = cut if cut > 0 else LONGEST
            pieces.append(_Piece(rest[:cut], at, block.page, whole=False))
            after = rest[cut:].lstrip()
            at += len(rest) - len(after)
            rest = after
    return pieces


def _split(text: str, between: re.Pattern[str]) -> list[tuple[str, int]]:
    parts: list[tuple[str, int]] = []
    begun = 0
    for found in between.finditer(text):
        parts.append((text[begun : found.start()], begun))
        begun = found.end()
    if begun < len(text):
        parts.append((text[begun:], begun))
    return parts
