"""Details are read from words in many languages, and from whole words where they are short."""

import pytest

from app.search.facets import facets_of


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("Прорвало трубу ночью", "night"),
        ("Notdienst rund um die Uhr", "night"),
        ("peluquería para niños", "children"),
        ("طبيب للأطفال", "children"),
        ("beglaubigte Übersetzung", "sworn"),
        ("gluten-free cake", "gluten_free"),
        ("перукар з виїздом додому", "at_home"),
        ("成人游泳课", "adults"),
    ],
)
def test_a_detail_is_read_in_its_language(text: str, facet: str):
    assert facet in facets_of(text)


def test_a_short_word_is_no_part_of_another():
    assert "at_home" not in facets_of("corporate events")
    assert "car" not in facets_of("carpet and carpentry")


def test_a_plain_need_speaks_of_no_detail():
    assert facets_of("plumber") == frozenset()
