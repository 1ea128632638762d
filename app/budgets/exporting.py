"""A budget as a file for a spreadsheet, in which no cell becomes a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable

from app.budgets.amounts import wire
from app.budgets.lines import Line, category_name
from app.i18n import translate

_FORMULAS = frozenset("=+-@＝＋－＠")
"""How cells begin that spreadsheets compute (OWASP, "CSV Injection"), wide signs too."""

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Kinds of signs that some programs drop before they look at what comes next."""


def as_csv(lines: Iterable[Line], currency: str, locale: str) -> str:
    """The lines as CSV with names in the reader's language, and amounts as programs read them."""
    written = io.StringIO()
    # A mark of the encoding, without which Excel reads Cyrillic as something else.
    written.write("\ufeff")
    rows = csv.writer(written)
    rows.writerow(
        [
            translate(locale, "Category"),
            translate(locale, "Title"),
            translate(locale, "Planned"),
            translate(locale, "Actual"),
            translate(locale, "Currency"),
            translate(locale, "Paid"),
            translate(locale, "Note"),
        ]
    )
    for line in lines:
        rows.writerow(
            [
                category_name(line.category, locale),
                harmless(line.title),
                wire(line.planned, currency),
                "" if line.actual is None else wire(line.actual, currency),
                currency,
                translate(locale, "Yes") if line.paid else translate(locale, "No"),
                harmless(line.note),
            ]
        )
    return written.getvalue()


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not compute."""
    seen = (sign for sign in text if unicodedata.category(sign) not in _UNSEEN)
    return f"'{text}" if next(seen, "") in _FORMULAS else text
