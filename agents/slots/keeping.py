"""Slots beyond one message: kept with their conversation, joined with new ones, told to people."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_decimal
from babel.units import format_unit
from pydantic import TypeAdapter, ValidationError

from agents.slots.values import (
    KINDS,
    Dates,
    Duration,
    Guests,
    Hours,
    Kind,
    Language,
    Money,
    Place,
    Slot,
    Value,
)
from app.i18n import money, ntranslate, translate

_TYPES: dict[Kind, TypeAdapter[Any]] = {kind: TypeAdapter(made) for made, kind in KINDS.items()}


def dumped(slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """Slots as JSON can hold them; where in a message they stood is not kept."""
    return [
        {
            "kind": slot.kind,
            "value": _TYPES[slot.kind].dump_python(slot.value, mode="json"),
            "how": slot.how,
        }
        for slot in slots
    ]


def loaded(rows: Iterable[Mapping[str, Any]]) -> tuple[Slot, ...]:
    """What `dumped` wrote; what another version wrote and nobody can read is left out."""
    slots: list[Slot] = []
    for row in rows:
        made = _TYPES.get(row.get("kind", ""))
        if made is None or row.get("value") is None:
            continue
        try:
            value = made.validate_python(row["value"], strict=False)
        except ValidationError:
            continue
        slots.append(Slot(value, 0, 0, 1.0, str(row.get("how", "kept"))))
    return tuple(slots)


def missing(rows: Iterable[Mapping[str, Any]]) -> tuple[Kind, ...]:
    """The kinds that were asked for and not said."""
    return tuple(row["kind"] for row in rows if row.get("value") is None and row["kind"] in _TYPES)


def kinds_of(names: Iterable[str]) -> tuple[Kind, ...]:
    """Those of the names that are kinds, each once."""
    return tuple(kind for kind in _TYPES if kind in set(names))


def joined(kept: Sequence[Slot], said: Sequence[Slot]) -> tuple[Slot, ...]:
    """All that is known: what was said last takes the place of what was said before of its kind."""
    new = {_what(slot) for slot in said}
    return (*(slot for slot in kept if _what(slot) not in new), *said)


def without(slots: Iterable[Slot], kinds: Iterable[Kind]) -> tuple[Slot, ...]:
    """The slots of other kinds."""
    gone = set(kinds)
    return tuple(slot for slot in slots if slot.kind not in gone)


def told(value: Value, locale: str) -> str:
    """A value as a chip shows it, in the reader's language."""
    say = locale.replace("-", "_")
    match value:
        case Dates() | Hours():
            text = _when(value, say)
        case Duration(least, most, unit):
            text = _lasting(least, most, unit, say)
        case Money():
            text = _money(value, locale)
        case Guests():
            text = _guests(value, locale)
        case Place(name):
            text = name
        case Language(code):
            text = Locale.parse(code).get_language_name(say) or code
    return text


def _when(value: Dates | Hours, say: str) -> str:
    if isinstance(value, Dates):
        if value.first == value.last:
            return format_date(value.first, "medium", locale=say)
        return format_interval(value.first, value.last, "yMMMd", locale=say)
    begins = format_time(value.first, "short", locale=say)
    return f"{begins} – {format_time(value.last, 'short', locale=say)}" if value.last else begins


def _what(slot: Slot) -> tuple[str, str]:
    value = slot.value
    who = value.who if isinstance(value, Guests) else value.per if isinstance(value, Money) else ""
    return slot.kind, who


def _lasting(least: Decimal, most: Decimal, unit: str, say: str) -> str:
    # CLDR has no nights; a stay is as many days.
    measure = f"duration-{unit.replace('night', 'day')}"
    text = str(format_unit(most, measure, "long", locale=say))
    shortest, longest = (format_decimal(number, locale=say) for number in (least, most))
    return text if least == most else text.replace(longest, f"{shortest}–{longest}", 1)


def _money(value: Money, locale: str) -> str:
    least, most = value.least, value.most
    if least is not None and most is not None:
        if least == most:
            return money(least, value.currency, locale)
        return f"{money(least, value.currency, locale)} – {money(most, value.currency, locale)}"
    if most is not None:
        return translate(locale, "at most %(price)s", price=money(most, value.currency, locale))
    if least is not None:
        return translate(locale, "at least %(price)s", price=money(least, value.currency, locale))
    return value.currency


def _guests(value: Guests, locale: str) -> str:
    count = value.most if value.most is not None else value.least or 0
    if value.who == "children":
        text = ntranslate(locale, "%(count)s child", "%(count)s children", count)
    else:
        text = ntranslate(locale, "%(count)s guest", "%(count)s guests", count)
    if value.least is not None and value.most is not None and value.least != value.most:
        return text.replace(str(count), f"{value.least}–{value.most}", 1)
    return text


def changed(slots: Iterable[Slot], how: str) -> tuple[Slot, ...]:
    """The same slots, read in another way: `person` for those that somebody corrected."""
    return tuple(dataclasses.replace(slot, how=how) for slot in slots)
