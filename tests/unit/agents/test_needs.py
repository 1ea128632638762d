"""Prices, cities and languages are read out of messages, and numbers of other kinds are not."""

from decimal import Decimal

import pytest

from agents.needs import (
    Need,
    adds_to_the_last,
    clauses,
    read_need,
    wants_cheaper,
    wants_more,
)

CITIES = ("Казань", "Иннополис", "Berlin", "Berlin Mitte", "Alcalá de Henares")


def need(message: str) -> Need:
    return read_need(message, CITIES, "EUR")


@pytest.mark.parametrize(
    ("message", "price", "currency"),
    [
        ("репетитор до 2000 рублей", "2000", "RUB"),
        ("репетитор не дороже 1 500 за час", "1500", "EUR"),
        ("cleaning under €50", "50", "EUR"),
        ("a plumber for less than 40 euros", "40", "EUR"),
        ("Maler bis 1.200 Euro", "1200", "EUR"),
        ("Maler für höchstens 300", "300", "EUR"),
        ("fontanero por menos de 60 €", "60", "EUR"),
        ("plombier à moins de 80,50 €", "80.50", "EUR"),
        ("سباك أقل من 50 يورو", "50", "EUR"),
        ("my budget is 70", "70", "EUR"),
        ("бюджет 3000", "3000", "EUR"),
        ("photographer, max $200", "200", "USD"),
    ],
)
def test_a_price_is_read(message: str, price: str, currency: str):
    read = need(message)
    assert (read.price_max, read.currency) == (Decimal(price), currency)


@pytest.mark.parametrize(
    "message",
    [
        "репетитор для детей до 18 лет",
        "до 18:00",
        "Arzt bis 18 Uhr",
        "within 5 km",
        "доставка до 200 км",
        "tutor for under 12 year olds",
        "I need 3 movers for 20 boxes",
        "from 9 to 17",
        "hasta las 20",
        "дом 2000 года",
        "кран капает",
    ],
)
def test_other_numbers_are_no_prices(message: str):
    assert need(message).price_max is None


@pytest.mark.parametrize(
    ("message", "city"),
    [
        ("сантехник в Казани", "Казань"),
        ("сантехник в Иннополисе", "Иннополис"),
        ("plumber in Berlin", "Berlin"),
        ("plumber in berlin mitte?", "Berlin Mitte"),
        ("fontanero en Alcalá de Henares", "Alcalá de Henares"),
        ("казначей", None),
        ("plumber", None),
    ],
)
def test_a_city_is_read_in_its_cases(message: str, city: str | None):
    assert need(message).city == city


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("English speaking lawyer", "en"),
        ("a doctor who speaks Russian", "ru"),
        ("юрист, который говорит по-английски", "en"),
        ("экскурсия на немецком", "de"),
        ("russischsprachiger Arzt", "ru"),
        ("Arzt, der Englisch spricht", "en"),
        ("Anwalt, spricht Englisch", "en"),
        ("abogado que hable inglés", "en"),
        ("avocat qui parle anglais", "en"),
        ("طبيب يتحدث الإنجليزية", "en"),
        ("English teacher", None),
        ("репетитор по английскому", None),
        ("Englischkurs", None),
    ],
)
def test_a_spoken_language_is_told_from_a_taught_one(message: str, language: str | None):
    assert need(message).language == language


@pytest.mark.parametrize(
    "message", ["anything cheaper?", "а подешевле?", "geht's günstiger?", "¿más barato?", "أرخص؟"]
)
def test_cheaper_is_understood(message: str):
    assert wants_cheaper(message)


@pytest.mark.parametrize("message", ["show me more", "покажи ещё", "andere?", "¿otros?", "المزيد"])
def test_more_is_understood(message: str):
    assert wants_more(message)


def test_a_long_message_stands_for_itself():
    message = "I want to paint two more rooms in my new flat before the winter"
    assert not wants_more(message)
    assert not adds_to_the_last(message)


@pytest.mark.parametrize("message", ["and at night?", "а ночью?", "für ein Kind", "¿y de noche?"])
def test_an_addition_is_told_from_a_new_need(message: str):
    assert adds_to_the_last(message)
    assert not adds_to_the_last("plumber")


def test_a_message_is_split_where_it_may_want_two_things():
    assert clauses("find me a dentist and tell me how to pay") == [
        "find me a dentist",
        "tell me how to pay",
    ]
    assert clauses("hello") == []
