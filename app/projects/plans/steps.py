"""What templates consist of: steps before and after the event, and moments of its day."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Step:
    """A task of a template.

    It is to be done `lead` days before the event, or after it where `lead` is negative, and takes
    `days` of work; with `per_guests`, another day for each so many guests. It can begin when the
    steps of `after` are done. Below `from_guests` guests nobody needs it.
    """

    key: str
    phrase: str
    lead: int
    days: int = 1
    after: tuple[str, ...] = ()
    from_guests: int = 0
    per_guests: int = 0

    def work(self, guests: int | None) -> int:
        """How many days it takes with so many guests."""
        return self.days + ((guests or 0) // self.per_guests if self.per_guests else 0)

    def applies(self, guests: int | None) -> bool:
        """Whether it is needed; while nobody knows how many come, everything is."""
        return guests is None or guests >= self.from_guests


@dataclass(frozen=True)
class Moment:
    """A part of the event's day.

    It takes `minutes`, and five more for each `per_guests` guests, up to twice as long. `when` is
    `before` what guests come to, `during` it or `after` it. Of an event of several days `once`
    says that it stands on the `first` or the `last` of them only.
    """

    key: str
    phrase: str
    minutes: int
    when: Literal["before", "during", "after"] = "during"
    per_guests: int = 0
    once: Literal["", "first", "last"] = ""
    from_guests: int = 0

    def length(self, guests: int | None) -> int:
        """How many minutes it takes with so many guests."""
        more = 5 * ((guests or 0) // self.per_guests) if self.per_guests else 0
        return self.minutes + min(more, self.minutes)

    def applies(self, guests: int | None) -> bool:
        """Whether it is needed; while nobody knows how many come, everything is."""
        return guests is None or guests >= self.from_guests
