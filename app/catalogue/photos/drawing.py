"""Making of a file that somebody sent the pictures that others are shown.

What was sent is never served: it is decoded within limits, turned upright, brought to sRGB and
encoded again, which leaves behind everything that is not a picture, such as where it was taken.
"""

import asyncio
import io
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app.errors import AppError

LARGEST = 12 * 1024 * 1024
"""Bytes of a file that is taken."""
MOST_PIXELS = 50_000_000
SMALLEST = 200
"""Pixels that each side has at least: less is a symbol, and blurred at any size."""
WIDTHS = (320, 640, 1024)
"""Widths that a photo is kept in besides its own, where it is wider.

The names of files follow from them, so photos must be drawn anew where they change.
"""
_BOX = 1600
"""Pixels of the longer side of the largest picture."""
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_BANDS = 3
"""Colours of a placeholder, from the top to the bottom."""

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]  Its profiles have no type.

_one_at_a_time = asyncio.Semaphore(1)
"""A decoded photo has up to 200 MB, so nobody makes this process hold several."""


class PhotoRefused(AppError):
    """The file is no picture that can become a photo."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class PhotoTooLarge(PhotoRefused):
    """The file has too many bytes or too many pixels."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True)
class Drawn:
    """The pictures of one photo.

    `files` are bytes by the ending of the name (`640.avif`); `width` and `height` are those of the
    largest. `tint` is what stands there until it is loaded: colours with commas between them.
    """

    width: int
    height: int
    tint: str
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(map(len, self.files.values()))


def widths_of(width: int) -> list[int]:
    """The widths that a photo is kept in whose largest picture is `width` wide."""
    return [each for each in WIDTHS if each < width] + [width]


async def draw(data: bytes) -> Drawn:
    """The pictures of a file, made beside the event loop; raises `PhotoRefused`."""
    if len(data) > LARGEST:
        raise PhotoTooLarge("A photo may have at most %(count)s MB.", count=LARGEST // 1024 // 1024)
    async with _one_at_a_time:
        return await asyncio.to_thread(_drawn, data)


def _drawn(data: bytes) -> Drawn:
    largest = _opened(data)
    files: dict[str, bytes] = {}
    for width in widths_of(largest.width):
        height = max(1, round(largest.height * width / largest.width))
        picture = largest.resize((width, height), Image.Resampling.LANCZOS)
        # Of AVIF's speeds this is the fastest that still makes files smaller than WebP's.
        files[f"{width}.avif"] = _encoded(picture, "AVIF", quality=58, speed=9, max_threads=1)
        files[f"{width}.webp"] = _encoded(picture, "WEBP", quality=78, method=4)
    return Drawn(largest.width, largest.height, _tint(largest), files)


def _opened(data: bytes) -> Image.Image:
    """The picture upright, in sRGB, without transparency, and no larger than is shown."""
    too_many = PhotoTooLarge(
        "A photo may have at most %(count)s million pixels.", count=MOST_PIXELS // 1_000_000
    )
    try:
        # Opening reads the head alone; the pixels are decoded once their number is known.
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise too_many
            if min(image.size) < SMALLEST:
                raise PhotoRefused("A photo has at least %(count)s pixels a side.", count=SMALLEST)
            # A JPEG can be decoded at half its size or less, at a fraction of the cost.
            image.draft("RGB", (_BOX, _BOX))
            image.load()
            image.thumbnail((_BOX, _BOX), Image.Resampling.LANCZOS, reducing_gap=2.0)
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise PhotoRefused("A photo is a JPEG, PNG, WebP, AVIF or GIF picture.") from error
    return _plain(upright)


def _plain(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        flat = Image.new("RGBA", image.size, "white")
        flat.alpha_composite(image.convert("RGBA"))
        return flat.convert("RGB")
    profile = image.info.get("icc_profile")
    if profile:
        # A profile that cannot be read says nothing, and the colours are taken for sRGB.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, wide, _SRGB, outputMode="RGB")
            if changed is not None:
                return changed
    return image.convert("RGB")


def _encoded(picture: Image.Image, form: str, **how: int) -> bytes:
    out = io.BytesIO()
    # What Pillow carries over from the source is named, so that nothing of it is written.
    picture.info.clear()
    picture.save(out, form, exif=b"", **how)
    return out.getvalue()


def _tint(picture: Image.Image) -> str:
    bands = picture.resize((1, _BANDS), Image.Resampling.BOX).tobytes()
    parts = [bands[at : at + 3] for at in range(0, len(bands), 3)]
    return ",".join("#" + "".join(f"{round(part / 17):x}" for part in band) for band in parts)
