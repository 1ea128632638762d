"""Which kind of file this is: by what it holds first, by its name where that does not say."""

import zipfile
from pathlib import Path

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
    "csv": "text/csv",
    "txt": "text/plain",
}
"""Every kind that can be read, with its media type."""

ENDINGS = {
    "htm": "html",
    "xhtml": "html",
    "markdown": "md",
    "tsv": "csv",
    "xls": "xlsx",
    "ods": "xlsx",
    "text": "txt",
    **{kind: kind for kind in KINDS},
}
"""Endings of names, and the kind that each means."""

_PARTS = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(path: Path, name: str, media: str = "") -> str | None:
    """The kind of the file at `path`, called `name` and said to be `media`; None if unknown."""
    with path.open("rb") as file:
        first = file.read(2048)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if b"%PDF-" in first[:1024]:
        return "pdf"
    if first.startswith(b"PK"):
        return _of_archive(path) or _named_office(ending)
    if first.startswith(_OLD_OFFICE):
        # Also what Word and Excel make of a file with a password.
        return _named_office(ending)
    return _of_text(first, ending, media)


def _named_office(ending: str) -> str | None:
    """What the name says, so that a broken or locked file is refused as that."""
    known = ENDINGS.get(ending)
    return known if known in ("docx", "pptx", "xlsx") else None


def _of_text(first: bytes, ending: str, media: str) -> str | None:
    known = ENDINGS.get(ending)
    start = first.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if known is None and (
        start.startswith((b"<!doctype html", b"<html"))
        or media.startswith(("text/html", "application/xhtml"))
    ):
        return "html"
    if known is None and b"\0" not in first:
        by_media = {told: kind for kind, told in KINDS.items()}
        known = by_media.get(media.partition(";")[0].strip())
        return known or ("txt" if media.startswith("text/") else None)
    return known


def _of_archive(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:5000]
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    for start, kind in _PARTS.items():
        if any(name.startswith(start) for name in names):
            return kind
    return "xlsx" if "content.xml" in names and "mimetype" in names else None
