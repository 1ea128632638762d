"""Dates in digits, and what each way of reading a date returns."""

import dataclasses
from collections.abc import Sequence

from agents.slots import calendar
from agents.slots.line import Line
from agents.slots.values import Context, Dates

SURE, LIKELY, OPEN = 0.95, 0.8, 0.5
"""Confidence where nothing else can be meant, where it may, and where there are candidates."""

COUNTED = ("person", "unit", "currency", "scale", "age", "clock")
"""What a number before such a word counts, which makes it no day of a month."""


@dataclasses.dataclass(frozen=True)
class Reading:
    """What tokens may mean; no days where they name a day that does not exist."""

    days: Sequence[Dates]
    start: int
    end: int
    how: str
    sure: float = SURE


def numeric_date(line: Line, at: int, context: Context) -> Reading | None:
    """The date in digits that starts at a token."""
    if line.joined(at) and line.key(at - 1) in {".", "/", "-", ":"}:
        return None
    sign = line.key(at + 1)
    parts, end = [line.key(at)], at + 1
    while (
        len(parts) < 3
        and line.key(end) == sign
        and line.joined(end)
        and line.joined(end + 1)
        and line.is_digits(end + 1)
    ):
        parts.append(line.key(end + 1))
        end += 2
    if sign not in {".", "/", "-"} or len(parts) < 2 or max(map(len, parts)) > 4:
        return None
    if len(parts) == 3:
        days = _full(parts, sign, context)
        start = with_weekday(line, at)
        return None if days is None else Reading(days, start, end, "numeric")
    return _without_year(line, at, end, context)


def _without_year(line: Line, at: int, end: int, context: Context) -> Reading | None:
    """A day and a month in digits, unless it may as well be a number: "12.5", "1/2"."""
    first, sign, second = line.key(at), line.key(at + 1), line.key(at + 2)
    dotted = sign == "." and line.key(end) == "." and line.joined(end) and end + 1 < len(line)
    led = line.lead(("on",), at) is not None
    short = sign == "." and len(second) == 2 and 1 <= int(second) <= 12
    if sign == "-" or max(len(first), len(second)) > 2 or counts(line, end):
        return None
    if not (dotted or short or (led and sign == "/")):
        return None
    orders = _orders(int(first), int(second), sign, context.locale)
    days = [calendar.coming_day(context.today, month, day) for day, month in orders]
    known = [Dates(day, day) for day in days if day]
    sure = SURE if led or dotted else LIKELY - 0.2
    return Reading(known, at, end + dotted, "numeric", sure) if known or led else None


def _full(parts: Sequence[str], sign: str, context: Context) -> list[Dates] | None:
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        found = [calendar.day_of(numbers[0], numbers[1], numbers[2])]
    elif len(parts[2]) in {2, 4}:
        year = numbers[2] + (2000 if len(parts[2]) == 2 else 0)
        orders = _orders(numbers[0], numbers[1], sign, context.locale)
        found = [calendar.day_of(year, month, day) for day, month in orders]
    else:
        return None
    return [Dates(day, day) for day in dict.fromkeys(found) if day]


def _orders(first: int, second: int, sign: str, locale: str) -> list[tuple[int, int]]:
    """Days and months; English readers do not agree which comes first."""
    if locale.startswith("en") and sign == "/":
        both = [(first, second), (second, first)]
        return list(dict.fromkeys((day, month) for day, month in both if month <= 12))
    return [(first, second)]


def counts(line: Line, at: int) -> bool:
    """Whether a word follows that the number before it counts."""
    return any(line.match(kind, at) for kind in COUNTED) or line.key(at) in {"%", "°"}


def with_weekday(line: Line, at: int) -> int:
    """Where a weekday before a date begins, which says the same once more."""
    at_day = at
    for _ in range(2):
        if line.key(at_day - 1) in {",", "den", "der", "le", "the", "el", "dem"}:
            at_day -= 1
    found = line.lead(("weekday",), at_day)
    return found[1] if found else at
