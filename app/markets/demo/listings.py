"""The demo listings, made from the written offers: the same every time, for the same content.

Each listing draws from a generator seeded with its own id, so that a new offer leaves all others
as they are.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any, cast

from app.catalogue.inputs import ListingInput
from app.i18n import LOCALES
from app.markets.demo.cities import Circle, DemoMarket, District

COLUMNS = {"kazan": 0, "berlin": 1, "madrid": 2}
"""Where each market's price stands in an offer; 0 there says that nobody offers it."""

TRAVELS = {"home": (6, 25), "care": (5, 20), "event": (20, 60), "errand": (8, 40)}
"""How far, in kilometres, those go who come to the customer."""


@dataclass(frozen=True)
class Trade:
    """What is known of everybody in a category: where they work and what they are called."""

    category: str
    setting: str
    names: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Offer:
    """A service as it was written down: title and text per locale, price per market."""

    key: str
    category: str
    prices: Sequence[float]
    unit: str
    setting: str
    tags: Sequence[str]
    languages: Sequence[str]
    texts: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Seller:
    """An invented provider."""

    external_id: str
    name: str
    languages: tuple[str, ...]
    district: District
    since: int
    dearness: float


def listings(market: DemoMarket) -> Iterator[ListingInput]:
    """All listings of a demo market, in the order in which they were written."""
    wanted = [offer for offer in offers() if offer.prices[COLUMNS[market.key]]]
    names: set[str] = set()
    for kind in trades().values():
        inside = [offer for offer in wanted if offer.category == kind.category]
        if not inside:
            continue
        # Fewer sellers than offers, so that some have several services on their page.
        pool = _sellers(market, kind, -(-len(inside) * 3 // 5), names)
        for place, offer in enumerate(inside):
            yield _listing(market, kind, offer, pool[place % len(pool)])


@cache
def trades() -> Mapping[str, Trade]:
    """The trades by category."""
    return {
        key: Trade(key, found["setting"], {city: found[city] for city in COLUMNS})
        for key, found in _content("trades.toml").items()
    }


@cache
def offers() -> tuple[Offer, ...]:
    """Every written offer, in the order of the files' names."""
    folder = resources.files("app.markets.demo") / "content"
    names = sorted(file.name for file in folder.iterdir() if file.name.startswith("offers_"))
    return tuple(_offer(each) for name in names for each in _content(name)["offer"])


def _offer(written: dict[str, Any]) -> Offer:
    return Offer(
        key=written["key"],
        category=written["category"],
        prices=written["price"],
        unit=written["unit"],
        setting=written.get("setting") or trades()[written["category"]].setting,
        tags=written.get("tags", []),
        languages=written.get("languages", []),
        texts={
            locale: (written[locale][0], written[locale][1])
            for locale in LOCALES
            if locale in written
        },
    )


def _content(name: str) -> dict[str, Any]:
    folder = resources.files("app.markets.demo") / "content"
    return tomllib.loads((folder / name).read_text("utf-8"))


@cache
def _sentences() -> dict[str, dict[str, list[dict[str, str]]]]:
    return cast("dict[str, dict[str, list[dict[str, str]]]]", _content("sentences.toml"))


def _sellers(market: DemoMarket, kind: Trade, count: int, taken: set[str]) -> list[Seller]:
    found: list[Seller] = []
    slug = kind.category.rpartition("/")[2].replace("_", "-")
    for number in range(1, count + 1):
        external_id = f"{market.key}-{slug}-{number}"
        chance = Random(external_id)  # noqa: S311
        patterns = kind.names[market.key]
        while True:
            circle = chance.choices(
                market.circles, weights=[circle.weight for circle in market.circles]
            )[0]
            name = _named(chance.choice(patterns), circle, chance)
            if name not in taken:
                break
        taken.add(name)
        first, *more = circle.languages
        found.append(
            Seller(
                external_id=external_id,
                name=name,
                languages=(first, *(each for each in more if chance.random() < 0.75)),
                district=chance.choices(
                    market.districts, weights=[district.weight for district in market.districts]
                )[0],
                since=chance.randint(2004, 2023),
                dearness=chance.choice((0.85, 0.9, 0.95, 1, 1, 1.05, 1.1, 1.2)),
            )
        )
    return found


def _named(pattern: str, circle: Circle, chance: Random) -> str:
    hers = circle.her_surnames or circle.surnames
    man = f"{chance.choice(circle.men)} {chance.choice(circle.surnames)}"
    woman = f"{chance.choice(circle.women)} {chance.choice(hers)}"
    return pattern.format(
        man=man,
        woman=woman,
        person=chance.choice((man, woman)),
        surname=chance.choice(circle.surnames).split()[0],
    )


def _listing(market: DemoMarket, kind: Trade, offer: Offer, seller: Seller) -> ListingInput:
    external_id = f"{market.key}-{offer.key}"
    chance = Random(external_id)  # noqa: S311
    trust = chance.choice(_sentences()["trust"][offer.setting])
    way = chance.choice(_sentences()["way"][offer.setting])
    description: dict[str, str] = {}
    for locale in market.locales:
        known = {"year": seller.since, "district": seller.district.names[locale]}
        facts = (sentence[locale].format(**known) for sentence in (trust, way))
        description[locale] = " ".join([offer.texts[locale][1], *facts])
    travels = TRAVELS.get(offer.setting)
    return ListingInput.model_validate(
        {
            "external_id": external_id,
            "category": kind.category,
            "provider": {"external_id": seller.external_id, "name": seller.name},
            "title": {locale: offer.texts[locale][0] for locale in market.locales},
            "description": description,
            "price": {
                "amount": _price(offer.prices[COLUMNS[market.key]] * seller.dearness, market),
                "currency": market.currency,
                "unit": offer.unit,
            },
            "city": dict(seller.district.city),
            "lat": round(seller.district.lat + chance.uniform(-0.008, 0.008), 5),
            "lon": round(seller.district.lon + chance.uniform(-0.012, 0.012), 5),
            "radius_km": chance.randint(*travels) if travels else None,
            "languages": list(dict.fromkeys([*seller.languages, *offer.languages])),
            "tags": list(offer.tags),
        }
    )


def _price(amount: float, market: DemoMarket) -> str:
    step = market.round_to
    if amount >= 100 * step:
        step *= 5
    elif amount < 10 * step:
        # Small prices, by the item or square metre, are written more finely.
        return f"{round(amount * 2 / step) * step / 2:.2f}"
    return f"{round(amount / step) * step:.2f}"
