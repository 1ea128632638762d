"""Symbols of `assets/icons.svg` as lines that can be drawn where there is no browser."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import acos, ceil, copysign, cos, hypot, pi, radians, sin, sqrt, tau
from pathlib import Path

from PIL import Image, ImageDraw

SYMBOLS = Path(__file__).parents[3] / "assets" / "icons.svg"
FRAME = 24
"""Width and height that the outlines are drawn in."""
STROKE = 1.75
"""How thick their lines are in the same measure, as in the style sheet."""
_FINER = 4
"""So many times larger a symbol is drawn, to be made smaller with soft edges."""

Point = tuple[float, float]

_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"[-+]?(?:\d*\.\d+|\d+\.?)(?:[eE][-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


class UnknownOutline(ValueError):
    """A path says something that is not understood here."""


@cache
def outlines() -> dict[str, list[str]]:
    """The paths of every symbol, by its name."""
    found = re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', SYMBOLS.read_text("utf-8"))
    return {name: re.findall(r' d="([^"]*)"', inside) for name, inside in found}


def symbol(name: str, size: int) -> Image.Image:
    """A symbol as a mask (`L`) of `size` pixels a side; empty where there is none of this name."""
    scale = size * _FINER / FRAME
    mask = Image.new("L", (size * _FINER, size * _FINER))
    draw, thick = ImageDraw.Draw(mask), STROKE * scale
    for path in outlines().get(name, ()):
        for line in polylines(path):
            dots = [(x * scale, y * scale) for x, y in line]
            draw.line(dots, fill=255, width=round(thick))
            for x, y in dots:
                # Round ends, and round joints between two straight lines.
                draw.circle((x, y), thick / 2, fill=255)
    return mask.resize((size, size), Image.Resampling.BOX)


def polylines(path: str) -> list[list[Point]]:
    """An SVG path as lines through points near enough to each other to look round."""
    lines: list[list[Point]] = []
    at: Point = (0.0, 0.0)
    bend: Point | None = None
    for command, numbers in _steps(path):
        kind = command.upper()
        x, y = at
        ends = _ends(kind, numbers, at if command.islower() else (0.0, 0.0))
        if kind == "M":
            at = ends[0]
            lines.append([at])
        elif kind == "Z":
            at = lines[-1][0]
            lines[-1].append(at)
        elif kind in "LHV":
            at = (ends[0][0] if kind != "V" else x, ends[0][1] if kind != "H" else y)
            lines[-1].append(at)
        elif kind == "A":
            lines[-1] += _arc(at, ends[0], numbers)
            at = ends[0]
        else:
            reflected = (2 * x - bend[0], 2 * y - bend[1]) if bend else at
            through = [reflected, *ends] if kind in "ST" else ends
            lines[-1] += _curve([at, *through])
            at = ends[-1]
            bend = through[-2]
            continue
        bend = None
    return lines


def _steps(path: str) -> Iterator[tuple[str, list[float]]]:
    """The commands of a path, each with as many numbers as it takes at once."""
    for found in _STEP.finditer(path):
        command, told = str(found[1]), str(found[2])
        takes = _TAKES.get(command.upper())
        numbers = [float(one) for one in _NUMBER.findall(told)]
        if takes is None or (not numbers or len(numbers) % takes if takes else numbers):
            raise UnknownOutline(path)
        if not takes:
            yield command, []
        for start in range(0, len(numbers), takes or 1):
            # More points after a move are lines.
            again = command.replace("M", "L").replace("m", "l") if start else command
            yield again, numbers[start : start + takes]


def _ends(kind: str, numbers: list[float], base: Point) -> list[Point]:
    if kind == "H":
        return [(numbers[0] + base[0], 0.0)]
    if kind == "V":
        return [(0.0, numbers[0] + base[1])]
    flat = numbers[5:] if kind == "A" else numbers
    return [(x + base[0], y + base[1]) for x, y in zip(flat[::2], flat[1::2], strict=True)]


def _curve(points: list[Point], parts: int = 16) -> list[Point]:
    """A Bézier curve of any degree."""
    drawn: list[Point] = []
    for step in range(1, parts + 1):
        share = step / parts
        left: list[Point] = points
        while len(left) > 1:
            left = [
                (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
                for a, b in pairwise(left)
            ]
        drawn.append(left[0])
    return drawn


def _arc(start: Point, end: Point, numbers: list[float]) -> list[Point]:
    """An arc of an ellipse, by the reckoning of the SVG standard (appendix B.2.4)."""
    across, down, turned, large, sweep = numbers[:5]
    across, down = abs(across), abs(down)
    if not across or not down or start == end:
        return [end]
    cosine, sine = cos(radians(turned)), sin(radians(turned))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cosine * half_x + sine * half_y, cosine * half_y - sine * half_x
    # An ellipse that is too small to reach is made as large as it takes.
    stretch = max(1.0, hypot(x / across, y / down))
    across, down = across * stretch, down * stretch
    reach = (across * y) ** 2 + (down * x) ** 2
    away = sqrt(max(0.0, (across * down) ** 2 / reach - 1)) * (-1 if large == sweep else 1)
    mid_x, mid_y = away * across * y / down, -away * down * x / across
    centre = (
        cosine * mid_x - sine * mid_y + (start[0] + end[0]) / 2,
        sine * mid_x + cosine * mid_y + (start[1] + end[1]) / 2,
    )
    first = _angle((x - mid_x) / across, (y - mid_y) / down)
    span = _angle((-x - mid_x) / across, (-y - mid_y) / down) - first
    if sweep and span < 0:
        span += tau
    elif not sweep and span > 0:
        span -= tau
    parts = max(2, ceil(abs(span) / (pi / 16)))
    drawn: list[Point] = []
    for step in range(1, parts + 1):
        angle = first + span * step / parts
        x, y = across * cos(angle), down * sin(angle)
        drawn.append((centre[0] + cosine * x - sine * y, centre[1] + sine * x + cosine * y))
    return drawn


def _angle(x: float, y: float) -> float:
    return copysign(acos(max(-1.0, min(1.0, x / (hypot(x, y) or 1.0)))), y)
