"""The process that opens a file, and can do nothing else: `python -m ... child PATH KIND MEMORY`.

Writes one JSON object to its output: what `Extracted.plain` gives, or `{"refused": reason}`.
"""

import json
import sys
from pathlib import Path

from app.knowledge.extraction.blocks import Extracted, Unreadable

CPU_SECONDS = 60


def main() -> None:
    """Read the file that the arguments name."""
    _confine(int(sys.argv[3]))
    path, kind = Path(sys.argv[1]), sys.argv[2]
    try:
        told = _read(path, kind).plain()
    except Unreadable as error:
        told = {"refused": error.reason}
    except MemoryError:
        told = {"refused": "too_much"}
    except Exception as error:
        # Libraries raise whatever comes to them from a broken file.
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        told = {"refused": "broken"}
    sys.stdout.write(json.dumps(told))


def _confine(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415  (Windows has none)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(path: Path, kind: str) -> Extracted:
    # Each reader is imported when it is needed: together they take longer than most files.
    if kind == "pdf":
        from app.knowledge.extraction import pdf  # noqa: PLC0415

        return pdf.read(path)
    if kind in ("docx", "pptx", "xlsx"):
        from app.knowledge.extraction import office  # noqa: PLC0415

        readers = {
            "docx": office.read_word,
            "pptx": office.read_slides,
            "xlsx": office.read_sheets,
        }
        return readers[kind](path)
    from app.knowledge.extraction import plain  # noqa: PLC0415

    text = plain.decoded(path.read_bytes())
    if kind == "html":
        from app.knowledge.extraction import web  # noqa: PLC0415

        return web.read(text)
    return {"md": plain.read_markdown, "csv": plain.read_rows}.get(kind, plain.read_text)(text)


if __name__ == "__main__":
    main()
