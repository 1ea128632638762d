"""Negotiation, fallbacks and money as each language writes it."""

from decimal import Decimal

import pytest
from babel.messages.pofile import read_po

from app.i18n import (
    CATALOGUES,
    direction,
    in_locale,
    known_locale,
    money,
    negotiate,
    ntranslate,
    own_name,
    translate,
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr;q=0.2, de-AT;q=0.7", "de"),
        ("ja", "en"),
        ("", "en"),
        ("en;q=nonsense,ru", "ru"),
        (";;;,=,q=1", "en"),
    ],
)
def test_the_best_offered_language_is_chosen(header: str, expected: str):
    assert negotiate(header, ["en", "ru", "de"], "en") == expected


def test_a_text_falls_back_to_the_nearest_there_is():
    texts = {"ru": "Да", "en": "Yes"}
    assert in_locale(texts, "ru") == "Да"
    assert in_locale(texts, "de") == "Yes"
    assert in_locale({"ru": "Да"}, "de") == "Да"
    assert in_locale({}, "de") == ""


@pytest.mark.parametrize(
    ("locale", "expected"), [("en", "€1,200"), ("ru", "1 200 €"), ("de", "1.200 €")]
)
def test_whole_money_is_written_without_cents(locale: str, expected: str):
    assert money(Decimal("1200.00"), "EUR", locale).replace("\xa0", " ") == expected


def test_money_keeps_its_cents():
    assert money(Decimal("40.50"), "EUR", "fr").replace("\xa0", " ") == "40,50 €"


def test_arabic_runs_from_right_to_left():
    assert (direction("ar"), direction("ru")) == ("rtl", "ltr")


def test_languages_are_called_by_their_own_names():
    assert [own_name(code) for code in ("ru", "de", "ar")] == ["Русский", "Deutsch", "العربية"]


def test_only_real_languages_are_known():
    assert known_locale("pt-BR")
    assert not known_locale("../../etc")
    assert not known_locale("")


def test_an_unknown_locale_reads_the_source_language():
    assert translate("../..", "Hello %(name)s", name="Ada") == "Hello Ada"


def test_eleven_guests_are_counted_in_arabic_as_arabic_does():
    """Gettext's order of Arabic forms is not CLDR's: from 11 to 99 the last one is taken."""

    def said(number: int) -> str:
        return ntranslate("ar", "%(count)s guest", "%(count)s guests", number)

    assert (said(3), said(11), said(99)) == ("3 ضيوف", "11 ضيفًا", "99 ضيفًا")
    assert (said(100), said(102), said(103)) == ("100 ضيف", "102 ضيف", "103 ضيوف")


def test_no_arabic_text_has_these_two_forms_the_other_way_round():
    with (CATALOGUES / "ar" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        plurals = [
            [str(form) for form in message.string or ()]
            for message in read_po(file)
            if isinstance(message.id, tuple)
        ]
    assert len(plurals) > 40
    # The accusative of 11 to 99 has an ending more, or is written the same.
    assert [forms for forms in plurals if len(forms[4]) > len(forms[5])] == []
