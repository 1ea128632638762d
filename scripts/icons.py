"""Makes assets/icons.svg from the outlines of the npm package @tabler/icons (MIT).

    npm pack @tabler/icons@3.51.0 && tar xzf tabler-icons-*.tgz && python -m scripts.icons package

Only the symbols that the program shows are taken, so that the file stays a few kilobytes.
"""

import re
import sys
from pathlib import Path

from app.catalogue.pictures import symbols
from components.icons import INTERFACE

OUTPUT = Path(__file__).parents[1] / "assets" / "icons.svg"
_LICENCE = "Tabler Icons 3.51.0, MIT licence, Copyright (c) 2020-2026 Paweł Kuna"
_FRAME = re.compile(r'<path stroke="none"[^>]*/>')


def symbol(name: str, source: str) -> str:
    """The drawing in `source` as a symbol called `name`."""
    inner = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    drawing = re.sub(r">\s+<", "><", _FRAME.sub("", inner).strip()).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def main() -> None:
    """Write the sprite from an unpacked package."""
    outlines = Path(sys.argv[1]) / "icons" / "outline"
    names = sorted(symbols() | set(INTERFACE))
    missing = [name for name in names if not (outlines / f"{name}.svg").is_file()]
    if missing:
        sys.exit(f"The package has no outline called: {', '.join(missing)}")
    drawn = "".join(symbol(name, (outlines / f"{name}.svg").read_text("utf-8")) for name in names)
    # Presentation attributes are inherited by what `use` shows.
    OUTPUT.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {_LICENCE} -->{drawn}</svg>\n', "utf-8"
    )
    print(f"{len(names)} symbols, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
