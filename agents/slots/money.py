"""Amounts of money and budgets, with their bounds."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, cast

from agents.slots.line import Line
from agents.slots.numbers import Amount, amount_at
from agents.slots.values import Money, Slot

SMALLEST = 100
"""A bare number below this after "up to" is an age, an hour or a distance, not a price."""

MOST = Decimal(10) ** 12
NEAR = 6
"""How many tokens a "budget" may stand before its number."""

OTHERS = ("person", "unit", "age", "clock", "month", "part", "half_day")


def read_money(line: Line, currency: str) -> Iterator[Slot]:
    """The amounts of money of a message; `currency` is meant where none is named."""
    at = 0
    while at < len(line):
        starts = line.is_digits(at) or line.kinds[at] & {"number", "scale", "half"}
        amount = amount_at(line, at) if starts and line.is_free(at, at + 1) else None
        if amount is None:
            at += 1
            continue
        sure = _sureness(line, amount)
        at = max(amount.end, at + 1)
        if not sure:
            continue
        per, end = _per(line, amount.end)
        begin, stop = line.claim(amount.start, end)
        at = max(end, at)
        least, most = _bounds(line, amount)
        if not 0 < (least or most or 0) < MOST or (most is not None and most >= MOST):
            continue
        codes = _codes(amount.currency, currency)
        for code in codes:
            value = Money(least, most, code, per, amount.about)
            yield Slot(value, begin, stop, sure if len(codes) == 1 else 0.5, "money")


def _sureness(line: Line, amount: Amount) -> float:
    """How sure it is that the amount is money; 0 where it counts something else."""
    if amount.currency:
        return 0.95
    after = line.key(amount.end)
    counts = any(line.match(kind, amount.end) for kind in OTHERS) or after in {"%", "°"}
    if counts and not line.match("per", amount.end):
        return 0.0
    if _has_budget(line, amount):
        return 0.9
    value = amount.most or amount.least or 0
    told = amount.bounded or amount.about
    return 0.6 if told and value >= SMALLEST and _alone(line, amount.end) else 0.0


def _has_budget(line: Line, amount: Amount) -> bool:
    for at in range(amount.start - 1, max(-1, amount.start - NEAR), -1):
        if line.key(at) in {".", "!", "?", ";"} or line.claimed[at]:
            return False
        if line.match("budget", at):
            return True
        if line.is_digits(at):
            return False
    found = line.match("budget", amount.end)
    return found is not None


def _alone(line: Line, at: int) -> bool:
    """Whether no noun follows that the number could count."""
    key = line.key(at)
    return not key or not key.isalnum() or bool(line.match("per", at) or line.match("and", at))


def _bounds(line: Line, amount: Amount) -> tuple[Decimal | None, Decimal | None]:
    led = amount.bounded or amount.about
    if not led and amount.least == amount.most and _has_budget(line, amount):
        # What somebody can spend is the most that it may cost.
        return None, amount.most
    return amount.least, amount.most


def _per(line: Line, at: int) -> tuple[Literal["", "person", "hour", "day"], int]:
    found = line.match("per", at)
    if not found:
        return "", at
    return cast('Literal["person", "hour", "day"]', found[0]), found[1]


def _codes(named: str, own: str) -> list[str]:
    """The currencies that may be meant; the market's own settles a name that several share."""
    if not named:
        return [own]
    codes = named.split()
    return [own] if own in codes else codes
