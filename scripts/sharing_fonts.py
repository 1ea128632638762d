"""Makes app/catalogue/sharing/fonts/, of pictures for sharing, from fontsource's packages.

    npm pack @fontsource-variable/onest@5.3.1 @fontsource-variable/vazirmatn@5.3.0
    for f in fontsource-*.tgz; do mkdir -p $f.d && tar xzf $f -C $f.d; done
    uv run --with fonttools --with brotli python -m scripts.sharing_fonts *onest*.d *vazirmatn*.d

Pages fetch a file for each script; a picture is drawn with one font, which needs all of them. So
the parts are merged here, in the two weights that are drawn. Both fonts are under the SIL Open
Font License 1.1, and what is made of them is under it too.
"""

import sys
import tempfile
from itertools import groupby
from pathlib import Path

from fontTools.merge import Merger, Options  # pyright: ignore[reportMissingImports]
from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingImports]
from fontTools.ttLib.scaleUpem import scale_upem  # pyright: ignore[reportMissingImports]
from fontTools.varLib import instancer  # pyright: ignore[reportMissingImports]

FOLDER = Path(__file__).parents[1] / "app" / "catalogue" / "sharing" / "fonts"
NAME = "Agora Sharing"
WEIGHTS = (500, 700)
ONEST = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
UNITS = 1000
_HEIGHTS = {
    "hhea": ("ascent", "descent", "lineGap"),
    "OS/2": ("sTypoAscender", "sTypoDescender", "usWinAscent", "usWinDescent"),
}


def part(file: Path, weight: int, folder: Path) -> str:
    """A font of one script in one weight, as a file that can be merged."""
    font = instancer.instantiateVariableFont(TTFont(file), {"wght": weight})
    if font["head"].unitsPerEm != UNITS:
        scale_upem(font, UNITS)
    font.flavor = None
    if "STAT" in font:
        del font["STAT"]
    made = folder / f"{file.stem}-{weight}.ttf"
    font.save(made)
    return str(made)


def merged(files: list[str], weight: int) -> list[int]:
    """Write the font of one weight; return the code points of its signs."""
    # Hints are for screens that no picture is drawn for.
    font = Merger(Options(drop_tables=["gasp", "prep", "fpgm", "cvt "])).merge(files)
    first = TTFont(files[0])
    for table, names in _HEIGHTS.items():
        for name in names:
            setattr(font[table], name, getattr(first[table], name))
    for told in font["name"].names:
        if told.nameID in (1, 3, 4, 6, 16):
            told.string = NAME.replace(" ", "") if told.nameID == 6 else NAME
    font.flavor = "woff2"
    font.save(FOLDER / f"{weight}.woff2")
    return sorted(font.getBestCmap())


def ranges(points: list[int]) -> str:
    """Code points as lines of `first-last` in hexadecimal digits."""
    lines: list[str] = []
    for _, run in groupby(enumerate(points), lambda each: each[1] - each[0]):
        found = [point for _, point in run]
        lines.append(f"{found[0]:x}-{found[-1]:x}")
    return "\n".join(lines) + "\n"


def main(onest: str, vazirmatn: str) -> None:
    """Make both weights, and say which signs they have."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    latin, arabic = (Path(one) / "package" for one in (onest, vazirmatn))
    points: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        for weight in WEIGHTS:
            files = [latin / "files" / f"onest-{script}-wght-normal.woff2" for script in ONEST]
            files.append(arabic / "files" / "vazirmatn-arabic-wght-normal.woff2")
            points = merged([part(file, weight, Path(folder)) for file in files], weight)
    (FOLDER / "signs.txt").write_text(ranges(points))
    notes = [(package / "LICENSE").read_text() for package in (latin, arabic)]
    # The licence itself is the same; each names its own authors in the first line.
    (FOLDER / "LICENSE").write_text(notes[1].partition("\n")[0] + "\n" + notes[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
