"""Drawing the picture for sharing: what is offered on one side, how it looks on the other.

It is a JPEG because every reader of shared pages takes one, and one of a photo stays small.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from app.catalogue.sharing.lettering import (
    BOLD,
    drawable,
    font,
    has_long_word,
    joins_arabic,
    lines_of,
    shortened,
    width,
)
from app.catalogue.sharing.strokes import symbol
from app.catalogue.sharing.tiles import tile
from app.i18n import direction
from app.markets.branding import PAPER_LIGHT, brand_style
from app.markets.icons import png_icon

SIZE = (1200, 630)
"""Pixels of the picture, as social networks ask for."""
EDITION = 1
"""Raised whenever the drawing changes, so that pictures have new addresses."""

_INK, _MUTED = "#1c1b19", "#625e57"
_TILE, _PHOTO = 448, 536
"""How wide the picture at the side is; a photo may lose less of itself."""
_EDGE, _GAP = 64, 48
_TOP, _BOTTOM = 58, SIZE[1] - 58
_MARK = 52
_LOGO = 280
_BAND = 8
_TITLES = ((68, 3), (60, 3), (52, 4), (46, 4), (40, 5))
"""Sizes of the title with the lines that it may have; the first that holds all of it is taken."""
_PILL = 72
_FINER = 4


@dataclass(frozen=True)
class Shared:
    """What the picture of a listing shows; `brand` is the market's, `photo` a file if any."""

    locale: str
    market: str
    brand: Mapping[str, Any]
    title: str
    provider: str
    price: str
    per: str
    city: str
    kind: str
    symbol: str
    hue: int
    pattern: int
    photo: Path | None = None
    logo: Path | None = None
    logo_alone: bool = False
    """Whether the logo holds the market's name."""


def draw(told: Shared) -> bytes:
    """The picture; takes up to a fifth of a second."""
    return _Drawing(told).made()


