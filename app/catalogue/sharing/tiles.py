"""The tile of a listing without a photo, as the style sheet draws it: a pattern and a seal.

What `.tile` and `.seal` of `assets/agora.css` say is said again here, for where no browser is.
"""

from collections.abc import Callable
from math import cos, radians, sin
from typing import Any

import numpy
from PIL import Image, ImageDraw

from app.catalogue.sharing.strokes import symbol

Colour = tuple[int, int, int]
Plane = numpy.ndarray[Any, numpy.dtype[Any]]

_FINER = 2
_SIDE = 150
"""Pixels after which the pattern begins anew."""
_SEAL, _RING = 168, 18
_SYMBOL = 100
_GROUND, _FIGURE, _INK = (0.92, 0.045), (0.875, 0.05625), (0.42, 0.09)
"""Lightness and chroma, as in the light scheme."""


def _stripes(u: Plane, v: Plane) -> Plane:
    along = (u + 1 - v) / 2
    return (along < 0.25) | (along > 0.75)


def _hypot(u: Plane, v: Plane) -> Plane:
    return numpy.hypot(u, v)


_PATTERNS: tuple[Callable[[Plane, Plane], Plane], ...] = (
    lambda u, v: _hypot(u, v) < 0.99,
    lambda u, v: _hypot(u - 0.5, v % 0.5) < 0.3465,
    lambda u, v: abs(u - 0.5) > abs(v - 0.5),
    lambda u, v: (_hypot(u - 1, v) < 0.6986) | (_hypot(u, v - 1) < 0.6986),
    lambda u, v: abs(_hypot(u - 0.5, v - 0.5) - 0.353) < 0.1138,
    lambda u, v: _stripes(u, v) | _stripes((u + 0.5) % 1, (v + 0.5) % 1),
)


def tile(name: str, hue: int, pattern: int, size: tuple[int, int]) -> Image.Image:
    """The tile with the symbol `name` in `hue` degrees, `size` pixels wide and high."""
    ground, figure, ink = (oklch(*look, hue) for look in (_GROUND, _FIGURE, _INK))
    made = Image.new("RGB", size, ground)
    made.paste(figure, mask=_mask(pattern, size))
    middle = (size[0] / 2, size[1] / 2)
    made.paste(ground, mask=_disc(size, middle, _SEAL / 2 + _RING))
    place = (round(middle[0] - _SYMBOL / 2), round(middle[1] - _SYMBOL / 2))
    made.paste(ink, place, symbol(name, _SYMBOL))
    return made


def _mask(pattern: int, size: tuple[int, int]) -> Image.Image:
    wide, high = size[0] * _FINER, size[1] * _FINER
    # The pattern is laid so that the middle of one repetition is the middle of the tile.
    u = ((numpy.arange(wide) + 0.5 - wide / 2) / (_SIDE * _FINER) + 0.5) % 1
    v = ((numpy.arange(high) + 0.5 - high / 2) / (_SIDE * _FINER) + 0.5) % 1
    inside = _PATTERNS[pattern % len(_PATTERNS)](u[None, :], v[:, None])
    drawn = numpy.where(inside, numpy.uint8(255), numpy.uint8(0))
    return Image.fromarray(drawn).resize(size, Image.Resampling.BOX)


def _disc(size: tuple[int, int], middle: tuple[float, float], radius: float) -> Image.Image:
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
    at = (middle[0] * _FINER, middle[1] * _FINER)
    ImageDraw.Draw(mask).circle(at, radius * _FINER, fill=255)
    return mask.resize(size, Image.Resampling.BOX)


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour of the style sheet in sRGB; parts that no screen shows are cut off."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (_screen(part) for part in linear)
    return red, green, blue


def _screen(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))
