"""PDF by PDFium: text in the order of reading, headings by their size, no repeated page frames."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

from app.knowledge.extraction.blocks import MOST_PAGES, Extracted, Unreadable

LARGER = 1.15
"""How much larger than most of the text a heading is printed."""
LONGEST_HEADING = 150
FRAME = 3
"""From so many pages on, a first or last line that most of them share is no text."""
_END = re.compile(r"[.!?:;؟。…]\W*$")
_FIGURES = re.compile(r"\d+")
_PASSWORD = 4
raw: Any = pypdfium2.raw


@dataclass(frozen=True)
class _Line:
    text: str
    size: float


def read(path: Path) -> Extracted:
    """The text of a PDF; raises `Unreadable`."""
    try:
        document: Any = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked: bool = raw.FPDF_GetLastError() == _PASSWORD or "password" in str(error).lower()
        raise Unreadable("encrypted" if locked else "broken") from error
    if len(document) > MOST_PAGES:
        raise Unreadable("too_long")
    extracted = Extracted(pages=len(document))
    title = document.get_metadata_dict().get("Title", "")
    # Programs write the name of a file there, or their own.
    extracted.title = "" if re.search(r"\.\w{2,4}$|^untitled|^microsoft", title, re.I) else title
    pages = [_lines(document, number) for number in range(len(document))]
    frames = _frames(pages)
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    levels = sorted({size for size in sizes if size >= usual * LARGER}, reverse=True)
    for number, page in enumerate(pages, start=1):
        kept = [line for line in page if _FIGURES.sub("#", line.text) not in frames]
        _add(extracted, kept, number, usual, levels)
    return extracted


def _lines(document: Any, number: int) -> list[_Line]:
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        # One page that cannot be read does not make the rest unreadable.
        return []
    lines: list[_Line] = []
    try:
        text: str = text_page.get_text_range()
        place = 0
        for piece in re.split(r"(\r\n|\n|\r)", text):
            if piece.strip():
                middle = place + len(piece) // 2
                size: float = raw.FPDFText_GetFontSize(text_page, middle)
                # What was scaled by a matrix says 1; the height of the letter is what is seen.
                if size <= 1:
                    box = text_page.get_charbox(middle, loose=True)
                    size = box[3] - box[1]
                lines.append(_Line(piece.strip(), round(size, 1)))
            place += len(piece)
    finally:
        text_page.close()
        page.close()
    return lines


def _frames(pages: list[list[_Line]]) -> set[str]:
    """First and last lines that most pages share, page numbers aside."""
    if len(pages) < FRAME:
        return set()
    seen = Counter[str]()
    for page in pages:
        edges = {_FIGURES.sub("#", line.text) for line in (page[:1] + page[-1:])}
        seen.update(edges)
    return {text for text, count in seen.items() if count > len(pages) / 2}


def _add(
    extracted: Extracted, lines: list[_Line], page: int, usual: float, levels: list[float]
) -> None:
    widest = max((len(line.text) for line in lines), default=0)
    paragraph = ""
    for line in lines:
        heading = line.size in levels and len(line.text) <= LONGEST_HEADING
        if heading:
            extracted.add("text", paragraph, page=page)
            paragraph = ""
            level = min(6, levels.index(line.size) + 1)
            extracted.add("heading", line.text, level=level, page=page)
            continue
        # PDFium marks a hyphen that only the end of the line made.
        if paragraph.endswith(("\x02", "\ufffe")):
            paragraph = paragraph[:-1] + line.text
        else:
            paragraph = f"{paragraph} {line.text}"
        if _END.search(line.text) and len(line.text) < widest * 0.85:
            extracted.add("text", paragraph, page=page)
            paragraph = ""
    extracted.add("text", paragraph, page=page)
