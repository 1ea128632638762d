"""The sketch of where a service is to be had."""

import itertools
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app.catalogue.areas import HEIGHT, REACH, WIDTH, Area, area_of
from app.catalogue.cards import ListingDetail, card_of
from app.catalogue.models import Listing, Provider
from app.catalogue.ratings import Rating
from app.catalogue.towns import Town

KAZAN = Town("Казань", {"ru": "Казань", "en": "Kazan"}, 55.79, 49.12, 900)
EAST = Town("Пестрецы", {"ru": "Пестрецы", "en": "Pestretsy"}, 55.79, 49.44, 9)
FAR = Town("Уфа", {"ru": "Уфа", "en": "Ufa"}, 54.73, 55.97, 50)


def detail(**told: Any) -> ListingDetail:
    """A listing in Kazan that comes to people."""
    row: dict[str, Any] = {
        "external_id": "l",
        "slug": "pipes",
        "provider_id": uuid4(),
        "category": "craft/plumber",
        "title": {"en": "Pipes", "ru": "Трубы"},
        "description": {"en": "Mended"},
        "languages": [],
        "tags": [],
        "city": "Казань",
        "city_names": {"en": "Kazan"},
    }
    own = Provider(external_id="p", slug="p", name="Alina")
    card = card_of(Listing(**row), own, "en", "Plumber")
    position: dict[str, Any] = {"lat": 55.788_21, "lon": 49.122_14, "radius_km": 25.0}
    return ListingDetail(
        card=card,
        rating=Rating(),
        description="",
        category_url="",
        amount=None,
        currency="",
        locales=["en"],
        photos=[],
        **(position | told),
    )


def drawn(*towns: Town, locale: str = "en", **told: Any) -> Area:
    area = area_of(detail(**told), towns, locale)
    assert area is not None
    return area


def test_the_place_is_told_to_a_kilometre_and_no_more_precisely():
    area = drawn(KAZAN)
    assert (area.lat, area.lon, area.metres) == (55.79, 49.12, 25_000)
    assert "55.788" not in repr(area)


def test_towns_lie_where_they_lie():
    area = drawn(KAZAN, EAST)
    at = {place.name: place for place in area.places}
    assert at["Kazan"].own
    assert not at["Pestretsy"].own
    assert at["Pestretsy"].y == pytest.approx(at["Kazan"].y, abs=1)
    # Twenty kilometres to the east, of twenty-five that reach to the circle's edge.
    assert at["Pestretsy"].x - at["Kazan"].x == pytest.approx(REACH * 20 / 25, abs=1)


def test_a_town_beyond_the_drawing_is_not_named():
    assert [place.name for place in drawn(KAZAN, FAR).places] == ["Kazan"]
    assert drawn(KAZAN, FAR).caption == "Kazan and up to 25 km around."


def test_the_words_name_the_towns_within_reach():
    assert drawn(KAZAN, EAST, FAR).caption == "Kazan and up to 25 km around, such as Pestretsy."
    near = drawn(KAZAN, EAST, FAR, radius_km=5.0)
    assert near.caption == "Kazan and up to 5 km around."
    assert near.words == "Sketch: a circle of 5 km around Kazan"


def test_a_service_that_goes_nowhere_is_shown_by_its_town_alone():
    area = drawn(KAZAN, radius_km=None, lat=55.701, lon=49.009)
    assert (area.lat, area.lon) == (KAZAN.lat, KAZAN.lon)
    assert (area.reach, area.metres) == (0, 0)
    # A town that the market does not tell of has no sketch: it would be the provider's own place.
    assert area_of(detail(radius_km=None), [EAST], "en") is None


@pytest.mark.parametrize(
    "told", [{"lat": None, "lon": None}, {"radius_km": 20_000.0}, {"lat": 84.0}]
)
def test_what_cannot_be_drawn_is_not(told: dict[str, Any]):
    assert area_of(detail(**told), [KAZAN], "en") is None


@pytest.mark.parametrize("km", [0.3, 1, 3, 7, 12, 40, 99, 300])
def test_the_squares_are_as_wide_as_the_scale_says(km: float):
    area = drawn(KAZAN, radius_km=km)
    across = [float(x) for x in re.findall(r"M([\d.]+) 0V", area.grid)]
    side = across[1] - across[0]
    found = re.search(r"h([\d.]+)v", area.scale)
    assert found
    assert float(found[1]) == pytest.approx(side, rel=0.01)
    number, unit = area.distance.split("\xa0") if "\xa0" in area.distance else area.distance.split()
    told = float(number.replace(",", "")) / (1000 if unit == "m" else 1)
    assert side * km / REACH == pytest.approx(told, rel=0.02)
    assert 20 < side <= 84
    assert set(f"{told:g}".replace("0", "").replace(".", "")) <= set("125")


def test_no_two_names_meet_and_none_leaves_the_drawing():
    crowd = [
        Town(f"Town {n}", {}, 55.79 + n % 7 * 0.03, 49.0 + n % 11 * 0.05, 100 - n)
        for n in range(77)
    ]
    places = drawn(KAZAN, *crowd).places
    assert 4 < len(places) <= 9
    for place in places:
        half = len(place.name) * 3.6
        assert place.x - half >= 0
        assert place.x + half <= WIDTH
        assert 0 < place.name_y < HEIGHT
    for one, other in itertools.combinations(places, 2):
        apart = abs(one.x - other.x) > (len(one.name) + len(other.name)) * 3.2
        assert apart or abs(one.name_y - other.name_y) >= 14, (one, other)


def test_it_speaks_the_readers_language():
    there = detail()
    russian = replace(there, card=replace(there.card, city="Казань"))
    area = area_of(russian, [KAZAN, EAST], "ru")
    assert area is not None
    assert [place.name for place in area.places] == ["Казань", "Пестрецы"]
    assert "25 км" in area.caption.replace("\xa0", " ")
    assert "Пестрецы" in area.caption


def test_the_other_side_of_the_date_line_is_near():
    west = Town("West", {}, 0.0, -179.95, 5)
    area = drawn(west, lat=0.0, lon=179.95)
    assert "West" in [place.name for place in area.places]
