"""Small real files of every kind that can be read, made as the tests need them."""

import io
import zipfile

import docx
import pptx
import xlsxwriter


def pdf(*pages: list[tuple[int, str]], title: str = "", password: bool = False) -> bytes:
    """A PDF; each page is lines of (size in points, text in Latin letters)."""
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids: list[str] = []
    for lines in pages:
        said, top = "BT\n", 780
        for size, text in lines:
            top -= size + 8
            safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            said += f"/F1 {size} Tf 1 0 0 1 50 {top} Tm ({safe}) Tj\n"
        body = (said + "ET").encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    objects.append(f"<< /Title ({title}) >>".encode())
    info = len(objects)
    trailer = f"/Size {info + 1} /Root 1 0 R /Info {info} 0 R"
    if password:
        # A lock that no password opens is a lock.
        objects.append(
            b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <"
            + b"41" * 32
            + b"> /U <"
            + b"42" * 32
            + b"> >>"
        )
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, told in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, told)
    table = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        made += f"{place:010} 00000 n \n".encode()
    return bytes(made + f"trailer << {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode())


def word(*parts: tuple[str, str] | list[list[str]]) -> bytes:
    """A .docx; parts are (style, text), where "" is a paragraph, or the rows of a table."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, tuple):
            document.add_paragraph(part[1], style=part[0] or None)
            continue
        table = document.add_table(rows=len(part), cols=len(part[0]))
        for row, values in zip(table.rows, part, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def slides(*told: tuple[str, list[str], str]) -> bytes:
    """A .pptx; each slide is (title, lines, speaker's notes)."""
    show = pptx.Presentation()
    for title, lines, notes in told:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title  # pyright: ignore[reportOptionalMemberAccess]
        slide.placeholders[1].text_frame.text = "\n".join(lines)  # pyright: ignore[reportAttributeAccessIssue]
        slide.notes_slide.notes_text_frame.text = notes  # pyright: ignore[reportOptionalMemberAccess]
    file = io.BytesIO()
    show.save(file)
    return file.getvalue()


def sheets(hidden: str = "", **told: list[list[object]]) -> bytes:
    """An .xlsx of named sheets; the one named `hidden` is not shown."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in told.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if name == hidden:
            sheet.hide()
    book.close()
    return file.getvalue()


def bomb() -> bytes:
    """A .docx of some kilobytes that unpacks to more than any document."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(4):
            archive.writestr(f"word/document{number}.xml", b"\0" * 20_000_000)
    return file.getvalue()
