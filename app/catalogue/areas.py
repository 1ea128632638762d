"""A sketch of where a service is to be had: what is drawn of it, and what it says in words.

It needs no map of the world. Around the place lie the market's other towns by their names, on a
grid whose squares are as wide as the scale says.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel.lists import format_list
from babel.units import format_unit

from app.catalogue.cards import ListingDetail
from app.catalogue.towns import Town, rough
from app.i18n import translate

WIDTH, HEIGHT = 400, 240
MIDDLE = (WIDTH // 2, 116)
REACH = 86
"""How far from the middle the edge of an area is drawn, in the units of the drawing."""
TOWN_KM = 10.0
"""What `REACH` stands for where a service is in a town and goes nowhere."""
FARTHEST_KM = 300.0
"""A larger area on a flat drawing would be a lie."""
FARTHEST_LATITUDE = 80.0
KM_PER_DEGREE = 111.2
WIDEST_SQUARE = 84
MOST_NAMES = 9
LISTED = 3
"""Towns that the words name."""
LETTER, LINE = 7.2, 15
"""About how wide a letter and how high a line is, so that no two names meet."""
SAME_PLACE = 16.0
CORNER = (0.0, HEIGHT - 40.0, 120.0, float(HEIGHT))
"""Where the scale stands."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapPlace:
    """A town of the sketch: where its dot is, how far down its name, and whether it is the one."""

    x: int
    y: int
    name_y: int
    name: str
    own: bool


@dataclass(frozen=True)
class Area:
    """What is drawn of an area, and what it says.

    `reach` is the circle's radius in the drawing and `metres` on the ground; both are 0 where the
    service goes nowhere. `lat` and `lon` are rough, as everybody may know them.
    """

    places: list[MapPlace]
    grid: str
    scale: str
    scale_end: int
    distance: str
    reach: int
    words: str
    caption: str
    lat: float
    lon: float
    metres: int


def area_of(detail: ListingDetail, towns: Sequence[Town], locale: str) -> Area | None:
    """The sketch for a listing; None where its place is unknown, or too wide to be drawn.

    A listing that comes to nobody is shown by its town alone: its own place is nobody's business.
    """
    own = next((town for town in towns if town.named(locale) == detail.card.city), None)
    km = detail.radius_km
    if km:
        if detail.lat is None or detail.lon is None:
            return None
        lat, lon = rough(detail.lat), rough(detail.lon)
    elif own:
        lat, lon = own.lat, own.lon
    else:
        return None
    if (km or 0) > FARTHEST_KM or abs(lat) > FARTHEST_LATITUDE:
        return None
    drawing = _Drawing(lat, lon, REACH / (km or TOWN_KM))
    square = _square(drawing.per_km)
    side = square * drawing.per_km
    return Area(
        places=drawing.places(towns, detail.card.city, locale),
        grid=_grid(side),
        scale=f"M12 {HEIGHT - 18}v6h{side:.4g}v-6",
        scale_end=round(12 + side / 2),
        distance=_kilometres(square, locale),
        reach=REACH if km else 0,
        words=_words(detail.card.city, km, locale),
        caption=_caption(detail, drawing.around(towns), locale),
        lat=lat,
        lon=lon,
        metres=round(km * 1000) if km else 0,
    )


class _Drawing:
    """A flat piece of the earth: kilometres from its middle, drawn to scale."""

    def __init__(self, lat: float, lon: float, per_km: float) -> None:
        self._lat, self._lon, self.per_km = lat, lon, per_km

    def kilometres(self, town: Town) -> tuple[float, float]:
        """How far to the east and to the south a town lies."""
        east = (town.lon - self._lon + 180) % 360 - 180
        shrunk = math.cos(math.radians(self._lat))
        return east * shrunk * KM_PER_DEGREE, (self._lat - town.lat) * KM_PER_DEGREE

    def around(self, towns: Sequence[Town]) -> list[tuple[float, Town]]:
        """The towns with their distances, in the order given."""
        return [(math.hypot(*self.kilometres(town)), town) for town in towns]

    def places(self, towns: Sequence[Town], city: str, locale: str) -> list[MapPlace]:
        """The towns whose names find room, the service's own first."""
        at: dict[str, tuple[float, float]] = {}
        for town in towns:
            east, south = self.kilometres(town)
            at.setdefault(
                town.named(locale),
                (MIDDLE[0] + east * self.per_km, MIDDLE[1] + south * self.per_km),
            )
        if city and math.dist(at.get(city, MIDDLE), MIDDLE) < SAME_PLACE:
            at[city] = MIDDLE
        taken: list[Box] = [CORNER, _around(*MIDDLE, 7)]
        found: list[MapPlace] = []
        for name in sorted(at, key=lambda name: name != city):
            if len(found) < MOST_NAMES and (place := _placed(name, *at[name], taken, city)):
                found.append(place)
        return found


