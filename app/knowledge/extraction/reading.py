"""Having a file read by a process that may neither take long nor take much."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from app.errors import AppError
from app.i18n import N_
from app.knowledge.extraction.blocks import LONGEST_TEXT, Extracted
from app.knowledge.extraction.kinds import kind_of

SECONDS = 120
"""The longest that a file may take, on the clock; the child's own time is limited too."""
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; PDFium and lxml need some 200 MB of it before they begin."""
LARGEST_ANSWER = LONGEST_TEXT * 12
"""Bytes; JSON writes a letter of another alphabet in six."""
ROOT = Path(__file__).resolve().parents[3]

REASONS = {
    "unknown": N_(
        "This kind of file cannot be read. Give PDF, DOCX, PPTX, XLSX, HTML, Markdown, CSV or text."
    ),
    "encrypted": N_("The file is locked with a password. Save it without one and try again."),
    "broken": N_("The file is damaged, or is not what its name says."),
    "bomb": N_("The file unpacks to far more than a document holds, so it was not opened."),
    "too_long": N_("The document is too long. Cut it into several."),
    "too_much": N_("The file needs more memory than one document may take."),
    "too_slow": N_("The file took too long to read."),
    "not_text": N_("The file is no text in any known encoding."),
    "empty": N_("There is no text in the file. Scanned pages must be made readable first (OCR)."),
}
"""Why a file was refused, as message ids."""


class CannotRead(AppError):
    """A file that says nothing to us; `reason` is a key of `REASONS`."""

    code = "cannot_read"

    reason = ""


def refused(reason: str) -> CannotRead:
    """The error to raise for this reason."""
    error = CannotRead(REASONS[reason])
    error.reason = reason
    return error


async def read_file(path: Path, name: str, media: str = "") -> tuple[str, Extracted]:
    """The kind of the file and what it says; raises `CannotRead`.

    `name` is what its owner calls it, `media` the media type that came with it.
    """
    kind = await asyncio.to_thread(kind_of, path, name, media)
    if kind is None:
        raise refused("unknown")
    told = await _ask_child(path, kind)
    if "refused" in told:
        raise refused(str(told["refused"]))
    extracted = Extracted.of(told)
    if not any(block.kind != "heading" for block in extracted.blocks):
        raise refused("empty")
    return kind, extracted


async def _ask_child(path: Path, kind: str) -> dict[str, object]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.knowledge.extraction.child",
        str(path),
        kind,
        str(MEMORY),
        cwd=ROOT,
        # Nothing of ours, such as a password of the database, is for a file to find.
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    assert child.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            answer = bytearray()
            while piece := await child.stdout.read(65536):
                answer += piece
                if len(answer) > LARGEST_ANSWER:
                    raise refused("too_long")
            status = await child.wait()
    except TimeoutError:
        raise refused("too_slow") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        raise refused("too_slow")
    try:
        return json.loads(answer)
    except ValueError:
        # Libraries written in other languages end the process when they get no more memory.
        raise refused("too_much" if status == -signal.SIGABRT else "broken") from None
