"""What the picture of a listing shows, and the address that stands in the head of its page."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

from app.catalogue.cards import ListingDetail
from app.catalogue.photos.showing import PLACE
from app.catalogue.photos.storing import file_of
from app.catalogue.sharing.drawing import EDITION, SIZE, Shared
from app.catalogue.sharing.lettering import joins_arabic
from app.i18n import direction
from app.markets.directory import MarketCard
from app.markets.logos import logo_file


@dataclasses.dataclass(frozen=True)
class SharedPicture:
    """The picture for a page's head: its path on the market's host, its pixels and its words."""

    path: str
    width: int
    height: int
    alt: str


def shared(market: MarketCard, locale: str, detail: ListingDetail) -> Shared:
    """What the picture of a listing shows readers of `locale`."""
    card = detail.card
    photo = detail.photos[0].src.removeprefix(PLACE) if detail.photos else ""
    logo: dict[str, Any] = market.brand.get("logo") or {}
    return Shared(
        locale=locale,
        market=market.named(locale),
        brand=market.brand,
        title=card.title,
        provider=card.provider,
        price=card.price,
        per=card.per,
        city=card.city,
        kind=card.category_name,
        symbol=card.symbol,
        hue=card.hue,
        pattern=card.pattern,
        photo=file_of(market.id, photo) if photo else None,
        logo=logo_file(market.id, str(logo["file"])) if logo else None,
        logo_alone=bool(logo.get("alone")),
    )


def edition_of(told: Shared) -> str:
    """A name for what is shown: another as soon as the picture would be."""
    told = dataclasses.replace(told, brand=dict(told.brand))
    shown = json.dumps([EDITION, vars(told)], sort_keys=True, default=_name_of)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _name_of(file: Path) -> str:
    # The folder is the installation's, and nothing of what is shown.
    return file.name


def picture_for(market: MarketCard, locale: str, detail: ListingDetail) -> SharedPicture | None:
    """The picture that stands for a listing's page.

    Where right-to-left text cannot be drawn it is the listing's first photo, or none.
    """
    card = detail.card
    facts = (card.title, card.provider, f"{card.price} {card.per}".strip(), card.city)
    alt = " · ".join(fact for fact in facts if fact)
    if draws(locale):
        edition = edition_of(shared(market, locale, detail))
        return SharedPicture(f"/og/{locale}/{card.slug}.jpg?v={edition}", *SIZE, alt)
    if detail.photos:
        first = detail.photos[0]
        return SharedPicture(first.src, first.width, first.height, alt)
    return None


def draws(locale: str) -> bool:
    """Whether pictures in this language can be drawn here."""
    return joins_arabic() or direction(locale) == "ltr"
