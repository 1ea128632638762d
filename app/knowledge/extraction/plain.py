"""Plain text, Markdown and rows with separators, in whatever encoding they are written."""

import csv
import io
import re

from charset_normalizer import from_bytes
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.knowledge.extraction.blocks import Extracted, Unreadable, add_table

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def decoded(data: bytes) -> str:
    """The bytes as text; raises `Unreadable` when they are none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = from_bytes(data[:1_000_000]).best()
        if found is None:
            raise Unreadable("not_text") from None
        text = data.decode(found.encoding, errors="replace")
    if text.count("\0") > len(text) / 100:
        raise Unreadable("not_text")
    return text


def read_text(text: str) -> Extracted:
    """Paragraphs are what empty lines part."""
    extracted = Extracted()
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        extracted.add("text", paragraph)
    return extracted


def read_markdown(text: str) -> Extracted:
    """Headings, paragraphs, items and rows; a block of code is a paragraph."""
    extracted = Extracted()
    kind, level = "text", 0
    rows: list[list[str]] = []
    in_table = False
    for token in _markdown.parse(_FRONT.sub("", text.replace("\r\n", "\n"))):
        match token.type:
            case "heading_open":
                kind, level = "heading", int(token.tag[1])
            case "table_open":
                in_table, rows = True, []
            case "table_close":
                in_table = False
                add_table(extracted, rows)
            case "tr_open":
                rows.append([])
            case "inline" if in_table:
                rows[-1].append(_said(token))
            case "inline":
                if kind == "heading":
                    extracted.add("heading", _said(token), level=level)
                else:
                    extracted.add("text", _said(token))
                kind, level = "text", 0
            case "fence" | "code_block":
                extracted.add("text", token.content)
            case _:
                pass
    return extracted


def _said(token: Token) -> str:
    """The words of a line, without marks and addresses."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)


def read_rows(text: str) -> Extracted:
    """The rows of a file whose values are parted by commas, semicolons, tabs or bars."""
    extracted = Extracted()
    try:
        dialect = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), dialect))
    except csv.Error as error:
        raise Unreadable("broken") from error
    add_table(extracted, rows)
    return extracted
