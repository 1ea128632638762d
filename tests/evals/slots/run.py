"""How well messages are read: precision and recall of each slot, and of each language.

    python -m tests.evals.slots.run [--show]

A line of a set is `locale|message|kind=value;kind=value`, candidates with " or " between them.
`tuned` is what words were added for, `unseen` is only measured. A value counts as found when it,
or all its candidates, are as they should be; half of a value is wrong twice, as missed and as
invented.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.slots.reading import read_slots
from agents.slots.values import (
    KINDS,
    Context,
    Dates,
    Duration,
    Guests,
    Hours,
    Money,
    Place,
    Slot,
    Value,
    candidates,
)

NOW = datetime(2026, 11, 18, 12, tzinfo=ZoneInfo("Europe/Berlin"))
PLACES = {
    "Казань": "Казань",
    "Kazan": "Казань",
    "Kasan": "Казань",
    "قازان": "Казань",
    "Нижний Новгород": "Нижний Новгород",
    "Berlin": "Berlin",
    "Берлин": "Berlin",
    "Berlín": "Berlin",
    "برلين": "Berlin",
}


@dataclass
class Figures:
    """What was said, what was read, and what of it agrees."""

    said: Counter[str] = field(default_factory=Counter[str])
    read: Counter[str] = field(default_factory=Counter[str])
    right: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def precision(self, kind: str = "") -> float:
        """Of what was read of a kind, or of all, the share that was said."""
        return _of(self.right, kind) / max(_of(self.read, kind), 1)

    def recall(self, kind: str = "") -> float:
        """Of what was said of a kind, or of all, the share that was read."""
        return _of(self.right, kind) / max(_of(self.said, kind), 1)


def _of(counted: Counter[str], kind: str) -> int:
    return counted[kind] if kind else counted.total()


def context(locale: str) -> Context:
    """A market in Berlin that counts in euros."""
    return Context(NOW, "EUR", locale, PLACES)


def lines(name: str) -> list[tuple[str, str, str]]:
    """Locale, message and slots of a set beside this file."""
    text = (Path(__file__).parent / f"{name}.psv").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if not line.startswith("#")]
    return [(locale, message, slots) for locale, message, slots in rows]


def measured(name: str, *locales: str) -> Figures:
    """The figures of a set, of these languages or of all."""
    told = Figures()
    for locale, message, slots in lines(name):
        if locales and locale not in locales:
            continue
        said = Counter(
            (kind, frozenset(value.split(" or ")))
            for kind, _, value in (slot.partition("=") for slot in slots.split(";") if slot)
        )
        read = Counter(_read(read_slots(message, context(locale))))
        for counted, values in ((told.said, said), (told.read, read), (told.right, said & read)):
            for (kind, _), count in values.items():
                counted[kind] += count
        if said != read:
            missed, invented = _shown(said - read), _shown(read - said)
            told.wrong.append(f"{locale}: {message}\n    missed {missed}; invented {invented}")
    return told


def _read(slots: tuple[Slot, ...]) -> list[tuple[str, frozenset[str]]]:
    return [
        (kind, frozenset(written(slot.value) for slot in group))
        for kind in KINDS.values()
        for group in candidates(slots, kind)
    ]


def _shown(values: Counter[tuple[str, frozenset[str]]]) -> str:
    return ", ".join(f"{kind}={' or '.join(sorted(value))}" for kind, value in values) or "nothing"


def written(value: Value) -> str:
    """A value as the sets write it."""
    if isinstance(value, Dates):
        return _range(value.first.isoformat(), value.last.isoformat())
    if isinstance(value, Hours):
        first = f"{value.first:%H:%M}"
        return f"{first}..{value.last:%H:%M}" if value.last else first
    if isinstance(value, Duration):
        return f"{_range(_number(value.least), _number(value.most))} {value.unit}"
    if isinstance(value, Money):
        amount = _range(_number(value.least), _number(value.most))
        per = f"/{value.per}" if value.per else ""
        return f"{'~' * value.about}{amount} {value.currency}{per}"
    if isinstance(value, Guests):
        count = _range(_number(value.least), _number(value.most))
        return f"{'~' * value.about}{count}{' children' if value.who == 'children' else ''}"
    return value.name if isinstance(value, Place) else value.code


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}..{last}"


def main() -> None:
    """Print the figures, and with --show what went wrong in the set that may be looked at."""
    for name in ("tuned", "unseen"):
        for locale in ("", "en", "ru", "de", "es", "fr", "ar"):
            told = measured(name, *([locale] if locale else []))
            kinds = "  ".join(
                f"{kind} {told.precision(kind):.2f}/{told.recall(kind):.2f}"
                for kind in KINDS.values()
                if told.said[kind]
            )
            print(
                f"{name:7} {locale or 'all':4} {told.said.total():3}"
                f"  precision {told.precision():.2f} recall {told.recall():.2f}  {kinds}"
            )
    if "--show" in sys.argv:
        print(*measured("tuned").wrong, sep="\n")


if __name__ == "__main__":
    main()
