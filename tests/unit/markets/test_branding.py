"""Whatever colour a market chooses, its pages can be read."""

from hypothesis import given
from hypothesis import strategies as st

from app.markets.branding import (
    DEFAULT,
    PAPER_DARK,
    PAPER_LIGHT,
    READABLE,
    brand_style,
    contrast,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_text_can_be_read_in_and_upon_any_brand_colour(colour: str):
    style = brand_style({"primary": colour})
    for scheme, paper in (("light", PAPER_LIGHT), ("dark", PAPER_DARK)):
        assert contrast(style[f"--on-brand-{scheme}"], style[f"--brand-{scheme}"]) >= READABLE
        assert contrast(style[f"--brand-ink-{scheme}"], paper) >= READABLE


def test_the_colour_itself_fills_buttons_by_day():
    assert brand_style({"primary": "#b91c1c"})["--brand-light"] == "#b91c1c"


def test_what_is_no_colour_never_reaches_the_page():
    for value in ("red;}</style>", "", None, 7, "#12345"):
        assert brand_style({"primary": value})["--brand-light"] == DEFAULT


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
