"""Dates: by month, by weekday, relative to today, and ranges of them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from agents.slots import calendar
from agents.slots.line import Line
from agents.slots.numbers import number_at
from agents.slots.numeric import LIKELY, OPEN, SURE, Reading, counts, numeric_date, with_weekday
from agents.slots.values import Context, Dates, Slot

OR = {"or", "или", "oder", "o", "ou", "او"}
EVERY = {"every", "each", "каждый", "каждую", "каждое", "jeden", "cada", "chaque", "كل"}
LAST = {"last", "прошлый", "прошлую", "прошлое", "прошлой", "прошлом", "прошлые"} | {
    *("letzten", "letzte", "letztes", "letzter", "pasado", "pasada", "dernier", "derniere"),
    *("الماضي", "الماضيه"),
}


def read_days(line: Line, context: Context) -> Iterator[Slot]:
    """The dates of a message."""
    found: list[Reading] = []
    at = 0
    while at < len(line):
        reading = _at(line, at, context) if line.is_free(at, at + 1) else None
        if reading is None:
            at += 1
            continue
        found.append(reading)
        at = max(reading.end, at + 1)
    for reading in _joined(line, found):
        if reading.how == "today":
            # The same words tell the time of day.
            start, end = line.starts[reading.start], line.ends[reading.end - 1]
        else:
            start, end = line.claim(reading.start, reading.end)
        sure = reading.sure if len(reading.days) == 1 else OPEN
        for place, days in enumerate(reading.days):
            yield Slot(days, start, end, sure if place == 0 else sure - 0.1, reading.how)


def _at(line: Line, at: int, context: Context) -> Reading | None:
    if line.is_digits(at):
        named = numeric_date(line, at, context) or _day_and_month(line, at, context)
        return named or _ago(line, at)
    kinds = line.kinds[at]
    if not kinds:
        return None
    return (
        ("nth" in kinds and _day_and_month(line, at, context))
        or ("day" in kinds and _named(line, at, context))
        or ("in" in kinds and _later(line, at, context))
        or (_any(kinds, "weekday next coming") and _weekday(line, at, context))
        or (_any(kinds, "weekend unit next coming") and _period(line, at, context))
        or ("month" in kinds and _month(line, at, context))
        or ("number" in kinds and (_day_and_month(line, at, context) or _ago(line, at)))
        or None
    )


def _any(kinds: frozenset[str], told: str) -> bool:
    return not kinds.isdisjoint(told.split())


def _day(line: Line, at: int) -> tuple[int, int] | None:
    """A day of a month and where it ends, with the ending that makes it an ordinal."""
    if found := line.match("nth", at):
        return int(found[0]), found[1]
    number = None
    if line.is_digits(at):
        if len(line.key(at)) <= 2:
            number = int(line.key(at)), at + 1
    elif (told := number_at(line, at)) and told.value <= 31 and told.value == int(told.value):
        number = int(told.value), told.end
    if number is None:
        return None
    end = line.past("ordinal", number[1])
    if end == number[1] and line.key(end) == "." and line.joined(end):
        end += 1
    return number[0], end


def _year(line: Line, at: int) -> tuple[int, int] | None:
    start = line.past("of", at + (line.key(at) == ","))
    digits = line.key(start)
    if line.is_digits(start) and len(digits) == 4 and int(digits) in calendar.YEARS:
        if counts(line, start + 1) and not line.match("age", start + 1):
            return None
        end = line.past("age", start + 1)
        return int(digits), end + (line.key(end) == "г")
    return None


def _skip_of(line: Line, at: int) -> int:
    # "of", "de", "من شهر": at most two such words.
    return line.past("of", line.past("of", at))


def _day_and_month(line: Line, at: int, context: Context) -> Reading | None:
    first = _day(line, at)
    if not first:
        return None
    last, end, either = first, _skip_of(line, first[1]), False
    month = line.match("month", end)
    if not month:
        step = max(line.past("to", end), line.past("and", end))
        step = line.past("on", step) if step > end and not _day(line, step) else step
        second = _day(line, step) if step > end else None
        if not second:
            return None
        either = line.key(end) in OR
        last = second
        month = line.match("month", _skip_of(line, second[1]))
    if not month:
        return None
    return _resolved(line, at, month[1], int(month[0]), (first[0], last[0]), context, either=either)


def _resolved(
    line: Line,
    at: int,
    end: int,
    month: int,
    numbers: tuple[int, int],
    context: Context,
    *,
    either: bool = False,
) -> Reading:
    year = _year(line, end)
    if year:
        end = year[1]
        found = [calendar.day_of(year[0], month, number) for number in numbers]
    else:
        found = [calendar.coming_day(context.today, month, number) for number in numbers]
    start, first, last = with_weekday(line, at), found[0], found[1]
    if first is None or last is None:
        return Reading([], start, end, "day and month")
    if either:
        return Reading([Dates(first, first), Dates(last, last)], start, end, "day and month")
    if not year and last < first and numbers[0] < numbers[1]:
        # Today stands between the two.
        first = calendar.day_of(last.year, month, numbers[0]) or first
    days = [Dates(first, last)] if first <= last else []
    sure = SURE if last >= context.today else OPEN
    return Reading(days, start, end, "day and month", sure)


def _named(line: Line, at: int, context: Context) -> Reading | None:
    found = line.match("day", at)
    if not found or any((told := line.match("part", k)) and told[1] > at for k in (at - 2, at - 1)):
        return None
    day = context.today + timedelta(days=int(found[0]))
    both = found[0] == "0" and line.match("part", at)
    return Reading([Dates(day, day)], at, found[1], "today" if both else "relative")


def _count(line: Line, at: int) -> tuple[int, str, int] | None:
    """A whole number of days, weeks or months, and where it ends."""
    number = number_at(line, at)
    if number and (unit := line.match("unit", number.end)):
        whole = number.value == int(number.value) and number.value < 1000
        return (int(number.value), unit[0], unit[1]) if whole else None
    if (single := line.match("single", at)) and "." not in single[0]:
        count, _, unit = single[0].partition(" ")
        return int(count), unit, single[1]
    if unit := line.match("unit", at):
        return 1, unit[0], unit[1]
    return None


def _later(line: Line, at: int, context: Context) -> Reading | None:
    found = line.match("in", at)
    told = _count(line, found[1]) if found else None
    if not told or told[1] not in {"day", "week", "month"} or told[0] < 1:
        return None
    day = calendar.later(context.today, told[0], told[1])
    return Reading([Dates(day, day)] if day else [], at, told[2], "relative", 0.9)


def _ago(line: Line, at: int) -> Reading | None:
    told = _count(line, at)
    end = line.past("ago", told[2]) if told else 0
    return Reading([], at, end, "past") if told and end > told[2] else None


def _modified(line: Line, at: int) -> tuple[str, int]:
    for kind in ("next", "coming"):
        if found := line.match(kind, at):
            return kind, found[1]
    return "", at


def _weekday(line: Line, at: int, context: Context) -> Reading | None:
    how, step = _modified(line, at)
    found = line.match("weekday", step)
    if not found or line.key(at - 1) in EVERY | LAST or line.key(found[1]) in LAST:
        return None
    end = found[1]
    if not how:
        how, end = _modified(line, end)
        if how and line.match("unit", end):
            # "Friday next week"
            end = line.past("unit", end)
    if not how:
        after, step = _modified(line, line.past("of", line.past("on", end)))
        if after == "next" and (week := line.match("unit", step)) and week[0] == "week":
            first = calendar.week_of(context.today, context.locale).first + timedelta(days=7)
            day = first + timedelta(days=(int(found[0]) - first.weekday()) % 7)
            return Reading([Dates(day, day)], at, week[1], "weekday")
    if _date_follows(line, end):
        return None
    days = calendar.weekday(context.today, int(found[0]), context.locale, following=how == "next")
    return Reading([Dates(day, day) for day in days], at, end, "weekday")


def _date_follows(line: Line, at: int) -> bool:
    step = at + (line.key(at) == ",")
    step = line.past("of", step)
    day = _day(line, step)
    if day and line.match("month", _skip_of(line, day[1])):
        return True
    month = line.match("month", step)
    return bool(month and _day_after_month(line, month[1]))


def _period(line: Line, at: int, context: Context) -> Reading | None:
    how, step = _modified(line, at)
    found, unit = line.match("weekend", step), line.match("unit", step)
    end = found[1] if found else unit[1] if unit else step
    if not how:
        how, end = _modified(line, end)
    if found:
        days = calendar.weekend(context.today, context.locale, following=how == "next")
        return None if line.key(at - 1) in LAST else Reading(days, at, end, "weekend", LIKELY)
    if not unit or not how or unit[0] not in {"week", "month"}:
        return None
    if line.is_digits(at - 1):
        return None
    today = context.today
    if unit[0] == "week":
        shift = timedelta(days=7 if how == "next" else 0)
        week = calendar.week_of(today + shift, context.locale)
        return Reading([Dates(max(week.first, today), week.last)], at, end, "week")
    day = calendar.later(today.replace(day=1), int(how == "next"), "month") or today
    days = calendar.month_of(day.year, day.month)
    return Reading([Dates(max(days.first, today), days.last)], at, end, "month")


def _month(line: Line, at: int, context: Context) -> Reading | None:
    found = line.match("month", at)
    if not found:
        return None
    if day := _day_after_month(line, found[1]):
        return _after_month(line, at, int(found[0]), day, context)
    month = int(found[0])
    if year := _year(line, found[1]):
        days = calendar.month_of(year[0], month)
        return Reading([days], at, year[1], "month", SURE if days.last >= context.today else OPEN)
    led = line.lead(("inside", "next", "coming"), at)
    end = line.past("next", found[1])
    if led or end > found[1]:
        return Reading([calendar.coming_month(context.today, month)], at, end, "month", LIKELY)
    return None


def _day_after_month(line: Line, at: int) -> tuple[int, int] | None:
    # Only English puts it there.
    if line.words.words["month"].get("june") != "6":
        return None
    day = _day(line, line.past("of", at))
    return day if day and not counts(line, day[1]) else None


def _after_month(
    line: Line, at: int, month: int, day: tuple[int, int], context: Context
) -> Reading:
    step = line.past("to", day[1])
    second = _day(line, step) if step > day[1] else None
    if second and not line.match("month", second[1]) and not counts(line, second[1]):
        return _resolved(line, at, second[1], month, (day[0], second[0]), context)
    return _resolved(line, at, day[1], month, (day[0], day[0]), context)


def _joined(line: Line, found: Sequence[Reading]) -> Iterator[Reading]:
    """The readings, those that a "to" stands between as one."""
    at = 0
    while at < len(found):
        one = found[at]
        two = found[at + 1] if at + 1 < len(found) else None
        if two and one.days and two.days and line.key(one.end) not in OR:
            step = line.past("to", one.end)
            if one.end < step and line.past("on", step) in {two.start, step}:
                step = line.past("on", step) if step != two.start else step
            if one.end < step == two.start and one.days[0].first < two.days[0].last:
                days = Dates(one.days[0].first, two.days[0].last)
                yield Reading([days], one.start, two.end, "range", min(one.sure, two.sure))
                at += 2
                continue
        yield one
        at += 1
