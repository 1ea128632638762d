"""What was said, cut into lines, marks and cards so that a page can show it."""

import dataclasses
import re
from collections.abc import Iterator

from app.conversations.reading import Spoken

MARK = re.compile(r"\s?\[(\d{1,2})\]")
PARTS = re.compile(r"(\s?\[\d{1,2}\])")


@dataclasses.dataclass(frozen=True)
class Card:
    """A source beside an answer; `url` is its page, `number` its mark in the text."""

    number: int
    kind: str
    title: str
    url: str
    detail: str
    price: str


@dataclasses.dataclass(frozen=True)
class Span:
    """A stretch of a line: text, or with a `number` above 0 a mark that leads to `url`."""

    text: str
    number: int = 0
    url: str = ""


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of an answer: `kind` is `text`, `item` (of a list) or `detail` (of the item above)."""

    kind: str
    spans: list[Span]


@dataclasses.dataclass(frozen=True)
class Message:
    """Something that was said, as the page shows it."""

    id: str
    author: str
    text: str
    lines: list[Line]
    citations: list[Card]
    agent: str
    model: str
    ending: str


def shown(said: Spoken) -> Message:
    """A message as the page shows it."""
    cards = [
        Card(
            number=int(citation["number"]),
            kind=str(citation["kind"]),
            title=str(citation["title"]),
            url=str(citation["url"]),
            detail=str(citation.get("detail", "")),
            price=str(citation.get("price", "")),
        )
        for citation in said.citations
    ]
    return Message(
        id=said.id,
        author=said.author,
        text=said.text,
        lines=lines_of(said.text, cards) if said.author == "agent" else [],
        citations=cards,
        agent=said.agent,
        model=said.model,
        ending=said.ending,
    )


def lines_of(text: str, cards: list[Card]) -> list[Line]:
    """An answer's lines, with marks such as [1] apart from the text so that they can be links.

    Lines that begin with a bullet are items, indented ones belong to the item above.
    """
    urls = {card.number: card.url for card in cards}
    lines: list[Line] = []
    for row in text.split("\n"):
        if not row.strip():
            continue
        kind = "item" if row.startswith("• ") else "detail" if row.startswith("  ") else "text"
        lines.append(Line(kind, list(_spans(row.removeprefix("• ").strip(), urls))))
    return lines


def _spans(row: str, urls: dict[int, str]) -> Iterator[Span]:
    for part in PARTS.split(row):
        mark = MARK.fullmatch(part)
        if mark and int(mark[1]) in urls:
            yield Span(mark[1], int(mark[1]), urls[int(mark[1])])
        elif part:
            yield Span(part)
