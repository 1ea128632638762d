"""Pages of the web: what a reader sees of them, without menus, forms and what is hidden."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.knowledge.extraction.blocks import Extracted, add_table

UNREAD = (
    "script, style, noscript, template, svg, iframe, object, form, nav, footer, aside, button,"
    " select, dialog, [hidden], [aria-hidden=true], [role=navigation], [role=banner],"
    " [role=contentinfo], [role=search], [role=complementary]"
)
HIDDEN = re.compile(
    r"display:\s*none|visibility:\s*hidden|font-size:\s*0|opacity:\s*0(?![.\d])", re.IGNORECASE
)
"""Text that is there for programs alone says things that no reader can check."""
MAIN = "main, [role=main], article"
ENOUGH = 0.3
"""Of all the text, what the main part must have to be taken for all of it."""
_PARTS = "p div section article main header blockquote pre figure figcaption address details"
_LISTS = "summary li ul ol dl dt dd table caption hr br body h1 h2 h3 h4 h5 h6"
BLOCKS = frozenset(f"{_PARTS} {_LISTS}".split())
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DEEPEST = 200


def read(html: str) -> Extracted:
    """The text of a page."""
    parser = LexborHTMLParser(html)
    extracted = Extracted()
    title = parser.css_first("title")
    extracted.title = title.text(strip=True)[:200] if title is not None else ""
    body = parser.body
    if body is None:
        return extracted
    for unread in body.css(UNREAD):
        unread.decompose()
    for styled in body.css("[style]"):
        if HIDDEN.search(styled.attributes.get("style") or ""):
            styled.decompose()
    whole = len(body.text())
    mains = [node for node in body.css(MAIN) if len(node.text()) > ENOUGH * whole]
    _Walk(extracted).through(max(mains, key=lambda node: len(node.text())) if mains else body)
    return extracted


class _Walk:
    """Goes through a tree and keeps the words that stand on one line until the line ends."""

    def __init__(self, extracted: Extracted) -> None:
        self._extracted = extracted
        self._line: list[str] = []

    def through(self, node: LexborNode) -> None:
        self._into(node, 0)
        self._end()

    def _end(self, level: int = 0) -> None:
        text = "".join(self._line)
        self._line.clear()
        if level:
            self._extracted.add("heading", text, level=level)
        else:
            self._extracted.add("text", text)

    def _into(self, node: LexborNode, depth: int) -> None:
        if depth > DEEPEST:
            return
        child = node.child
        while child is not None:
            self._take(child, depth)
            child = child.next

    def _take(self, node: LexborNode, depth: int) -> None:
        tag = node.tag
        if tag == "-text":
            self._line.append(node.text_content or "")
        elif tag in HEADINGS:
            self._end()
            self._into(node, depth + 1)
            self._end(level=HEADINGS[tag])
        elif tag == "table":
            self._end()
            self._table(node)
        elif tag in BLOCKS:
            self._end()
            self._into(node, depth + 1)
            self._end()
        elif not (tag or "").startswith("-"):
            self._into(node, depth + 1)

    def _table(self, node: LexborNode) -> None:
        rows = [[cell.text(separator=" ") for cell in row.css("td, th")] for row in node.css("tr")]
        add_table(self._extracted, rows)
