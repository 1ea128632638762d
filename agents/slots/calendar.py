"""Which day is meant by a day and a month, a weekday, or "in two weeks"."""

from calendar import monthrange
from datetime import date, timedelta

from babel import Locale

from agents.slots.values import Dates

LEAP = 8
"""In how many years at most there is a 29 February again."""

YEARS = range(2000, 2101)


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, where the calendar has it."""
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def coming_day(today: date, month: int, day: int) -> date | None:
    """The next such day, today among them: one that is past this year means next year."""
    for year in range(today.year, today.year + LEAP + 1):
        if (found := day_of(year, month, day)) and found >= today:
            return found
    return None


def month_of(year: int, month: int) -> Dates:
    """All days of a month."""
    return Dates(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def coming_month(today: date, month: int) -> Dates:
    """What is left of this month, or the whole of the next one of that name."""
    days = month_of(today.year + (month < today.month), month)
    return Dates(max(days.first, today), days.last)


def later(today: date, count: int, unit: str) -> date | None:
    """The day that is so many days, weeks or months away; None past what the calendar has."""
    try:
        if unit in {"day", "night"}:
            return today + timedelta(days=count)
        if unit == "week":
            return today + timedelta(weeks=count)
        months = today.month - 1 + count
        year, month = today.year + months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    except (ValueError, OverflowError):
        return None


def week_of(day: date, locale: str) -> Dates:
    """The week around a day, from the day on which weeks begin there."""
    first = day - timedelta(days=(day.weekday() - Locale.parse(locale, sep="-").first_week_day) % 7)
    return Dates(first, first + timedelta(days=6))


def weekday(today: date, number: int, locale: str, *, following: bool) -> list[date]:
    """The days that a weekday may mean, the likeliest first.

    "Next Friday" said on a Tuesday is this week's to some and next week's to others; "on Friday"
    said on a Friday is today or in a week.
    """
    away = (number - today.weekday()) % 7
    coming = today + timedelta(days=away or 7)
    if following:
        week = week_of(today, locale).first + timedelta(days=7)
        after = week + timedelta(days=(number - week.weekday()) % 7)
        return list(dict.fromkeys((after, coming)))
    return [coming] if away else [coming, today]


def weekend(today: date, locale: str, *, following: bool) -> list[Dates]:
    """The weekends that may be meant, the likeliest first."""
    told = Locale.parse(locale, sep="-")
    length = timedelta(days=(told.weekend_end - told.weekend_start) % 7)
    first = today + timedelta(days=(told.weekend_start - today.weekday()) % 7)
    for back in range(length.days + 1):
        day = today - timedelta(days=back)
        if day.weekday() == told.weekend_start:
            first = day
    this = Dates(first, first + length)
    after = Dates(first + timedelta(days=7), first + length + timedelta(days=7))
    if following:
        return [after] if first <= today else [after, this]
    return [Dates(max(first, today), this.last)]
