"""A budget's lines, and what they come to: totals, and the plan against the fact.

The formulas are those of any cost control (PMI, *PMBOK Guide*, "cost variance", with the signs
that households use: more than planned is above zero):

- expected of a line = its actual amount where one is known, else the planned one
- difference = actual − planned, over the lines whose actual amount is known
- left = limit − expected of all lines
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.i18n import N_, translate

ZERO = Decimal()

CATEGORIES: dict[str, str] = {
    "venue": N_("Venue"),
    "catering": N_("Food and drinks"),
    "decor": N_("Decoration and flowers"),
    "photo": N_("Photo and video"),
    "music": N_("Music and entertainment"),
    "host": N_("Host and ceremony"),
    "attire": N_("Clothes and beauty"),
    "print": N_("Invitations and print"),
    "equipment": N_("Equipment and technology"),
    "speakers": N_("Speakers and trainers"),
    "staff": N_("Staff and security"),
    "marketing": N_("Marketing"),
    "transport": N_("Transport"),
    "lodging": N_("Lodging"),
    "gifts": N_("Gifts and prizes"),
    "fees": N_("Fees and insurance"),
    "reserve": N_("Reserve"),
    "other": N_("Other"),
}
"""What a line is spent on, in the order in which budgets show them."""


@dataclass(frozen=True)
class Line:
    """One thing that is paid for; `actual` is None until it is known."""

    id: UUID
    category: str
    title: str
    planned: Decimal
    actual: Decimal | None = None
    paid: bool = False
    listing_id: UUID | None = None
    """What of the market it buys."""
    note: str = ""

    @property
    def expected(self) -> Decimal:
        """What it costs as far as one knows."""
        return self.planned if self.actual is None else self.actual

    @property
    def over(self) -> Decimal:
        """By how much it costs more than planned; zero where it does not."""
        return max(self.expected - self.planned, ZERO)


@dataclass(frozen=True)
class Sums:
    """What some lines come to."""

    planned: Decimal
    actual: Decimal
    """Of the lines whose actual amount is known."""
    expected: Decimal
    difference: Decimal
    """Actual less planned, over the lines whose actual amount is known: above zero is too much."""
    paid: Decimal
    known: int
    """How many lines have an actual amount."""
    lines: int

    @property
    def unpaid(self) -> Decimal:
        """What is still to be paid."""
        return self.expected - self.paid

    @property
    def over(self) -> Decimal:
        """By how much more is expected than was planned; zero where it is not."""
        return max(self.expected - self.planned, ZERO)


@dataclass(frozen=True)
class CategorySums:
    """What the lines of a category come to."""

    category: str
    sums: Sums


def summed(lines: Iterable[Line]) -> Sums:
    """What these lines come to together."""
    told = list(lines)
    known = [line for line in told if line.actual is not None]
    return Sums(
        planned=sum((line.planned for line in told), ZERO),
        actual=sum((line.expected for line in known), ZERO),
        expected=sum((line.expected for line in told), ZERO),
        difference=sum((line.expected - line.planned for line in known), ZERO),
        paid=sum((line.expected for line in told if line.paid), ZERO),
        known=len(known),
        lines=len(told),
    )


def by_category(lines: Sequence[Line]) -> list[CategorySums]:
    """The plan against the fact for each category that has lines, in the order of `CATEGORIES`."""
    return [
        CategorySums(category, summed(line for line in lines if line.category == category))
        for category in CATEGORIES
        if any(line.category == category for line in lines)
    ]


def left_of(limit: Decimal | None, sums: Sums) -> Decimal | None:
    """What may still be spent; below zero when it is too much, None where there is no limit."""
    return None if limit is None else limit - sums.expected


def category_name(category: str, locale: str) -> str:
    """What a reader of `locale` calls a category; the key of one that does not exist."""
    return translate(locale, CATEGORIES[category]) if category in CATEGORIES else category
