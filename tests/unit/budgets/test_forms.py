"""Numbers as people write them in each language; what could mean two things is refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.budgets.amounts import MOST, AmountRefused, step
from app.budgets.forms import amount_of_form, field_number, line_of_form
from app.i18n import LOCALES


@pytest.mark.parametrize(
    ("locale", "told", "expected"),
    [
        ("en", "1,200.50", "1200.50"),
        ("en", "12.5", "12.50"),
        ("en", "1,200", "1200.00"),
        ("ru", "1 200,50", "1200.50"),
        ("ru", "1200.50", "1200.50"),
        ("de", "1.200,50", "1200.50"),
        ("de", "1.200", "1200.00"),
        ("de", "12.50", "12.50"),
        ("es", "1.200,50", "1200.50"),
        ("fr", "1\u202f200,50", "1200.50"),
        ("ar", "١٢٠٠٫٥٠", "1200.50"),
        ("ar", "١٬٢٠٠", "1200.00"),
    ],
)
def test_an_amount_is_read_as_the_language_writes_it(locale: str, told: str, expected: str):
    assert str(amount_of_form(told, "EUR", locale, "planned")) == expected


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en", "1.200"),
        ("de", "1,200"),
        ("ru", "1.200"),
        ("ru", "1,200.50"),
        ("en", "1.200,50"),
        ("en", "-5"),
        ("en", "1e5"),
        ("en", "a lot"),
        ("en", ""),
        ("en", "9" * 60),
    ],
)
def test_what_could_be_another_amount_is_refused(locale: str, told: str):
    with pytest.raises(AmountRefused):
        amount_of_form(told, "EUR", locale, "planned")


@given(
    st.integers(0, 10**14), st.sampled_from(LOCALES), st.sampled_from(("EUR", "RUB", "JPY", "KWD"))
)
def test_what_a_field_shows_is_read_back_as_the_same_amount(cents: int, locale: str, currency: str):
    amount = min(cents * step(currency), MOST - 1)
    assert amount_of_form(field_number(amount, currency, locale), currency, locale, "x") == amount


@given(st.text(max_size=20), st.sampled_from(LOCALES))
def test_whatever_is_written_is_an_amount_or_refused(told: str, locale: str):
    with suppress(AmountRefused):
        assert amount_of_form(told, "EUR", locale, "x") >= 0


def test_a_forms_line_has_its_box_ticked_or_not():
    form = {"category": "venue", "title": " The  hall ", "planned": "1,200", "actual": ""}
    line = line_of_form(form, "EUR", "en")
    assert (line.title, line.planned, line.actual, line.paid) == (
        "The hall",
        Decimal(1200),
        None,
        False,
    )
    assert line_of_form(form | {"paid": "on"}, "EUR", "en").paid
