"""Every kind of service has a picture that exists."""

import re

from app.catalogue.pictures import PATTERNS, SPREAD, look_of, symbols, tile_of
from app.catalogue.taxonomy import categories
from app.rendering.build import ROOT
from components.icons import INTERFACE


def test_every_symbol_is_in_the_sprite():
    sprite = (ROOT / "assets" / "icons.svg").read_text("utf-8")
    assert symbols() | set(INTERFACE) == set(re.findall(r'<symbol id="([^"]+)"', sprite))


def test_every_pattern_is_in_the_style_sheet():
    styles = (ROOT / "assets" / "agora.css").read_text("utf-8")
    assert set(re.findall(r"\.tile-(\d)", styles)) == {str(number) for number in range(PATTERNS)}


def test_a_kind_looks_like_what_it_is_and_an_unknown_one_like_something():
    assert look_of("craft/plumber")[0] == "droplet"
    assert look_of("amenity/doctors/cardiology") == look_of("amenity/doctors")
    assert look_of("no/such/kind")[0] in symbols()
    assert all(look_of(kind.key)[0] in symbols() for kind in categories())


def test_a_listing_keeps_its_tile_and_others_differ():
    tiles = {slug: tile_of("craft/plumber", slug) for slug in map(str, range(50))}
    assert tiles == {slug: tile_of("craft/plumber", slug) for slug in tiles}
    assert len(set(tiles.values())) > 30
    hue = look_of("craft/plumber")[1]
    assert all(abs(tile[1] - hue) <= SPREAD for tile in tiles.values())
