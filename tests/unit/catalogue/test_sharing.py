"""The picture for sharing: drawn in every language, whatever a provider wrote."""

import asyncio
import dataclasses
import io
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image, ImageChops, ImageFont

from app.catalogue.sharing import drawing, keeping, lettering
from app.catalogue.sharing.drawing import SIZE, Shared, draw
from app.catalogue.sharing.lettering import BOLD, drawable, font, lines_of, shortened, width
from app.catalogue.sharing.showing import edition_of
from app.catalogue.sharing.strokes import UnknownOutline, outlines, polylines, symbol
from app.catalogue.sharing.tiles import oklch

PLAIN = Shared(
    locale="en",
    market="Kazan",
    brand={"color": "#1f6f5c"},
    title="Plumber on call",
    provider="Volga Water",
    price="€45",
    per="per hour",
    city="Kazan",
    kind="Plumber",
    symbol="droplet",
    hue=230,
    pattern=0,
)
WRITTEN = {
    "en": ("Plumber on call", "Volga Water", "Kazan"),
    "ru": ("Сантехник на дом", "Волга", "Казань"),
    "de": ("Klempner für Notfälle", "Müller & Söhne", "Köln"),
    "es": ("Fontanería de urgencia", "Peña", "Cádiz"),
    "fr": ("Plombier à domicile", "Chez Zoë", "Orléans"),
    "ar": ("سباك في الخدمة", "ماء الفولغا", "قازان"),
}
PAPER = (250, 248, 244)


def seen(told: Shared) -> Image.Image:
    picture = Image.open(io.BytesIO(draw(told)))
    assert (picture.format, picture.size) == ("JPEG", SIZE)
    return picture


def in_words(locale: str) -> Shared:
    title, provider, city = WRITTEN[locale]
    return dataclasses.replace(PLAIN, locale=locale, title=title, provider=provider, city=city)


def is_paper(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    parts = picture.crop(box).getextrema()
    return all(
        abs(end - wanted) < 10
        for ends, wanted in zip(parts, PAPER, strict=True)
        for end in ends  # pyright: ignore[reportGeneralTypeIssues]
    )


@pytest.mark.parametrize("locale", sorted(WRITTEN))
def test_a_picture_is_drawn_in_every_language_from_the_side_it_is_read(locale: str):
    if locale == "ar" and not lettering.joins_arabic():
        pytest.skip("this system has no FriBiDi")
    picture = seen(in_words(locale))
    words = (64, 150, 500, 400)
    mirrored = (SIZE[0] - words[2], words[1], SIZE[0] - words[0], words[3])
    there, edge = (mirrored, (1140, 0, 1200, 630)) if locale == "ar" else (words, (0, 0, 60, 630))
    assert not is_paper(picture, there)
    assert is_paper(picture, edge)


@pytest.mark.skipif(not lettering.joins_arabic(), reason="this system has no FriBiDi")
def test_arabic_letters_are_joined(monkeypatch: pytest.MonkeyPatch):
    told = in_words("ar")
    joined = seen(told)

    def apart(size: int, weight: int = 500) -> ImageFont.FreeTypeFont:
        basic = ImageFont.Layout.BASIC
        return ImageFont.truetype(lettering.FONTS / f"{weight}.woff2", size, layout_engine=basic)

    monkeypatch.setattr(drawing, "font", apart)
    monkeypatch.setattr(drawing, "joins_arabic", lambda: False)
    assert width(told.title, font(60)) < 0.9 * width(told.title, apart(60))
    changed = ImageChops.difference(joined, seen(told)).convert("L").tobytes()
    assert sum(one > 90 for one in changed) > 5000


def test_where_arabic_cannot_be_joined_it_is_spelt_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lettering, "joins_arabic", lambda: False)
    assert drawable("Волга ماء").isascii() is False
    assert not lettering._ARABIC.search(drawable("Волга ماء"))


