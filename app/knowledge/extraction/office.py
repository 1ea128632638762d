"""Word, PowerPoint and spreadsheets."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

import docx
import pptx
import python_calamine
from docx.table import Table
from docx.text.paragraph import Paragraph

from app.knowledge.extraction.blocks import Extracted, Unreadable, add_table

UNPACKED = 300 * 1024 * 1024
"""Bytes that the parts of a file may take together; a bomb announces more."""
TIMES_LARGER = 200
"""How much a part may grow by unpacking, from a megabyte on; text grows twentyfold at most."""
MOST_ROWS = 50_000
MOST_COLUMNS = 200


def check_archive(path: Path) -> None:
    """Raise `Unreadable` for what is no archive, or one that is made to burst."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("broken") from error
    if sum(part.file_size for part in parts) > UNPACKED or any(
        part.file_size > 1_000_000 and part.file_size > TIMES_LARGER * max(1, part.compress_size)
        for part in parts
    ):
        raise Unreadable("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")


def read_word(path: Path) -> Extracted:
    """The text of a .docx; raises `Unreadable`."""
    check_archive(path)
    document = docx.Document(str(path))
    extracted = Extracted(title=document.core_properties.title or "")
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            level = _heading_level(part)
            extracted.add("heading" if level else "text", part.text, level=level)
        else:
            add_table(extracted, _rows(part))
    return extracted


def _heading_level(paragraph: Paragraph) -> int:
    style = cast("Any", paragraph.style)
    # Ids are the same in every language that Word speaks; names are not.
    known = str(getattr(style, "style_id", "") or "").lower()
    if known == "title":
        return 1
    if known.startswith("heading") and known[7:].isdigit():
        return min(6, int(known[7:]))
    outline = cast("Any", paragraph)._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    return min(6, int(outline[0]) + 1) if outline and str(outline[0]).isdigit() else 0


def _rows(table: Table) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in table.rows:
        cells: list[str] = []
        last: object = None
        for cell in cast("Any", row).cells:
            # Joined cells are listed once for each column that they cover.
            if cell._tc is not last:
                cells.append(cell.text)
            last = cell._tc
        rows.append(cells)
    return rows


def read_slides(path: Path) -> Extracted:
    """The text of a .pptx, a page per slide, without the speaker's notes; raises `Unreadable`."""
    check_archive(path)
    show = cast("Any", pptx.Presentation(str(path)))
    extracted = Extracted(title=show.core_properties.title or "", pages=len(show.slides))
    if extracted.title == "PowerPoint Presentation":
        extracted.title = ""
    for number, slide in enumerate(show.slides, start=1):
        title = slide.shapes.title
        if title is not None and title.has_text_frame:
            extracted.add("heading", title.text_frame.text, level=1, page=number)
        for shape in slide.shapes:
            if title is None or shape.shape_id != title.shape_id:
                _add_shape(extracted, shape, number)
    return extracted


def _add_shape(extracted: Extracted, shape: Any, page: int) -> None:
    if getattr(shape, "has_table", False):
        add_table(extracted, [[cell.text for cell in row.cells] for row in shape.table.rows], page)
    elif getattr(shape, "has_text_frame", False):
        for paragraph in shape.text_frame.paragraphs:
            extracted.add("text", paragraph.text, page=page)
    elif hasattr(shape, "shapes"):
        for inner in shape.shapes:
            _add_shape(extracted, inner, page)


def read_sheets(path: Path) -> Extracted:
    """The rows of an .xlsx, .xls or .ods, a heading per sheet; raises `Unreadable`."""
    if zipfile.is_zipfile(path):
        check_archive(path)
    try:
        book = cast("Any", python_calamine.CalamineWorkbook).from_path(str(path))
    except python_calamine.PasswordError as error:
        raise Unreadable("encrypted") from error
    except python_calamine.CalamineError as error:
        raise Unreadable("broken") from error
    extracted = Extracted(pages=len(book.sheet_names))
    for number, sheet in enumerate(book.sheets_metadata, start=1):
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            # What its author does not show is not for others to find.
            continue
        rows = book.get_sheet_by_name(sheet.name).to_python(nrows=MOST_ROWS)
        extracted.add("heading", sheet.name, level=1, page=number)
        add_table(
            extracted, [[_said(value) for value in row[:MOST_COLUMNS]] for row in rows], number
        )
    return extracted


def _said(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(*([" ", "minutes"] if isinstance(value, datetime) else []))
    return str(value)
