"""What a crawler reads of a page."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Read:
    """The parts of a page that search engines look at."""

    lang: str = ""
    direction: str = ""
    titles: list[str] = field(default_factory=list)
    description: str = ""
    robots: str = ""
    canonicals: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    structured: list[Any] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def read(html: str) -> Read:
    """Parse a page; raises where its structured data is no JSON."""
    parser = _Parser()
    parser.feed(html)
    return parser.found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Read()
        self._inside: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        match tag:
            case "html":
                self.found.lang, self.found.direction = said["lang"], said["dir"]
            case "meta" if said.get("name") == "description":
                self.found.description = said["content"]
            case "meta" if said.get("name") == "robots":
                self.found.robots = said["content"]
            case "link" if said.get("rel") == "canonical":
                self.found.canonicals.append(said["href"])
            case "link" if said.get("rel") == "alternate":
                self.found.alternates[said["hreflang"]] = said["href"]
            case "a" if "href" in said:
                self.found.links.append(said["href"])
            case "title" | "h1":
                self._inside, self._text = tag, ""
            case "script" if said.get("type") == "application/ld+json":
                self._inside, self._text = tag, ""
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        self._inside = None
        match tag:
            case "title":
                self.found.titles.append(self._text)
            case "h1":
                self.found.headings.append(self._text)
            case _:
                self.found.structured.append(json.loads(self._text))
