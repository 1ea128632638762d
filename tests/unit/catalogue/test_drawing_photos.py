"""A file becomes pictures that hold nothing else, or is refused before it costs anything."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms

from app.catalogue.photos import drawing
from app.catalogue.photos.drawing import Drawn, PhotoRefused, PhotoTooLarge, draw, widths_of


def picture(size: tuple[int, int] = (900, 600), form: str = "JPEG", **how: Any) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", size, "#cc0000")
    image.paste("#0000cc", (0, size[1] // 2, *size))
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def opened(drawn: Drawn, ending: str) -> Image.Image:
    return Image.open(io.BytesIO(drawn.files[ending]))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
async def test_each_kind_of_picture_is_drawn_in_every_width_below_its_own(form: str):
    drawn = await draw(picture(form=form))
    assert set(drawn.files) == {
        f"{width}.{ending}" for width in (320, 640, 900) for ending in ("avif", "webp")
    }
    for ending, data in drawn.files.items():
        with Image.open(io.BytesIO(data)) as image:
            width = int(ending.split(".")[0])
            assert image.size == (width, round(width * 600 / 900))
            assert image.format == ending.split(".")[1].upper()


async def test_a_large_picture_is_made_to_fit_and_no_picture_is_made_larger():
    wide = await draw(picture((3200, 1600)))
    tall = await draw(picture((1000, 4000), "PNG"))
    assert (wide.width, wide.height) == (1600, 800)
    assert (tall.width, tall.height) == (400, 1600)
    assert widths_of(tall.width) == [320, 400]
    assert widths_of(1600) == [320, 640, 1024, 1600]


async def test_a_photo_taken_on_its_side_stands_upright_and_tells_nothing_of_where():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a secret place"
    exif.get_ifd(0x8825)[1] = "N"
    drawn = await draw(picture((900, 600), exif=exif, comment=b"a secret place"))
    assert (drawn.width, drawn.height) == (600, 900)
    for data in drawn.files.values():
        assert b"secret" not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)
    # Turned to the right, what was above is on the right.
    right = opened(drawn, "600.webp").convert("RGB").getpixel((550, 450))
    assert isinstance(right, tuple)
    assert right[0] > 150 > right[2]


async def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    drawn = await draw(out.getvalue())
    colour = opened(drawn, "300.webp").convert("RGB").getpixel((10, 10))
    assert isinstance(colour, tuple)
    assert min(colour) > 250
    assert drawn.tint == "#fff,#fff,#fff"


async def test_colours_of_another_space_are_brought_to_that_of_screens():
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # In this space what is called red is the blue of screens, and the other way round.
    swapped = own.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    assert (await draw(picture(form="PNG", icc_profile=own))).tint.startswith("#c00")
    assert (await draw(picture(form="PNG", icc_profile=swapped))).tint.startswith("#00c")
    # A profile that does not fit the picture, or is none, is passed over.
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (lab, b"no profile"):
        assert (await draw(picture(form="PNG", icc_profile=profile))).tint.startswith("#c00")


async def test_until_it_is_loaded_its_colours_from_the_top_to_the_bottom_stand_there():
    drawn = await draw(picture())
    top, _middle, bottom = drawn.tint.split(",")
    assert top == "#c00"
    assert bottom == "#00c"
    assert len(drawn.tint) < 20


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it has `side` squared pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
async def test_a_bomb_is_refused_by_what_its_head_says(side: int, monkeypatch: pytest.MonkeyPatch):
    def decoded(*_: object) -> None:
        raise AssertionError("the pixels were decoded")

    monkeypatch.setattr(Image.Image, "thumbnail", decoded)
    with pytest.raises(PhotoTooLarge):
        await draw(bomb(side))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"none",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>",
        picture()[:2000],
        bomb(1000),
        picture(form="TIFF"),
        picture((900, 100)),
    ],
    ids=["empty", "words", "svg", "cut off", "no pixels", "tiff", "narrow"],
)
async def test_what_is_no_photo_is_refused(data: bytes):
    with pytest.raises(PhotoRefused) as refused:
        await draw(data)
    assert not isinstance(refused.value, PhotoTooLarge)


async def test_a_file_of_too_many_bytes_is_not_even_opened(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "LARGEST", 1000)
    with pytest.raises(PhotoTooLarge):
        await draw(picture())
