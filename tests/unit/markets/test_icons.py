"""A market's icons are drawn in its colours."""

import struct
import zlib
from xml.etree import ElementTree

import pytest

from app.markets.branding import brand_style
from app.markets.icons import png_icon, svg_icon

BRAND = {"color": "#b01030"}


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of a PNG as it is made here: eight bits of red, green and blue, unfiltered."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, data, width = 8, b"", 0
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height, *form = struct.unpack(">IIBBBBB", body)
            assert (width, form) == (height, [8, 2, 0, 0, 0])
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    raw, line = zlib.decompress(data), 1 + 3 * width
    rows = [raw[start : start + line] for start in range(0, len(raw), line)]
    assert all(row[0] == 0 for row in rows)
    return [[tuple(row[i : i + 3]) for i in range(1, line, 3)] for row in rows]


@pytest.mark.parametrize("size", [48, 180])
def test_the_bitmap_shows_the_mark_in_the_markets_colours(size: int):
    drawn = pixels(png_icon(BRAND, size))
    assert len(drawn) == size
    fill, ink = (0xB0, 0x10, 0x30), (255, 255, 255)
    third, far = size * 3 // 8, size * 5 // 8
    assert drawn[0][0] == drawn[third][far] == drawn[far][third] == fill
    assert drawn[third][third] == ink, "the quarter circle at the top left"
    # The other one lets the brand's colour through.
    assert all(
        low < shade < high for low, shade, high in zip(fill, drawn[far][far], ink, strict=True)
    )


def test_the_drawing_is_sound_and_fills_the_square_where_a_launcher_cuts_it():
    for maskable, corner in ((False, "9"), (True, "0")):
        drawn = ElementTree.fromstring(svg_icon(BRAND, maskable=maskable))  # noqa: S314  Ours.
        square = next(iter(drawn))
        assert (square.get("rx"), square.get("fill")) == (corner, "#b01030")


def test_a_bright_brand_gets_a_dark_mark():
    style = brand_style({"color": "#ffee00"})
    assert style["--on-brand-light"] in svg_icon({"color": "#ffee00"})
    assert style["--on-brand-light"] != "#ffffff"
