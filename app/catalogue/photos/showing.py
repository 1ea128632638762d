"""What a page writes down to show a photo: addresses by width, the size, the tint."""

import dataclasses
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.catalogue.models import ListingPhoto
from app.catalogue.photos.drawing import widths_of
from app.database import TenantSession
from app.i18n import translate

PLACE = "/files/photos/"
SMALL = (320, 640)
"""Widths that a card has use for."""


@dataclasses.dataclass(frozen=True)
class ShownPhoto:
    """A photo as the page of its listing shows it.

    `src` is a WebP for browsers that know no better; `avif` and `webp` are sets of addresses with
    their widths. `tint` is a CSS gradient's colours. `alt` is empty where nobody said what it is.
    """

    src: str
    avif: str
    webp: str
    width: int
    height: int
    tall: bool
    tint: str
    alt: str


@dataclasses.dataclass(frozen=True)
class Cover:
    """The small picture of a card: a WebP's address, a set of AVIF, and the tint."""

    src: str
    avif: str
    tint: str


async def photos_of(session: TenantSession, listing_id: UUID) -> list[ListingPhoto]:
    """The photos of a listing in their order, whoever asks."""
    query = select(ListingPhoto).where(ListingPhoto.listing_id == listing_id)
    return list(await session.exec(query.order_by(col(ListingPhoto.position))))


def shown_photo(photo: ListingPhoto, locale: str) -> ShownPhoto:
    """A photo for a reader of `locale`, who is told its description in no other language."""
    start, widths = f"{PLACE}{photo.id.hex}-", widths_of(photo.width)
    return ShownPhoto(
        src=f"{start}{widths[-1]}.webp",
        avif=_set(start, widths, "avif"),
        webp=_set(start, widths, "webp"),
        width=photo.width,
        height=photo.height,
        tall=photo.height > photo.width,
        tint=photo.tint,
        alt=photo.alt.get(locale, ""),
    )


def in_words(photos: list[ShownPhoto], title: str, locale: str) -> list[ShownPhoto]:
    """The photos of a listing, each with words for those who do not see it."""

    def words(number: int) -> str:
        return translate(locale, "Photo %(number)s of %(title)s", number=number, title=title)

    return [
        dataclasses.replace(photo, alt=photo.alt or words(number))
        for number, photo in enumerate(photos, start=1)
    ]


def cover_of(photo: ListingPhoto) -> dict[str, Any]:
    """What the listing's own row keeps of its first photo."""
    return {"id": photo.id.hex, "width": photo.width, "tint": photo.tint}


def shown_cover(cover: Mapping[str, Any]) -> Cover:
    """The small picture of a listing by what its row keeps; empty where it has no photo."""
    if not cover:
        return Cover("", "", "")
    start = f"{PLACE}{UUID(cover['id']).hex}-"
    widths = widths_of(int(cover["width"]))
    small = [width for width in widths if width in SMALL] or widths[:1]
    return Cover(f"{start}{small[0]}.webp", _set(start, small, "avif"), str(cover["tint"]))


def _set(start: str, widths: list[int], form: str) -> str:
    return ",".join(f"{start}{width}.{form} {width}w" for width in widths)
