"""Answers in Markdown, as typed lines: what a model writes is never put into a page as HTML.

Composed answers have their own two marks besides: lines that begin with a bullet are items, and
indented ones belong to the item above.
"""

import dataclasses
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

BULLET = "• "
SAFE = re.compile(r"/(?![/\\])")
"""How a link of an answer begins: on a page of the market. Others are shown, and lead nowhere."""

Style = Literal["", "strong", "em", "code"]
_KINDS = {"heading_open": "heading", "blockquote_open": "quote"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclasses.dataclass(frozen=True)
class Stretch:
    """Text of one style; with a `url` it is a link."""

    text: str
    style: Style = ""
    url: str = ""


@dataclasses.dataclass(frozen=True)
class Piece:
    """A line of an answer, or a table.

    `kind` is `text`, `heading`, `item`, `detail`, `code`, `quote` or `table`; `mark` is what stands
    before an item, and `depth` how deep it is in its list. `rows` are those of a table, the heads
    first.
    """

    kind: str
    stretches: tuple[Stretch, ...] = ()
    mark: str = ""
    depth: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def pieces_of(text: str) -> list[Piece]:
    """An answer's lines in their order."""
    found: list[Piece] = []
    rest: list[str] = []
    in_item = False
    for row in text.split("\n"):
        detail = in_item and row.startswith("  ") and row.strip() != ""
        if row.startswith(BULLET) or detail:
            found += _parsed(rest)
            rest = []
            in_item = True
            kind = "item" if row.startswith(BULLET) else "detail"
            found.append(Piece(kind, (Stretch(row.removeprefix(BULLET).strip()),)))
        else:
            in_item = in_item and not row.strip()
            rest.append(row)
    return found + _parsed(rest)


def _parsed(rows: Sequence[str]) -> list[Piece]:
    text = "\n".join(rows)
    return list(_pieces(_MARKDOWN.parse(text))) if text.strip() else []


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    place, lists, kinds = 0, _Lists(), list[str]()
    while place < len(tokens):
        token = tokens[place]
        if token.type == "table_open":
            end = next(at for at in range(place, len(tokens)) if tokens[at].type == "table_close")
            yield Piece("table", rows=_rows(tokens[place:end]))
            place = end
        elif token.type in ("fence", "code_block"):
            yield Piece("code", (Stretch(token.content.rstrip("\n"), "code"),))
        elif token.type == "inline":
            for line in _lines(list(_stretches(token.children or []))):
                yield lists.item(line) or Piece(kinds[-1] if kinds else "text", line)
        elif token.type in _KINDS:
            kinds.append(_KINDS[token.type])
        elif token.type in ("heading_close", "blockquote_close"):
            kinds.pop()
        else:
            lists.pass_by(token)
        place += 1


class _Lists:
    """The lists that a line stands in, and the mark of the item that begins with it."""

    def __init__(self) -> None:
        self._numbers: list[int | None] = []
        self._mark = ""

    def pass_by(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_open":
                number = self._numbers[-1]
                self._mark = "•" if number is None else f"{number}."
                self._numbers[-1] = None if number is None else number + 1
            case _:
                pass

    def item(self, line: tuple[Stretch, ...]) -> Piece | None:
        """The line as one of an item; None outside of lists."""
        if not self._numbers:
            return None
        mark, self._mark = self._mark, ""
        return Piece("item" if mark else "detail", line, mark, len(self._numbers) - 1)


def _rows(tokens: Sequence[Token]) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(one.text for one in _stretches(token.children or [])))
    return tuple(tuple(row) for row in rows)


def _stretches(children: Sequence[Token]) -> Iterator[Stretch]:
    styles: list[Style] = []
    away = url = ""
    for child in children:
        match child.type:
            case "strong_open":
                styles.append("strong")
            case "em_open":
                styles.append("em")
            case "strong_close" | "em_close":
                styles.pop()
            case "link_open":
                href = str(child.attrGet("href") or "")
                away, url = ("", href) if SAFE.match(href) else (href, "")
            case "link_close":
                if away:
                    yield Stretch(f" ({away})")
                away = url = ""
            case "code_inline":
                yield Stretch(child.content, "code", url)
            case "softbreak" | "hardbreak":
                yield Stretch("\n")
            case "image":
                # A picture from elsewhere would tell its host who reads the answer.
                yield Stretch(child.content)
            case _ if child.content:
                yield Stretch(child.content, styles[-1] if styles else "", url)
            case _:
                pass


def _lines(stretches: Sequence[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    line: list[Stretch] = []
    for one in stretches:
        if one.text == "\n":
            if line:
                yield tuple(line)
            line = []
        else:
            line.append(one)
    if line:
        yield tuple(line)
