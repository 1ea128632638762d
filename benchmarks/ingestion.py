"""How many pages a second are taken in: read and cut alone, and with vectors, until they are found.

    .venv/bin/python -m benchmarks.ingestion --pages 20

Makes a document of so many pages in each of four formats from the evaluation's English listings, a
page being 1,800 characters, and takes each in as an operator does: stored, read by a process of its
own, cut, embedded by both packaged models, indexed in Postgres. The database is its own, in a
temporary folder.
"""

import argparse
import asyncio
import os
import resource
import tempfile
import time
from pathlib import Path

# Registers what jobs there are.
import app.tasks  # noqa: F401
from app.accounts.actors import system
from app.database import close_engines, tenant_session
from app.embedded.postgres import start
from app.jobs.work import work_off
from app.knowledge.chunking import chunks_of
from app.knowledge.documents import File, take_in
from app.knowledge.extraction.reading import read_file
from app.markets.opening import create_market
from app.migrations import migrate
from app.search.serving import warm_up
from app.settings import settings
from tests import files
from tests.evals.search.corpus import listings

PAGE = 1800
"""Characters of a page."""


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--pages", type=int, default=20)
    words.add_argument("--home", type=Path, default=None, help="a folder to keep, else a new one")
    told = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="agora-ingestion-") as folder:
        home = (told.home or Path(folder)).absolute()
        home.mkdir(exist_ok=True, parents=True)
        home.chmod(0o755)
        os.environ["AGORA_HOME"] = str(home)
        settings.cache_clear()
        with start(home, hasty=True) as server:
            os.environ |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
            settings.cache_clear()
            migrate()
            asyncio.run(measure(home, told.pages))


async def measure(folder: Path, pages: int) -> None:
    """Read and take in each format, and print a row for it."""
    market = await create_market("bench", name={"en": "Bench"}, locales=["en"], currency="EUR")
    await warm_up()
    print("| format | passages | read and cut, pages/s | until found, pages/s |")
    print("|---|---:|---:|---:|")
    for number, (name, data) in enumerate(_documents(pages).items()):
        path = folder / f"read-{number}"
        path.write_bytes(data)
        began = time.perf_counter()
        _kind, extracted = await read_file(path, name, "")
        passages = len(chunks_of(extracted.blocks))
        reading = time.perf_counter() - began
        began = time.perf_counter()
        async with tenant_session(market.id) as session:
            actor = system(market.id, "benchmark")
            await take_in(session, actor, File(data, name), access="public")
        await work_off()
        whole = time.perf_counter() - began
        print(
            f"| {name.rpartition('.')[2]} | {passages} | {pages / reading:.1f}"
            f" | {pages / whole:.1f} |",
            flush=True,
        )
    print(f"memory of this process at most: {_peak(resource.RUSAGE_SELF)} MB")
    print(f"memory of a reading process at most: {_peak(resource.RUSAGE_CHILDREN)} MB")
    await close_engines()


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def _documents(pages: int) -> dict[str, bytes]:
    """The same amount of text in each format, each with texts of its own so that none is known."""
    made: dict[str, bytes] = {}
    for name in ("rules.pdf", "rules.docx", "rules.html", "rules.md"):
        written = [_page(f"{name} {number}", number) for number in range(pages)]
        if name.endswith("pdf"):
            lines = [[(16, head), *((9, line) for line in _lines(text))] for head, text in written]
            made[name] = files.pdf(*lines)
        elif name.endswith("docx"):
            parts = [part for head, text in written for part in (("Heading 1", head), ("", text))]
            made[name] = files.word(*parts)
        elif name.endswith("html"):
            body = "".join(f"<h2>{head}</h2><p>{text}</p>" for head, text in written)
            made[name] = f"<title>Rules</title><main>{body}</main>".encode()
        else:
            made[name] = "\n\n".join(f"## {head}\n\n{text}" for head, text in written).encode()
    return made


def _page(head: str, number: int) -> tuple[str, str]:
    """A page of English sentences, for the test's PDF has Latin letters only."""
    said = [one.description for one in listings() if one.locale == "en"]
    text = ""
    while len(text) < PAGE:
        text += f"{said[number % len(said)]} "
        number += 1
    return head, text[:PAGE].encode("ascii", "ignore").decode()


def _lines(text: str) -> list[str]:
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 100:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


if __name__ == "__main__":
    main()