@pytest.mark.parametrize(
    "title",
    [
        "word " * 2000,
        "Donaudampfschifffahrt" * 500,
        "س" * 10_000,
        "\x00\x07\x1b[31m\r\n\t\x85",
        "🔥🚰👩‍👩‍👧‍👦",
        "\u202eneddih\u202c\u2066\u200f",
        "Z" + "\u0335\u0489" * 3000,
        "\ud800\uffff\U0010ffff",
        "水管工 パイプ ਪਲੰਬਰ",
        "",
        "﷽" * 50,
        "W" * 30,
    ],
)
def test_no_title_breaks_the_picture_or_leaves_its_place(title: str):
    picture = seen(dataclasses.replace(PLAIN, title=title, provider=title, city=title, price=title))
    assert is_paper(picture, (0, 0, 60, 630))
    side = SIZE[0] - drawing._TILE - drawing._BAND
    assert is_paper(picture, (side - drawing._GAP + drawing._BAND + 4, 0, side - 2, 630))
    assert is_paper(picture, (0, 112, side - 4, 120)), "nothing is written over the market's name"


def test_a_title_of_nothing_that_can_be_drawn_is_told_by_its_kind():
    assert drawable("🔥🚰") == ""
    assert draw(dataclasses.replace(PLAIN, title="🔥")) == draw(
        dataclasses.replace(PLAIN, title=PLAIN.kind)
    )


def test_signs_of_other_scripts_are_spelt_and_controls_are_dropped():
    assert drawable("Tap\x00\n fix\u200f 🔧 水 №5 ₽") == "Tap fix Shui №5 ₽"
    assert drawable("a" * 10_000) == "a" * lettering.LONGEST
    assert drawable("1\u202f200\xa0₽") == "1 200 ₽"


def test_lines_fit_keep_every_word_and_are_about_as_long():
    letters = font(60, BOLD)
    text = "Emergency plumber, day and night"
    lines = lines_of(text, letters, 620, 4)
    assert " ".join(lines) == text
    assert all(width(line, letters) <= 620 for line in lines)
    assert len(lines[-1].split()) > 1
    (one, two) = lines_of(text * 9, letters, 620, 2)
    assert two.endswith("…")
    assert max(width(one, letters), width(two, letters)) <= 620
    assert lines_of("W" * 30, letters, 620, 9)[0].endswith("-")
    assert "".join(lines_of("W" * 30, letters, 620, 9)).replace("-", "") == "W" * 30
    assert shortened("Short", letters, 620) == "Short"


def test_a_photo_stands_at_the_side_and_a_lost_one_is_a_tile(tmp_path: Path):
    photo = tmp_path / "a.webp"
    Image.new("RGB", (900, 600), "#c03010").save(photo, "WEBP")
    red = seen(dataclasses.replace(PLAIN, photo=photo)).getpixel((900, 300))
    assert isinstance(red, tuple)
    assert red[0] > 150 > red[2]
    lost = dataclasses.replace(PLAIN, photo=tmp_path / "none.webp")
    assert draw(lost) == draw(PLAIN)
    photo.write_bytes(b"RIFF")
    assert draw(dataclasses.replace(PLAIN, photo=photo)) == draw(PLAIN)


def test_a_logo_takes_the_place_of_the_mark_and_may_hold_the_name(tmp_path: Path):
    logo = tmp_path / "logo.webp"
    Image.new("RGBA", (300, 100), (192, 48, 16, 255)).save(logo, "WEBP", lossless=True)
    told = dataclasses.replace(PLAIN, logo=logo, market="W" * 20)
    named, alone = seen(told), seen(dataclasses.replace(told, logo_alone=True))
    assert not is_paper(named, (230, 60, 400, 108))
    assert is_paper(alone, (230, 50, 700, 118))


def test_every_symbol_can_be_drawn():
    assert len(outlines()) > 100
    for name in outlines():
        low, high = symbol(name, 48).getextrema()
        assert (low, high) == (0, 255), name
    assert symbol("no such", 20).getextrema() == (0, 0)


