"""Makes assets/assets/onest-*.woff2, the fonts of pages, from fontsource's package.

    npm pack @fontsource-variable/onest@5.3.1
    mkdir onest && tar xzf fontsource-variable-onest-*.tgz -C onest
    uv run --with fonttools --with brotli python -m scripts.page_fonts onest/package

A page in English has some hundred different signs in weights from 400 to 700, and the package's
file for Latin has 230 of them in weights from 100 to 900 and is twice as large. Each file has a
digest of its content in its name, so that browsers may keep it for good; `assets/fonts.css` names
them. Onest is under the SIL Open Font License 1.1, and what is made of it is under it too.
"""

import hashlib
import io
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset  # pyright: ignore[reportMissingImports]
from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingImports]
from fontTools.varLib import instancer  # pyright: ignore[reportMissingImports]

FOLDER = Path(__file__).parents[1] / "assets" / "assets"
STYLES = FOLDER.parent / "fonts.css"
WEIGHTS = (400, 400, 700)
"""The lightest, the usual and the heaviest."""
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum")
BASIC = {
    *range(0x20, 0x7F),
    *(0xA0, 0xA9, 0xAB, 0xAD, 0xB0, 0xB2, 0xB3, 0xB7, 0xBB, 0xD7),
    *(0x2009, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
    *(0x2022, 0x2026, 0x202F, 0x2032, 0x2033, 0x20AC, 0x2212),
}
"""What English is written with, and what stands beside the letters of any other script."""
STRESS = 0x0301
"""Over a vowel in Russian; without it here one such sign would have the other file fetched."""


def made(file: Path, signs: Iterable[int]) -> bytes:
    """The font with these signs in the weights that pages use."""
    font = instancer.instantiateVariableFont(TTFont(file), {"wght": WEIGHTS})
    told = subset.Options()
    told.layout_features, told.hinting = list(FEATURES), False
    # Copyright, licence and where it stands go along.
    told.name_IDs = [0, 1, 2, 13, 14]
    picked = subset.Subsetter(told)
    picked.populate(unicodes=signs)
    picked.subset(font)
    font.flavor = "woff2"
    # The time of making would be another digest each time.
    font.recalcTimestamp = False
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def ranges(signs: Iterable[int]) -> str:
    """The signs as `unicode-range` of CSS has them."""
    told: list[list[int]] = []
    for sign in sorted(signs):
        if told and told[-1][1] == sign - 1:
            told[-1][1] = sign
        else:
            told.append([sign, sign])
    return ", ".join(f"U+{a:04X}" if a == b else f"U+{a:04X}-{b:04X}" for a, b in told)


def main(package: str) -> None:
    """Write the files, and print what `assets/fonts.css` says of them."""
    files = Path(package) / "files"
    latin = files / "onest-latin-wght-normal.woff2"
    cyrillic = files / "onest-cyrillic-wght-normal.woff2"
    # What is below stands in no text.
    known = {sign for sign in TTFont(latin).getBestCmap() if sign >= 0x20}
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("onest-*.woff2"):
        old.unlink()
    for name, file, signs in (
        ("basic", latin, BASIC & known),
        ("latin", latin, known - BASIC),
        ("cyrillic", cyrillic, set(TTFont(cyrillic).getBestCmap()) - known - {0x0D} | {STRESS}),
    ):
        font = made(file, signs)
        digest = hashlib.sha256(font).hexdigest()[:8]
        written = FOLDER / f"onest-{name}-{digest}.woff2"
        written.write_bytes(font)
        print(f"{written.name}: {len(font):,} bytes\n  unicode-range: {ranges(signs)};")
    (FOLDER / "onest.LICENSE").write_text((Path(package) / "LICENSE").read_text())


if __name__ == "__main__":
    main(sys.argv[1])
