"""The mark of a market in its own colours: as SVG, and as PNG for what takes no SVG."""

import struct
import zlib
from collections.abc import Mapping
from functools import lru_cache
from math import hypot
from typing import Any

from app.markets.branding import brand_style

FULL = 16.0
"""Half the side of the drawing; the mark's two quarter circles meet in its middle."""
REACH = 10.0
FAINTER = 0.7

Colour = tuple[int, int, int]


def svg_icon(brand: Mapping[str, Any], *, maskable: bool = False) -> str:
    """The mark as SVG; `maskable` fills the square, of which a launcher cuts its own shape."""
    fill, ink = _colours(brand)
    corner = 0 if maskable else 9
    scale = ' transform="translate(16 16) scale(.8) translate(-16 -16)"' if maskable else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="{corner}" fill="{fill}"/><g fill="{ink}"{scale}>'
        '<path d="M16 6v10H6A10 10 0 0 1 16 6Z"/>'
        f'<path d="M16 26V16h10a10 10 0 0 1-10 10Z" fill-opacity="{FAINTER}"/></g></svg>'
    )


def png_icon(brand: Mapping[str, Any], size: int) -> bytes:
    """The mark as a PNG of `size` pixels, filling the square; takes up to half a second."""
    fill, ink = _colours(brand)
    return _png(_channels(fill), _channels(ink), size)


@lru_cache(maxsize=64)
def _png(fill: Colour, ink: Colour, size: int) -> bytes:
    step = 2 * FULL / size
    rows = bytearray()
    for line in range(size):
        rows.append(0)
        y = (line + 0.5) * step - FULL
        for column in range(size):
            x = (column + 0.5) * step - FULL
            # Only where both coordinates have the same sign is a quarter circle: one is full.
            part = 0.0
            if x * y > 0:
                edge = max(hypot(x, y) - REACH, -abs(x), -abs(y))
                part = min(1.0, max(0.0, 0.5 - edge / step)) * (1.0 if x < 0 else FAINTER)
            rows += bytes(round(a + (b - a) * part) for a, b in zip(fill, ink, strict=True))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def _colours(brand: Mapping[str, Any]) -> tuple[str, str]:
    style = brand_style(brand)
    return style["--brand-light"], style["--on-brand-light"]


def _channels(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
