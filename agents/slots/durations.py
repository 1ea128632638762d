"""How long something lasts: "3 hours", "полдня", "zwei bis drei Tage"."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from agents.slots.line import Line
from agents.slots.numbers import Amount, amount_at
from agents.slots.values import Duration, Slot, Unit

MOST = 1000
"""More of any unit than this is not how long a service lasts."""


def read_durations(line: Line) -> Iterator[Slot]:
    """The durations of a message."""
    at = 0
    while at < len(line):
        found = _at(line, at) if line.is_free(at, at + 1) else None
        if found is None:
            at += 1
            continue
        duration, end = found
        start, stop = line.claim(at, end)
        at = end
        if duration:
            yield Slot(duration, start, stop, 0.9, "duration")


def _at(line: Line, at: int) -> tuple[Duration | None, int] | None:
    if single := line.match("single", at):
        count, _, unit = single[0].partition(" ")
        if _is_past(line, at, single[1]):
            return None, single[1]
        return Duration(Decimal(count), Decimal(count), cast("Unit", unit)), single[1]
    starts = line.is_digits(at) or not line.kinds[at].isdisjoint({"number", "half"})
    amount = amount_at(line, at) if starts else None
    return _counted(line, amount) if amount else None


def _counted(line: Line, amount: Amount) -> tuple[Duration | None, int] | None:
    end = amount.end + (line.key(amount.end) == "-")
    if age := line.match("age", end):
        # Somebody's age, or years of experience: neither is how long the service lasts.
        return None, age[1]
    unit = line.match("unit", end)
    if unit is None or amount.currency:
        return None
    least, most = amount.least or amount.most, amount.most or amount.least
    if not least or not most or most > MOST or _is_past(line, amount.start, unit[1]):
        return None, unit[1]
    return Duration(least, most, cast("Unit", unit[0])), unit[1]


def _is_past(line: Line, start: int, end: int) -> bool:
    """Whether the words say when something was, as in "3 days ago", and not how long it takes."""
    return line.lead(("past",), start) is not None or line.match("ago", end) is not None
