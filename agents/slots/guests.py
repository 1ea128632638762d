"""How many people come."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, cast

from agents.slots.line import Line
from agents.slots.numbers import amount_at
from agents.slots.values import Guests, Slot

MOST = 100_000
BETWEEN = 4
"""Letters of a word that may stand between a number and "guests": an adjective, not a link."""


def read_guests(line: Line) -> Iterator[Slot]:
    """The numbers of guests of a message."""
    at = 0
    while at < len(line):
        found = _at(line, at) if line.is_free(at, at + 1) else None
        if found is None:
            at += 1
            continue
        guests, start, end, sure = found
        begin, stop = line.claim(start, end)
        at = end
        if guests:
            yield Slot(guests, begin, stop, sure, "guests")


def _at(line: Line, at: int) -> tuple[Guests | None, int, int, float] | None:
    kinds = line.kinds[at]
    if "crowd" in kinds and (crowd := line.match("crowd", at)):
        count = int(crowd[0])
        return Guests(count, count), at, crowd[1], 0.9
    if not line.is_digits(at) and not kinds & {"number", "scale"}:
        return None
    amount = amount_at(line, at)
    if amount is None or amount.currency or (amount.end == at + 1 and "a" in kinds):
        # An article, as in "pour un enfant", counts nobody.
        return None
    who, end = _who(line, amount.end)
    sure = 0.95
    if not who:
        if not line.lead(("we",), amount.start) or not _alone(line, amount.end):
            return None
        who, end, sure = "guests", amount.end, 0.8
    least, most = _whole(amount.least), _whole(amount.most)
    values = [value for value in (least, most) if value is not None]
    if not values or min(values) < 1 or max(values) > MOST:
        return None, amount.start, end, sure
    told = cast('Literal["guests", "children"]', who)
    return Guests(least, most, told, amount.about), amount.start, end, sure


def _whole(value: Decimal | None) -> int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else 0


def _who(line: Line, at: int) -> tuple[str, int]:
    at = line.past("of", at + (line.key(at) == "-"))
    if found := line.match("person", at):
        return found
    key = line.key(at)
    if key.isalpha() and len(key) >= BETWEEN and not line.kinds[at]:
        return line.match("person", at + 1) or ("", at)
    return "", at


def _alone(line: Line, at: int) -> bool:
    key = line.key(at)
    return not key.isalnum() or not line.kinds[at] & {"unit", "age", "month", "clock", "currency"}
