"""Times of day: "18:30", "um 18 Uhr", "в 6 вечера", "from 3 to 5 pm", "in the evening"."""

import dataclasses
from collections.abc import Iterator
from datetime import time

from agents.slots.line import Line
from agents.slots.numbers import number_at
from agents.slots.values import Hours, Slot
from agents.slots.vocabulary import SIGNS

PARTS = {
    "morning": Hours(time(6), time(12)),
    "noon": Hours(time(12)),
    "afternoon": Hours(time(12), time(18)),
    "evening": Hours(time(18), time(23)),
    "night": Hours(time(22), time(6)),
    "midnight": Hours(time(0)),
}
"""What a part of the day means where no hour was named with it."""

ROUND = frozenset(
    {
        *("part", "half_day", "day", "weekday", "on", "at", "and", "function", "next", "coming"),
        *("to", "inside", "in", "from", "sharp", "nth"),
    }
)
"""What may follow an hour that is told by nothing but a number; other words would be counted."""


@dataclasses.dataclass(frozen=True)
class Clock:
    """An hour and a minute as told, where they end, and whether they can be nothing else."""

    hour: int
    minute: int
    end: int
    told: bool
    part: str = ""


def read_times(line: Line) -> Iterator[Slot]:
    """The times of a message."""
    at = 0
    while at < len(line):
        if not line.is_free(at, at + 1):
            at += 1
            continue
        found = _range(line, at) or _single(line, at) or _part(line, at)
        if not found:
            at += 1
            continue
        values, end, how, sure = found
        start, stop = line.claim(at, end)
        for place, value in enumerate(values):
            yield Slot(value, start, stop, sure - 0.1 * place, how)
        at = end


def _range(line: Line, at: int) -> tuple[list[Hours], int, str, float] | None:
    first = _clock(line, at)
    if not first:
        return None
    step = line.past("to", first.end)
    if step == first.end:
        return None
    second = _clock(line, line.past("sharp", step))
    if not second:
        return None
    led = line.lead(("from",), at) is not None
    russian = led and line.key(first.end) == "до" and _alone(line, second.end)
    if not (first.told or second.told or russian):
        return None
    last = _hours(second)
    begin = _hours(dataclasses.replace(first, part=first.part or second.part))
    spans = [(end.hour - one.hour, one, end) for end in last for one in begin if one < end]
    # Of "from 9 to 5" only the working day is meant: the shortest way that goes forward.
    _, one, end = min(spans) if spans else (0, begin[0], last[0])
    values = [Hours(one, end)]
    return values, second.end, "times", 0.9 if first.told or second.told else 0.6


def _single(line: Line, at: int) -> tuple[list[Hours], int, str, float] | None:
    found = _clock(line, at)
    if not found:
        return None
    sharp = line.lead(("sharp",), at) is not None
    if not found.told and not (sharp and _alone(line, found.end)):
        return None
    values = [Hours(one) for one in _hours(found)]
    if len(values) == 2:
        return values, found.end, "time", 0.5
    return values, found.end, "time", 0.95 if found.told else 0.8


def _alone(line: Line, at: int) -> bool:
    key = line.key(at)
    sign = not key.isalnum() and key not in SIGNS and key not in {"%", "°"}
    return not key or sign or bool(line.kinds[at] & ROUND)


def _hours(clock: Clock) -> list[time]:
    """The times that are meant: two where it may be before noon or after."""
    hour, minute = clock.hour, clock.minute
    if clock.part in {"am", "morning"}:
        return [time(0 if hour == 12 else hour, minute)]
    if clock.part in {"pm", "afternoon", "noon"} or (clock.part == "evening" and hour > 3):
        return [time(hour + 12 if hour < 12 else hour, minute)]
    if clock.part == "night":
        return [time(0 if hour == 12 else hour + 12 if 7 < hour < 12 else hour, minute)]
    if clock.told or not 1 <= hour <= 12:
        return [time(hour, minute)]
    return [time(hour % 12 + 12, minute), time(hour % 12, minute)]


def _clock(line: Line, at: int) -> Clock | None:
    found = _digital(line, at) if line.is_digits(at) else _spoken(line, at)
    if not found or found.hour > 23 or found.minute > 59:
        return None
    step = found.end
    for kind in ("half_day", "part"):
        # "18 Uhr am Abend" and "6 вечера" tell which half of the day is meant.
        if told := line.match(kind, step):
            if found.hour > 12 or (kind == "part" and not _of_hour(found.hour, told[0])):
                break
            return dataclasses.replace(found, end=told[1], told=True, part=told[0])
    return found


def _of_hour(hour: int, part: str) -> bool:
    if part == "morning":
        return 3 <= hour <= 12
    return part != "night" or hour <= 5 or hour >= 8


def _digital(line: Line, at: int) -> Clock | None:
    hour, end = line.key(at), at + 1
    if len(hour) > 2 or (line.joined(at) and line.key(at - 1) in {":", ".", "/", "-+"}):
        return None
    sign, minute = line.key(end), line.key(end + 1)
    close = line.joined(end) and line.joined(end + 1) and len(minute) == 2 and minute.isdecimal()
    if close and sign in {":", "h", "ч"} and line.key(end + 2) != ":":
        end = line.past("clock", end + 2)
        return Clock(int(hour), int(minute), end, told=True)
    if close and sign == ".":
        after = line.past("clock", end + 2)
        sharp = line.lead(("sharp",), at) and line.key(after) != "."
        told = after > end + 2 or line.match("half_day", after) is not None
        if told or (sharp and _alone(line, after)):
            return Clock(int(hour), int(minute), after, told=True)
        return None
    return _whole(line, at, int(hour), end)


def _spoken(line: Line, at: int) -> Clock | None:
    if at >= len(line) or "number" not in line.kinds[at]:
        return None
    number = number_at(line, at)
    if not number or number.value != int(number.value) or number.value > 23:
        return None
    return _whole(line, at, int(number.value), number.end)


def _whole(line: Line, at: int, hour: int, end: int) -> Clock:
    after = line.past("clock", end)
    if after == end:
        return Clock(hour, 0, end, told=False)
    alone = line.match("unit", end) is None
    # "18 часов" and "3 heures" last that long, unless a word before them says "at".
    led = line.lead(("at", "sharp"), at) is not None
    short = line.key(end) == "h" and line.joined(end) and hour > 6
    part = line.match("part", after) is not None
    told = alone or led or short or part
    return Clock(hour, 0, after if told else end, told=told)


def _part(line: Line, at: int) -> tuple[list[Hours], int, str, float] | None:
    found = line.match("part", at)
    return ([PARTS[found[0]]], found[1], "part of day", 0.8) if found else None
