"""The facts of an event as somebody told them, looked at one by one.

`checked({"guests": "80", "day": "2027-06-12"}, "EUR")` gives them as they are kept. What a form
sends is text, what a call sends has types already; both are taken. An empty text means that nothing
is known.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import list_currencies

from app.markets.shaping import NotAccepted, line_of
from app.projects.plans import TEMPLATES

MOST_GUESTS = 100_000
MOST_DAYS = 60
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LONGEST_NOTES = 5000
LARGEST_BUDGET = Decimal(10) ** 12
"""Below this, for that is what the column holds."""

FACTS = (
    "kind",
    "title",
    "day",
    "begins",
    "days",
    "guests",
    "place",
    "budget_amount",
    "budget_currency",
    "notes",
)


def checked(told: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Those facts that were told, as they are kept; raises `NotAccepted` for the first bad one.

    A budget without a currency is in `currency`; one without an amount is none.
    """
    found = {name: _READERS[name](told[name]) for name in FACTS if name in told}
    if "budget_amount" in found:
        named = found.get("budget_currency") or currency
        found["budget_currency"] = None if found["budget_amount"] is None else named
    else:
        found.pop("budget_currency", None)
    return found


def _kind(value: Any) -> str:
    if value not in list(TEMPLATES):
        raise NotAccepted("Choose what kind of event it is.", field="kind")
    return str(value)


def _day(value: Any) -> date | None:
    if not isinstance(value, date):
        text = _text(value)
        if not text:
            return None
        try:
            value = date.fromisoformat(text)
        except ValueError:
            raise NotAccepted("This is not a date.", field="day") from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise NotAccepted("This is not a date.", field="day")
    return value


def _begins(value: Any) -> time | None:
    if not isinstance(value, time):
        text = _text(value)
        if not text:
            return None
        try:
            value = time.fromisoformat(text)
        except ValueError:
            raise NotAccepted("This is not a time of day.", field="begins") from None
    return value.replace(second=0, microsecond=0, tzinfo=None)


def _days(value: Any) -> int:
    number = _whole(value, "days", MOST_DAYS)
    return 1 if number is None else number


def _guests(value: Any) -> int | None:
    return _whole(value, "guests", MOST_GUESTS)


def _whole(value: Any, field: str, most: int) -> int | None:
    text = str(value) if isinstance(value, int) else _text(value)
    text = text.replace(" ", "").replace("\xa0", "")
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise NotAccepted("A whole number from 1 to %(most)s, please.", field=field, most=most)
    return int(text)


def _amount(value: Any) -> Decimal | None:
    text = str(value) if isinstance(value, (Decimal, int)) else _text(value)
    for space in (" ", "\xa0", "\u202f"):
        text = text.replace(space, "")
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST_BUDGET or amount != round(amount, 2):
        raise NotAccepted("An amount such as 2500 or 2500.50, please.", field="budget_amount")
    return round(amount, 2)


def _currency(value: Any) -> str | None:
    text = _text(value).upper()
    if text and text not in list_currencies():
        raise NotAccepted(
            "Not an ISO 4217 currency: %(currency)s", field="budget_currency", currency=text[:10]
        )
    return text or None


def _notes(value: Any) -> str:
    text = _text(value).replace("\r\n", "\n")
    if len(text) > LONGEST_NOTES:
        raise NotAccepted(
            "At most %(count)s characters, please.", field="notes", count=LONGEST_NOTES
        )
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    # Half of a pair of signs, which JSON can hold, has no bytes in UTF-8.
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _kind,
    "title": lambda value: line_of("title", value or "", 200),
    "day": _day,
    "begins": _begins,
    "days": _days,
    "guests": _guests,
    "place": lambda value: line_of("place", value or "", 200),
    "budget_amount": _amount,
    "budget_currency": _currency,
    "notes": _notes,
}