def test_outlines_are_followed():
    assert polylines("M1 1h2v2z") == [[(1, 1), (3, 1), (3, 3), (1, 1)]]
    assert polylines("m1 1 2 0 0 2M9 9l1 1")[1] == [(9, 9), (10, 10)]
    (circle,) = polylines("M4 10a2 2 0 1 0 4 0a2 2 0 0 0 -4 0")
    assert all(abs(((x - 6) ** 2 + (y - 10) ** 2) ** 0.5 - 2) < 1e-9 for x, y in circle)
    assert max(y for _, y in circle) == pytest.approx(12, abs=0.01)
    (curve,) = polylines("M0 0c0 2 2 2 2 0s2 -2 2 0")
    assert curve[-1] == (4, 0)
    assert min(y for _, y in curve) == pytest.approx(-1.5)
    for wrong in ("M1", "M1 1 k2", "M1 1h"):
        with pytest.raises(UnknownOutline):
            polylines(wrong)


def test_colours_are_those_of_the_style_sheet():
    assert oklch(1, 0, 0) == (255, 255, 255)
    assert oklch(0, 0, 90) == (0, 0, 0)
    # What a browser makes of oklch(62.8% 0.2577 29.23).
    assert oklch(0.62796, 0.25768, 29.234) == (255, 0, 0)


def test_whatever_is_shown_gives_the_picture_another_name(tmp_path: Path):
    others: dict[str, object] = {
        "locale": "ru",
        "market": "Tver",
        "brand": {"color": "#ffffff"},
        "hue": 9,
        "pattern": 3,
        "photo": tmp_path / "a.webp",
        "logo": tmp_path / "a.webp",
        "logo_alone": True,
    }
    names = {edition_of(PLAIN)}
    fields = [field.name for field in dataclasses.fields(Shared)]
    for name in fields:
        names.add(edition_of(dataclasses.replace(PLAIN, **{name: others.get(name, "other")})))  # pyright: ignore[reportArgumentType]
    assert len(names) == len(fields) + 1
    assert edition_of(dataclasses.replace(PLAIN)) == edition_of(PLAIN)
    moved = dataclasses.replace(PLAIN, photo=tmp_path / "elsewhere" / "a.webp")
    assert edition_of(moved) == edition_of(dataclasses.replace(PLAIN, photo=tmp_path / "a.webp"))


async def test_a_picture_is_drawn_once_and_few_wait(monkeypatch: pytest.MonkeyPatch):
    drawn: list[str] = []

    def counted(told: Shared) -> bytes:
        drawn.append(told.title)
        return told.title.encode() * 1000

    monkeypatch.setattr(keeping, "draw", counted)
    monkeypatch.setattr(keeping, "_one_at_a_time", asyncio.Semaphore(1))
    keeping.forget()
    market = uuid4()
    async with asyncio.TaskGroup() as group:
        for _ in range(keeping.QUEUE):
            group.create_task(keeping.kept_or_drawn(market, "a", PLAIN))
    assert len(drawn) == 1
    await keeping.kept_or_drawn(uuid4(), "a", PLAIN)
    assert len(drawn) == 2, "another market's is another picture"
    async with keeping._one_at_a_time:
        waiting = [
            asyncio.create_task(keeping.kept_or_drawn(market, f"w{number}", PLAIN))
            for number in range(keeping.QUEUE)
        ]
        await asyncio.sleep(0)
        with pytest.raises(keeping.TooBusy):
            await keeping.kept_or_drawn(market, "one more", PLAIN)
        assert await keeping.kept_or_drawn(market, "a", PLAIN), "what is kept is given at once"
    await asyncio.gather(*waiting)
    monkeypatch.setattr(keeping, "ROOM", 3 * len(counted(PLAIN)))
    await keeping.kept_or_drawn(market, "last", PLAIN)
    assert list(keeping._kept)[-1] == (market, "last")
    assert len(keeping._kept) == 3
    keeping.forget()
