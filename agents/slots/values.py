"""What can be read out of a message, and where in it each value stands."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

Kind = Literal["date", "time", "duration", "money", "guests", "place", "language"]
Unit = Literal["minute", "hour", "day", "night", "week", "month"]


@dataclasses.dataclass(frozen=True)
class Dates:
    """Days from `first` to `last`; the same day twice where one day is meant."""

    first: date
    last: date


@dataclasses.dataclass(frozen=True)
class Hours:
    """A time of day, or from `first` to `last` where both, or a part of the day, were named."""

    first: time
    last: time | None = None


@dataclasses.dataclass(frozen=True)
class Duration:
    """From `least` to `most` units; the same twice where one number was named."""

    least: Decimal
    most: Decimal
    unit: Unit


@dataclasses.dataclass(frozen=True)
class Money:
    """An amount, or its bounds: None where there is none on that side."""

    least: Decimal | None
    most: Decimal | None
    currency: str
    per: Literal["", "person", "hour", "day"] = ""
    about: bool = False


@dataclasses.dataclass(frozen=True)
class Guests:
    """How many come: an exact number has both bounds alike, None is no bound on that side."""

    least: int | None
    most: int | None
    who: Literal["guests", "children"] = "guests"
    about: bool = False


@dataclasses.dataclass(frozen=True)
class Place:
    """One of the market's own places, under the name that the market filters by."""

    name: str


@dataclasses.dataclass(frozen=True)
class Language:
    """A language that somebody should speak, by its code."""

    code: str


Value = Dates | Hours | Duration | Money | Guests | Place | Language

KINDS: Mapping[type[Value], Kind] = {
    Dates: "date",
    Hours: "time",
    Duration: "duration",
    Money: "money",
    Guests: "guests",
    Place: "place",
    Language: "language",
}


@dataclasses.dataclass(frozen=True)
class Slot:
    """A value, the characters of the message that say it, and how sure the reading is (0 to 1).

    Slots of one kind over the same characters are candidates: only the person can choose.
    """

    value: Value
    start: int
    end: int
    confidence: float
    how: str
    """How it was read, such as `weekday`; for traces, not for people."""

    @property
    def kind(self) -> Kind:
        """Which question the value answers."""
        return KINDS[type(self.value)]


@dataclasses.dataclass(frozen=True)
class Context:
    """What readings are relative to. `now` is aware and stands in the market's own time zone."""

    now: datetime
    currency: str
    locale: str
    places: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    """The market's places by each of their names in any language: `{name: filter name}`."""

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("now needs the market's time zone")

    @property
    def today(self) -> date:
        """The day that it is in the market."""
        return self.now.date()


def candidates(slots: Iterable[Slot], kind: Kind) -> list[list[Slot]]:
    """The slots of a kind in the order of the text, those over the same characters together."""
    found: dict[tuple[int, int], list[Slot]] = {}
    for slot in slots:
        if slot.kind == kind:
            found.setdefault((slot.start, slot.end), []).append(slot)
    return [found[span] for span in sorted(found)]
