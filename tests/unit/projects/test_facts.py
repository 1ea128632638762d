"""Facts of an event as forms and calls tell them."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from app.markets.shaping import NotAccepted
from app.projects.facts import checked
from app.projects.taskfacts import checked_task


def test_a_forms_texts_become_what_is_kept():
    told = {
        "kind": "wedding",
        "title": "  Our   wedding ",
        "day": "2027-06-12",
        "begins": "15:30",
        "days": "",
        "guests": "1 200",
        "place": "Kazan",
        "budget_amount": "500\xa0000,50",
        "budget_currency": "",
        "notes": "a\r\nb\x00",
        "person_id": "somebody else",
    }
    assert checked(told, "RUB") == {
        "kind": "wedding",
        "title": "Our wedding",
        "day": date(2027, 6, 12),
        "begins": time(15, 30),
        "days": 1,
        "guests": 1200,
        "place": "Kazan",
        "budget_amount": Decimal("500000.50"),
        "budget_currency": "RUB",
        "notes": "a\nb",
    }


def test_what_is_left_out_stays_out_and_what_is_empty_is_unknown():
    assert checked({}, "EUR") == {}
    assert checked({"day": "", "guests": None, "budget_amount": ""}, "EUR") == {
        "day": None,
        "guests": None,
        "budget_amount": None,
        "budget_currency": None,
    }
    # A currency alone is no budget.
    assert checked({"budget_currency": "USD"}, "EUR") == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "war"),
        ("kind", {"a": 1}),
        ("title", "x" * 201),
        ("title", "a\u202eb"),
        ("day", "12.06.2027"),
        ("day", "1850-01-01"),
        ("begins", "25:00"),
        ("days", "61"),
        ("days", "0"),
        ("guests", "-3"),
        ("guests", "1.5"),
        ("guests", "²"),
        ("guests", True),
        ("budget_amount", "NaN"),
        ("budget_amount", "-1"),
        ("budget_amount", "1e30"),
        ("budget_amount", "0.001"),
        ("budget_currency", "XXZ"),
        ("notes", "x" * 5001),
    ],
)
def test_what_cannot_stand_is_refused_by_its_field(field: str, value: Any):
    with pytest.raises(NotAccepted) as refused:
        checked({"budget_amount": "1", field: value}, "EUR")
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("due", "soon"),
        ("days", "366"),
        ("state", "gone"),
        ("state", ["done"]),
        ("assignee", "x" * 101),
        ("needs", "all"),
    ],
)
def test_what_a_task_cannot_be_is_refused_by_its_field(field: str, value: Any):
    with pytest.raises(NotAccepted) as refused:
        checked_task({"title": "Buy a cake", field: value}, new=True)
    assert refused.value.field == field
