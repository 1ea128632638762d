"""A budget as a file: what people wrote stays text in a spreadsheet."""

import csv
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.budgets.exporting import as_csv
from app.budgets.lines import Line
from app.spreadsheets import harmless


def rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_a_line_is_a_row_with_amounts_as_programs_read_them():
    line = Line(uuid4(), "venue", 'Hall, "old"', Decimal(1200), Decimal("1250.5"), paid=True)
    head, row = rows(as_csv([line], "EUR", "en"))
    assert head == ["Category", "Title", "Planned", "Actual", "Currency", "Paid", "Note"]
    assert row == ["Venue", 'Hall, "old"', "1200.00", "1250.50", "EUR", "Yes", ""]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "＝1", '=HYPERLINK("a")'],
)
def test_no_text_becomes_a_formula(text: str):
    line = Line(uuid4(), "venue", text, Decimal(1), note=text)
    _head, row = rows(as_csv([line], "EUR", "en"))
    assert row[1] == row[6] == f"'{text}"


@given(st.text(max_size=40))
def test_no_cell_begins_as_a_formula_whatever_it_holds(text: str):
    assert not harmless(text).lstrip().startswith(("=", "+", "-", "@"))


def test_ordinary_text_stays_as_it_is():
    assert harmless("Flowers = roses") == "Flowers = roses"
    assert harmless("") == ""
