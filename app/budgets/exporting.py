"""A budget as a file for a spreadsheet, in which no cell becomes a formula."""

import csv
import io
from collections.abc import Iterable

from app.budgets.amounts import wire
from app.budgets.lines import Line, category_name
from app.i18n import translate
from app.spreadsheets import MARK, harmless


def as_csv(lines: Iterable[Line], currency: str, locale: str) -> str:
    """The lines as CSV with names in the reader's language, and amounts as programs read them."""
    written = io.StringIO()
    written.write(MARK)
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
