"""Numbers in digits and in words, and amounts: a number or two with what bounds them."""

import dataclasses
from decimal import Decimal

from agents.slots.line import Line

DIGITS = 12
"""More digits than this are an account or a telephone, not a number of anything."""

LEADS = ("at_most", "at_least", "about", "between", "from")


@dataclasses.dataclass(frozen=True)
class Number:
    """A number, where it ends, and the "thousand" that it was told in."""

    value: Decimal
    end: int
    scale: int = 1
    in_digits: bool = True


@dataclasses.dataclass(frozen=True)
class Amount:
    """A number with its bounds, the tokens it stands on, and a currency named inside it."""

    least: Decimal | None
    most: Decimal | None
    start: int
    end: int
    about: bool = False
    currency: str = ""
    bounded: bool = False
    in_digits: bool = True


def number_at(line: Line, at: int) -> Number | None:
    """The number that starts at a token."""
    if line.is_digits(at):
        return _in_digits(line, at)
    return _in_words(line, at)


def _in_digits(line: Line, at: int) -> Number | None:
    digits, end, fraction = line.key(at), at + 1, ""
    if len(digits) > DIGITS or (at and line.joined(at) and line.key(at - 1).isalpha()):
        return None
    first = len(digits)
    while (step := _group(line, end)) and first <= 3:
        digits += line.key(step - 1)
        end = step
    if line.key(end) in {".", ","} and line.joined(end) and line.joined(end + 1):
        part = line.key(end + 1)
        if part.isdecimal() and len(part) <= 2:
            fraction, end = part, end + 2
    if len(digits) > DIGITS:
        return None
    return _scaled(line, Decimal(f"{digits}.{fraction or 0}"), end, in_digits=True)


def _group(line: Line, at: int) -> int:
    """Where a group of three digits ends that carries a number on, after a space or a sign."""
    if line.key(at) in {".", ",", "'"} and line.joined(at) and line.joined(at + 1):
        group = at + 1
    elif at < len(line) and line.starts[at] - line.ends[at - 1] == 1:
        group = at
    else:
        return 0
    return group + 1 if line.is_digits(group) and len(line.key(group)) == 3 else 0


def _scaled(line: Line, value: Decimal, end: int, *, in_digits: bool) -> Number:
    found = line.match("scale", end)
    if not found and line.joined(end):
        found = line.match("tight", end)
        if found and line.joined(found[1]) and line.key(found[1]).isalnum():
            found = None
    if not found:
        return Number(_plain(value), end, in_digits=in_digits)
    scale = int(found[0])
    end = found[1] + (line.key(found[1]) == "." and line.joined(found[1]))
    return Number(_plain(value * scale), end, scale, in_digits)


def _plain(value: Decimal) -> Decimal:
    """The number without the zeros that nobody wrote, and without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _in_words(line: Line, at: int) -> Number | None:
    half = line.match("half", at)
    if half and (found := line.match("scale", line.past("a", half[1]))):
        return Number(_plain(Decimal(found[0]) / 2), found[1], int(found[0]), in_digits=False)
    total, current, end, least = Decimal(0), Decimal(0), at, 10**9
    while True:
        step = end
        if end > at and (joint := line.past("and", end)) > end and line.match("number", joint):
            step = joint
        if found := line.match("number", step):
            value = Decimal(found[0])
            if not (joined := _joined(current, value)) or (step > end and current < 20):
                break
            current, end = joined, found[1]
        elif (found := line.match("scale", end)) and int(found[0]) < least:
            least = int(found[0])
            total, current, end = total + (current or 1) * least, Decimal(0), found[1]
        else:
            break
    if end == at or not (value := total + current):
        return None
    return Number(_plain(value), end, least if least < 10**9 else 1, in_digits=False)


def _joined(current: Decimal, value: Decimal) -> Decimal | None:
    """A number continued by a word, as "two", "hundred", "forty", "five" continue each other."""
    if not current:
        return value
    if value in {100} and 1 < current < 10:
        return current * value
    if current % 100 == 0 and value < 100:
        return current + value
    if current % 10 == 0 and current % 100 != 10 and value < 10:
        return current + value
    return None


def amount_at(line: Line, at: int) -> Amount | None:
    """The amount whose first number starts at a token, with the words before it that bound it."""
    first = number_at(line, at)
    if first is None:
        return None
    lead, start, about = "", at, False
    currency, start = _currency_before(line, start)
    while found := line.lead(LEADS, start):
        lead, about = (lead, True) if found[0] == "about" else (lead or found[0], about)
        start = found[1]
    currency, end = _currency_after(line, first.end, currency)
    second = _second(line, end, lead)
    if second:
        currency, end = _currency_after(line, second.end, currency)
        low = first.value
        if first.scale == 1 and second.scale > 1 and low * second.scale < second.value:
            low *= second.scale
        if low < second.value:
            whole = (low, second.value, start, end, about, currency, True)
            return Amount(*whole, first.in_digits or second.in_digits)
        currency, end = _currency_after(line, first.end, currency)
    trailing = line.match("at_most", end) and "at_most"
    if trailing and not number_at(line, line.past("at_most", end)):
        lead, end = "at_most", line.past("at_most", end)
    least = None if lead == "at_most" else first.value
    most = None if lead in {"at_least", "from"} else first.value
    bounded = lead in {"at_most", "at_least", "from"}
    return Amount(least, most, start, end, about, currency, bounded, first.in_digits)


def _second(line: Line, at: int, lead: str) -> Number | None:
    kinds = ("and", "to") if lead == "between" else ("to",)
    for kind in kinds:
        if (step := line.past(kind, at)) > at:
            step = line.past("currency", step)
            return number_at(line, step)
    return None


def _currency_before(line: Line, at: int) -> tuple[str, int]:
    for start in (at - 1, at - 2):
        found = line.match("currency", start)
        if found and found[1] == at:
            return found[0], start
    return "", at


def _currency_after(line: Line, at: int, known: str) -> tuple[str, int]:
    found = line.match("currency", at)
    if not found:
        return known, at
    end = found[1]
    # A short form's full stop is its own, unless the sentence ends there.
    if line.key(end) == "." and line.joined(end) and end + 1 < len(line):
        end += 1
    return found[0], end