class _Drawing:
    """A picture while it is drawn; `start` is where lines of the language begin."""

    def __init__(self, told: Shared) -> None:
        self._told = told
        self._style = brand_style(told.brand)
        self._mirrored = direction(told.locale) == "rtl"
        self._image = Image.new("RGB", SIZE, PAPER_LIGHT)
        self._photo = _opened(told.photo, "RGB")
        self._wide = _PHOTO if self._photo else _TILE
        self._room = SIZE[0] - self._wide - _EDGE - _GAP
        self._pen = ImageDraw.Draw(self._image)

    def made(self) -> bytes:
        self._side()
        self._head()
        foot = self._foot()
        self._middle(foot)
        out = io.BytesIO()
        # Thin coloured strokes would be smeared where colours are kept at half the size.
        self._image.save(out, "JPEG", quality=88, subsampling=0, optimize=True)
        return out.getvalue()

    def _side(self) -> None:
        told, size = self._told, (self._wide, SIZE[1])
        if self._photo:
            made = ImageOps.fit(self._photo, size, Image.Resampling.LANCZOS)
        else:
            made = tile(told.symbol, told.hue, told.pattern, size)
        self._image.paste(made, (self._left(SIZE[0] - self._wide, self._wide), 0))
        band = self._left(SIZE[0] - self._wide - _BAND, _BAND)
        colour = self._style["--brand-light"]
        self._pen.rectangle((band, 0, band + _BAND - 1, SIZE[1]), fill=colour)

    def _head(self) -> None:
        """The market's logo or mark, and its name."""
        logo = _opened(self._told.logo, "RGBA")
        if logo:
            mark = ImageOps.contain(logo, (_LOGO, _MARK), Image.Resampling.LANCZOS)
            shape = mark.getchannel("A")
        else:
            large = Image.open(io.BytesIO(png_icon(self._told.brand, 2 * _MARK)))
            mark = large.resize((_MARK, _MARK), Image.Resampling.LANCZOS)
            shape = _rounded(mark.size, 15)
        place = (self._left(_EDGE, mark.width), _TOP + (_MARK - mark.height) // 2)
        self._image.paste(mark, place, shape)
        if logo and self._told.logo_alone:
            return
        letters, past = font(30, BOLD), mark.width + 18
        name = shortened(drawable(self._told.market), letters, self._room - past)
        ink = self._style["--brand-ink-light"]
        self._write(_EDGE + past, _TOP + _MARK / 2, name, letters, ink)

    def _foot(self) -> float:
        """The price and the city; returns where they begin."""
        told, top, past = self._told, _BOTTOM - _PILL, 0.0
        middle = top + _PILL / 2
        if price := drawable(told.price):
            letters, small, inside = font(36, BOLD), font(26), 30.0
            price = shortened(price, letters, self._room - 2 * inside)
            long = width(price, letters)
            per = drawable(told.per)
            beside = width(per, small) + 12 if per else 0.0
            if long + beside + 2 * inside > self._room:
                per, beside = "", 0.0
            past = long + beside + 2 * inside
            shape = (round(past), _PILL)
            place = (self._left(_EDGE, shape[0]), top)
            self._image.paste(self._style["--brand-light"], place, _rounded(shape, _PILL // 2))
            ink = self._style["--on-brand-light"]
            self._write(_EDGE + inside, middle, price, letters, ink)
            self._write(_EDGE + inside + long + 12, middle + 3, per, small, ink)
        city = drawable(told.city)
        if city:
            begin = past + 28 if past else 0.0
            letters, pin = font(28), 34
            room = self._room - begin - pin - 10
            if room < 120:
                # Beside a long price there is no place for it, above it there is.
                top, middle, begin, room = top - 60, top - 36, 0.0, self._room - pin - 10.0
            place = (self._left(round(_EDGE + begin), pin), round(middle - pin / 2))
            self._image.paste(_MUTED, place, symbol("map-pin", pin))
            city = shortened(city, letters, room)
            self._write(_EDGE + begin + pin + 10, middle, city, letters, _MUTED)
        return top if price or city else _BOTTOM

    def _middle(self, foot: float) -> None:
        """The title and who offers it, in the middle of what is left."""
        told = self._told
        title = drawable(told.title) or drawable(told.kind) or drawable(told.provider)
        letters, lines = _title(title, self._room)
        small = font(32)
        provider = shortened(drawable(told.provider), small, self._room)
        step = round(letters.size * 1.16)
        high = step * len(lines) + (58 if provider else 0)
        begin = _TOP + _MARK
        at = begin + (foot - begin - high) / 2
        for line in lines:
            self._write(_EDGE, at + step / 2, line, letters, _INK)
            at += step
        self._write(_EDGE, at + 34, provider, small, _MUTED)

    def _write(
        self, start: float, middle: float, text: str, letters: ImageFont.FreeTypeFont, ink: str
    ) -> None:
        """A line that begins `start` pixels from the edge that reading begins at."""
        if not text:
            return
        place = (SIZE[0] - start if self._mirrored else start, middle)
        anchor = "rm" if self._mirrored else "lm"
        way = ("rtl" if self._mirrored else "ltr") if joins_arabic() else None
        self._pen.text(place, text, font=letters, fill=ink, anchor=anchor, direction=way)

    def _left(self, start: int, wide: int) -> int:
        return SIZE[0] - start - wide if self._mirrored else start


def _title(text: str, room: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    for size, most in _TITLES:
        letters = font(size, BOLD)
        lines = lines_of(text, letters, room, most + 1)
        if len(lines) <= most and not has_long_word(text, letters, room):
            return letters, lines
    size, most = _TITLES[-1]
    return font(size, BOLD), lines_of(text, font(size, BOLD), room, most)


def _opened(file: Path | None, mode: str) -> Image.Image | None:
    """A picture that we keep; None where there is none, or it is being taken away."""
    if file is None:
        return None
    try:
        with Image.open(file, formats=("WEBP",)) as image:
            return image.convert(mode)
    except OSError:
        return None


def _rounded(size: tuple[int, int], corner: int) -> Image.Image:
    large = (size[0] * _FINER, size[1] * _FINER)
    mask = Image.new("L", large)
    box = (0, 0, large[0] - 1, large[1] - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, corner * _FINER, fill=255)
    return mask.resize(size, Image.Resampling.BOX)
