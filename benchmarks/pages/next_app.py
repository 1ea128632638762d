"""The listing page in Next.js: what it is given of ours, how it is built, and how it is served."""

import asyncio
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.catalogue.pictures import look_of
from app.catalogue.taxonomy import categories
from app.catalogue.units import UNITS, per_unit
from app.database import close_engines
from app.i18n import LOCALES, SOURCE, direction, own_name, translations
from app.markets.branding import PAPER_DARK, PAPER_LIGHT, brand_style
from app.markets.directory import market_for_host
from app.rendering.renderer import node_executable
from app.settings import settings
from benchmarks.inference import free_port, running

FOLDER = Path(__file__).parent / "nextjs"
_SOURCES = ("*.json", "*.mjs", "app/**/*.jsx", "market/*")
_MESSAGE = re.compile(r'_\(\s*"([^"]+)"')


def give(host: str, origin: str, stylesheet: str) -> None:
    """Write down what is data of ours and stands in no table, for Next to read when it is built.

    Both sides know it before they are asked for anything: the taxonomy, the program's words, and
    what follows from a market's brand.
    """

    async def card() -> tuple[str, dict[str, str]]:
        found = await market_for_host(host)
        await close_engines()
        if found is None:
            raise SystemExit(f"There is no market at {host}; are the demo markets loaded?")
        if found.wording:
            raise SystemExit("The page in Next.js knows no market's own words.")
        return found.key, brand_style(found.brand)

    key, style = asyncio.run(card())
    messages = {
        message
        for file in (FOLDER / "market").glob("*.jsx")
        for message in _MESSAGE.findall(file.read_text())
    }
    given = {
        "host": host,
        "origin": origin,
        "stylesheet": stylesheet,
        "styles": {key: style},
        "colours": [["light", PAPER_LIGHT], ["dark", PAPER_DARK]],
        "directions": {code: direction(code) for code in LOCALES},
        "own_names": {code: own_name(code) for code in LOCALES},
        "categories": {
            kind.key: {
                "slug": kind.slug,
                "names": {code: kind.name_in(code) for code in LOCALES},
                "symbol": look_of(kind.key)[0],
                "hue": look_of(kind.key)[1],
            }
            for kind in categories()
        },
        "words": {
            code: {f"per {unit}": per_unit(code, unit) for unit in UNITS}
            | {text: translations(code).gettext(text) for text in messages if code != SOURCE}
            for code in LOCALES
        },
    }
    (FOLDER / "given.json").write_text(json.dumps(given, ensure_ascii=False, sort_keys=True))


def build() -> None:
    """Install the locked packages and build, unless what is there is current."""
    wanted = hashlib.sha256(
        b"".join(file.read_bytes() for pattern in _SOURCES for file in sorted(FOLDER.glob(pattern)))
    ).hexdigest()
    stamp = FOLDER / ".next" / "stamp"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    node = Path(node_executable())
    npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for words in (
        # Not `ci`: the lock lacks compilers of other systems, which not every registry has.
        [str(npm), "install", "--no-save", "--no-audit", "--no-fund"],
        ["node_modules/next/dist/bin/next", "build"],
    ):
        done = subprocess.run(
            [str(node), *words],
            cwd=FOLDER,
            env=os.environ
            | {
                "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
                "NEXT_TELEMETRY_DISABLED": "1",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr)[-3000:]
            raise SystemExit(f"{' '.join(words)} failed:\n{said}")
    stamp.write_text(wanted)


@contextmanager
def serving(processes: int, log: Path) -> Generator[tuple[int, int]]:
    """Serve the build by so many processes; yields the port, and the process that divides them."""
    port = free_port()
    with running(
        *(node_executable(), str(FOLDER / "serve.mjs")),
        log=log,
        ready=f"http://127.0.0.1:{port}/",
        PORT=str(port),
        PROCESSES=str(processes),
        NODE_ENV="production",
        NEXT_TELEMETRY_DISABLED="1",
        DATABASE_URL=settings().database_url or "",
    ) as pid:
        yield port, pid