def _placed(name: str, x: float, y: float, taken: list[Box], city: str) -> MapPlace | None:
    """A town with its name below or above it, whichever is free; None where neither is."""
    half = max(len(name) * LETTER / 2, 6)
    dot = _around(x, y, 4)
    at_middle = (x, y) == MIDDLE
    for down in (LINE + 4, -9):
        top = y + down - 11
        box = (x - half, top, x + half, top + LINE)
        boxes = [box] if at_middle else [box, dot]
        if all(_inside(one) and not any(_meet(one, other) for other in taken) for one in boxes):
            taken += boxes
            return MapPlace(round(x), round(y), round(y + down), name, own=name == city)
    return None


def _around(x: float, y: float, reach: float) -> Box:
    return (x - reach, y - reach, x + reach, y + reach)


def _inside(box: Box) -> bool:
    left, top, right, bottom = box
    return left >= 4 and top >= 4 and right <= WIDTH - 4 and bottom <= HEIGHT - 4


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _square(per_km: float) -> float:
    """How many kilometres a square of the grid is wide: 1, 2 or 5 of some power of ten."""
    widest = WIDEST_SQUARE / per_km
    power = 10.0 ** math.floor(math.log10(widest))
    return next(step * power for step in (5, 2, 1) if step * power <= widest)


def _grid(side: float) -> str:
    """Lines through the middle and beside it, as an SVG path."""
    x, y = MIDDLE
    across = "".join(f"M{at:.4g} 0V{HEIGHT}" for at in _steps(x, side, WIDTH))
    return across + "".join(f"M0 {at:.4g}H{WIDTH}" for at in _steps(y, side, HEIGHT))


def _steps(at: float, side: float, end: float) -> list[float]:
    before, after = math.floor(at / side), math.floor((end - at) / side)
    return [at + number * side for number in range(-before, after + 1)]


@lru_cache(maxsize=1024)
def _kilometres(km: float, locale: str) -> str:
    unit = locale.replace("-", "_")
    if km < 1:
        return format_unit(round(km * 1000), "length-meter", "short", locale=unit)
    return format_unit(float(f"{km:g}"), "length-kilometer", "short", format="#,##0.#", locale=unit)


def _words(city: str, km: float | None, locale: str) -> str:
    """What the drawing is, for those who do not see it; the caption says the rest."""
    if not km:
        return translate(locale, "Sketch: %(city)s and around", city=city)
    distance = _kilometres(km, locale)
    if not city:
        return translate(locale, "Sketch: a circle of %(distance)s", distance=distance)
    return translate(
        locale, "Sketch: a circle of %(distance)s around %(city)s", distance=distance, city=city
    )


def _caption(detail: ListingDetail, around: Sequence[tuple[float, Town]], locale: str) -> str:
    city, km = detail.card.city, detail.radius_km
    if not km:
        return translate(locale, "%(city)s. You learn the exact address when you ask.", city=city)
    distance = _kilometres(km, locale)
    if not city:
        return translate(locale, "Up to %(distance)s around this place.", distance=distance)
    within = [town.named(locale) for far, town in around if far <= km]
    named = [name for name in dict.fromkeys(within) if name != city][:LISTED]
    if not named:
        return translate(
            locale, "%(city)s and up to %(distance)s around.", city=city, distance=distance
        )
    return translate(
        locale,
        "%(city)s and up to %(distance)s around, such as %(towns)s.",
        city=city,
        distance=distance,
        towns=format_list(named, locale=locale.replace("-", "_")),
    )
