"""What was said, cut into lines, marks and cards so that a page can show it."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from app.conversations.reading import Spoken
from state.attachments import FileChip, sent_chips
from state.blocks import BlockView, Cell, TableRow, block_views
from state.markdown import Stretch, pieces_of

MARK = re.compile(r"\s?\[(\d{1,2})\]")
PARTS = re.compile(r"(\s?\[\d{1,2}\])")
BETWEEN = " · "
"""Stands between the facts of a listing, in an answer and in a citation."""
PIECES = re.compile(r"( [·—] )")


@dataclasses.dataclass(frozen=True)
class Card:
    """A source beside an answer; `url` is its page, `number` its mark in the text.

    `detail` is one line that ends with the `price`; `facts` are its parts without the price.
    """

    number: int
    kind: str
    title: str
    url: str
    detail: str
    price: str
    facts: list[str] = dataclasses.field(default_factory=list[str])


@dataclasses.dataclass(frozen=True)
class Span:
    """A stretch of a line: text, or with a `number` above 0 a mark that leads to `url`.

    One that `joins` stands between two others, such as the dot between the facts of a listing.
    `style` is `strong`, `em`, `code` or empty.
    """

    text: str
    number: int = 0
    url: str = ""
    joins: bool = False
    style: str = ""


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of an answer.

    `kind` is `text`, `item` (of a list), `detail` (of the item above), `heading`, `quote`, `code`
    or `table`. `mark` stands before an item, `depth` says how deep it is in its list.
    """

    kind: str
    spans: list[Span]
    mark: str = ""
    depth: int = 0
    rows: list[TableRow] = dataclasses.field(default_factory=list[TableRow])
    """Of a table; each cell has the head of its column."""
    columns: list[str] = dataclasses.field(default_factory=list[str])


@dataclasses.dataclass(frozen=True)
class Message:
    """Something that was said, as the page shows it; `direction` is that of its first letter."""

    id: str
    author: str
    text: str
    lines: list[Line]
    citations: list[Card]
    agent: str
    model: str
    ending: str
    direction: str = "ltr"
    seq: int = 0
    judged: str = ""
    """What its reader thought of it: `good`, `bad` or nothing."""
    offers: bool = False
    """Whether it names services, whose providers can be asked."""
    explained: bool = False
    """Whether there is more to tell of how it was made."""
    blocks: list[BlockView] = dataclasses.field(default_factory=list[BlockView])
    files: list[FileChip] = dataclasses.field(default_factory=list[FileChip])


@dataclasses.dataclass(frozen=True)
class Step:
    """A specialist at work; `state` is `began`, `done`, `failed`, `late` or `skipped`."""

    agent: str
    state: str


def shown(said: Spoken, locale: str = "en") -> Message:
    """A message as the page shows it."""
    cards = cards_of(said.citations)
    return Message(
        id=said.id,
        author=said.author,
        text=said.text,
        lines=lines_of(said.text, cards) if said.author == "agent" else [],
        citations=cards,
        agent=said.agent,
        model=said.model,
        ending=said.ending,
        direction=direction_of(said.text),
        seq=said.seq,
        offers=any(card.kind == "listing" for card in cards),
        explained=said.author == "agent" and said.ending == "done",
        blocks=block_views(said.blocks, locale),
        files=sent_chips(said.attachments, locale),
    )


def direction_of(text: str) -> str:
    """`ltr` or `rtl`, as the first letter that has a direction says.

    What `dir="auto"` does, which looks past the parts that are set apart from each other.
    """
    for sign in text:
        match unicodedata.bidirectional(sign):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return "ltr"


def cards_of(citations: Iterable[dict[str, Any]]) -> list[Card]:
    """What an answer cites, as cards."""
    return [_card(citation) for citation in citations]


def _card(citation: dict[str, Any]) -> Card:
    detail, price = str(citation.get("detail", "")), str(citation.get("price", ""))
    return Card(
        number=int(citation["number"]),
        kind=str(citation["kind"]),
        title=str(citation["title"]),
        url=str(citation["url"]),
        detail=detail,
        price=price,
        facts=[fact for fact in detail.split(BETWEEN) if fact and fact != price],
    )


def lines_of(text: str, cards: list[Card]) -> list[Line]:
    """An answer's lines, with marks such as [1] apart from the text so that they can be links.

    It is read as Markdown; see `state.markdown`.
    """
    urls = {card.number: card.url for card in cards}
    lines: list[Line] = []
    for piece in pieces_of(text):
        if piece.kind == "table":
            lines.append(_table(piece.rows))
            continue
        spans = [span for one in piece.stretches for span in _styled(one, urls)]
        mark = "" if piece.mark == "•" and piece.depth == 0 else piece.mark
        lines.append(Line(piece.kind, spans, mark, piece.depth))
    return lines


def _styled(one: Stretch, urls: dict[int, str]) -> Iterator[Span]:
    if one.style == "code" or one.url:
        yield Span(one.text, url=one.url, style=one.style)
        return
    for span in _spans(one.text, urls):
        yield dataclasses.replace(span, style=one.style)


def _table(rows: tuple[tuple[str, ...], ...]) -> Line:
    heads, *others = rows
    told = [
        TableRow([Cell(head, text) for head, text in zip(heads, row, strict=False)])
        for row in others
    ]
    return Line("table", [], rows=told, columns=list(heads))


def _spans(row: str, urls: dict[int, str]) -> Iterator[Span]:
    for part in PARTS.split(row):
        mark = MARK.fullmatch(part)
        if mark and int(mark[1]) in urls:
            yield Span(mark[1], int(mark[1]), urls[int(mark[1])])
        else:
            # Names in another script must each stand alone: a separator between two Latin names
            # would otherwise turn the order of an Arabic line around.
            pieces = enumerate(PIECES.split(part))
            yield from (Span(piece, joins=place % 2 == 1) for place, piece in pieces if piece)
