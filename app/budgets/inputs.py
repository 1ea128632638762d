"""What a line of a budget must be, whether a form or a program says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.budgets.amounts import amount_of
from app.budgets.lines import CATEGORIES
from app.markets.shaping import NotAccepted, line_of

MOST_LINES = 200
LONGEST_TITLE = 200
LONGEST_NOTE = 2000


class BudgetRefused(NotAccepted):
    """A line of a budget that cannot stand; `position` counts from 0."""

    def __init__(self, message: str, *, field: str, position: int = 0, **params: object) -> None:
        super().__init__(message, field=field, **params)
        self.position = position
        self.code = f"lines.{position}.{field}"


@dataclass(frozen=True)
class LineInput:
    """A line as somebody wants it; without an `id` it is a new one."""

    category: str
    title: str
    planned: Decimal
    actual: Decimal | None = None
    paid: bool = False
    listing_id: UUID | None = None
    note: str = ""
    id: UUID | None = None


def lines_of(told: Sequence[Mapping[str, object]], currency: str) -> list[LineInput]:
    """The lines that these mappings say, in their order; raises `BudgetRefused`."""
    if len(told) > MOST_LINES:
        raise BudgetRefused(
            "A budget has at most %(count)s lines.", field="lines", count=MOST_LINES
        )
    found: list[LineInput] = []
    for position, one in enumerate(told):
        try:
            found.append(line_from(one, currency))
        except NotAccepted as error:
            raise BudgetRefused(
                error.message, field=error.field, position=position, **error.params
            ) from error
    named = [one.id for one in found if one.id is not None]
    if len(named) != len(set(named)):
        raise BudgetRefused("A line stands in the budget twice.", field="id")
    return found


def line_from(told: Mapping[str, object], currency: str) -> LineInput:
    """The line that a mapping says; raises `NotAccepted`. What it does not say is empty."""
    category = told.get("category")
    if not isinstance(category, str) or category not in CATEGORIES:
        raise NotAccepted("There is no such category of a budget.", field="category")
    title = line_of("title", told.get("title"), LONGEST_TITLE)
    if not title:
        raise NotAccepted("Say what is paid for.", field="title")
    actual = told.get("actual")
    return LineInput(
        category=category,
        title=title,
        planned=amount_of(told.get("planned"), currency, "planned"),
        actual=None if actual in (None, "") else amount_of(actual, currency, "actual"),
        paid=told.get("paid") is True,
        listing_id=_id_of(told.get("listing_id"), "listing_id"),
        note=line_of("note", told.get("note"), LONGEST_NOTE),
        id=_id_of(told.get("id"), "id"),
    )


def _id_of(told: object, field: str) -> UUID | None:
    if told in (None, ""):
        return None
    if isinstance(told, UUID):
        return told
    try:
        return UUID(told if isinstance(told, str) else "")
    except ValueError:
        raise NotAccepted("There is no such thing.", field=field) from None
