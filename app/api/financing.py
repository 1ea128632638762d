"""What is sent and given of an event's money, as the API describes it; amounts are texts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.budgets.amounts import wire
from app.budgets.inputs import LONGEST_NOTE, LONGEST_TITLE, MOST_LINES
from app.budgets.keeping import Kept
from app.budgets.lines import Line, Sums
from app.budgets.pricing import LEAST, Advice
from app.budgets.returns import BreakEven, Return

Category = Literal[
    "venue",
    "catering",
    "decor",
    "photo",
    "music",
    "host",
    "attire",
    "print",
    "equipment",
    "speakers",
    "staff",
    "marketing",
    "transport",
    "lodging",
    "gifts",
    "fees",
    "reserve",
    "other",
]
Basis = Literal["planned", "expected", "actual"]
Stance = Literal["below", "low", "high", "above"]

# What fits is checked where it is used, so that every way in has one rule.
Money = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{1,12}(\.\d{1,4})?$", "examples": ["1200.00"]}
    ),
]
Difference = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d{1,4})?$"})]
Percent = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d\d$"})]
Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
Currency = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]
Words = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[\w ]{1,200}$"})]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class WantedLine(_Sent):
    """A line of a budget; with the `id` of one that stands it changes that, else it is new."""

    id: Id | None = None
    category: Category
    title: Words = Field(description=f"At most {LONGEST_TITLE} characters.")
    planned: Money
    actual: Money | None = Field(default=None, description="Null until it is known.")
    paid: bool = False
    listing_id: Id | None = Field(default=None, description="The listing of the market it buys.")
    note: str = Field(default="", max_length=LONGEST_NOTE)


class Proposal(_Sent):
    """A total to divide into first lines, by the type of the event and its guests."""

    total: Money | None = Field(
        default=None, description="Without it, the limit that the event has."
    )
    shares: dict[Category, Weight] | None = Field(
        default=None,
        description="Weights by category, instead of this project's rule of thumb.",
        examples=[{"venue": 30, "catering": 50, "music": 20}],
    )


class NewBudget(_Sent):
    """The first lines, or a total to divide into them; neither makes an empty budget."""

    lines: list[WantedLine] = Field(default_factory=list[WantedLine], max_length=MOST_LINES)
    propose: Proposal | None = None


class ChangedBudget(_Sent):
    """All lines as they shall be, in their order; those left out are removed."""

    version: int = Field(
        strict=False, ge=1, description="The version that was read; another one is a 409."
    )
    lines: list[WantedLine] = Field(max_length=MOST_LINES)


class BudgetLine(BaseModel):
    """A line as it stands."""

    id: UUID
    category: Category
    category_name: str = Field(description="In the reader's language.")
    title: str
    planned: Money
    actual: Money | None
    expected: Money = Field(description="The actual amount where it is known, else the planned.")
    over: Money = Field(description="By how much more than planned it costs.")
    paid: bool
    listing_id: UUID | None
    note: str


class Totals(BaseModel):
    """What some lines come to."""

    planned: Money
    actual: Money = Field(description="Of the lines whose actual amount is known.")
    expected: Money
    difference: Difference = Field(
        description="Actual less planned, over the lines whose actual amount is known."
    )
    over: Money
    paid: Money
    unpaid: Difference
    lines: int
    known: int = Field(description="How many lines have an actual amount.")


class CategoryTotals(Totals):
    """What the lines of a category come to."""

    category: Category
    category_name: str


class Budget(BaseModel):
    """A budget with what it comes to; `docs/budgets.md` has the formulas."""

    event_id: UUID
    currency: Currency
    version: int
    limit: Money | None = Field(description="The event's own; null where it has none.")
    left: Difference | None = Field(description="Of the limit; below zero it is too much.")
    over_limit: bool
    lines: list[BudgetLine]
    totals: Totals
    categories: list[CategoryTotals]


class WantedBreakEven(_Sent):
    """What is sold: tickets, places, portions."""

    price: Money
    variable_cost: Money = Field(default="0", description="What each one costs more.")
    fixed_cost: Money | None = Field(
        default=None, description="Without it, what the budget comes to."
    )
    planned_units: int | None = Field(default=None, strict=False, ge=1, le=10**9)


class WantedReturn(_Sent):
    """What to reckon with."""

    revenue: Money
    basis: Basis = Field(
        default="expected", description="Which sum of the budget is the cost of the event."
    )
    break_even: WantedBreakEven | None = None


class BreakEvenPoint(BaseModel):
    """How much must be sold for nothing to be lost."""

    contribution: Money = Field(description="What each one leaves towards the fixed cost.")
    units: int
    revenue: Money = Field(description="The revenue at which profit is zero.")
    revenue_of_units: Money = Field(description="What the whole units bring.")
    planned_units: int | None
    safety_percent: Percent | None = Field(
        description="By how much plans may be missed; below zero they do not suffice."
    )


class ReturnAnalysis(BaseModel):
    """What is put into an event and what comes back."""

    event_id: UUID
    currency: Currency
    basis: Basis
    cost: Money
    revenue: Money
    profit: Difference
    roi_percent: Percent
    margin_percent: Percent | None = Field(description="Null where there is no revenue.")
    break_even: BreakEvenPoint | None


class WantedAdvice(_Sent):
    """Whose prices to compare with."""

    category: Words = Field(description="A category of services, as `craft/plumber`.")
    unit: str = Field(default="", max_length=200, description="As `hour`; empty for no unit.")
    currency: Currency | None = Field(default=None, description="Without it the market's.")
    city: Words | None = Field(default=None, description="Without it the whole market.")
    price: Money | None = Field(default=None, description="One's own price, to place it.")
    unit_cost: Money | None = Field(default=None, description="What one unit costs oneself.")


class PriceQuartiles(BaseModel):
    """How the market's prices lie."""

    lowest: Money
    first: Money
    median: Money
    third: Money
    highest: Money


class PriceRange(BaseModel):
    """The middle half of the market, and never below one's own cost."""

    low: Money
    high: Money


class PriceAdvice(BaseModel):
    """What the market's prices say; nothing but how many they are where they are too few."""

    category: str
    unit: str
    currency: Currency
    city: str | None
    count: int = Field(description="How many prices of others this rests on.")
    least: int = Field(description=f"Below {LEAST} prices nothing is said.")
    quartiles: PriceQuartiles | None
    advice: PriceRange | None
    stance: Stance | None = Field(
        description="One's own price: below the first quartile, low or high within the middle"
        " half (the median parts them), or above the third."
    )
    cheaper: int = Field(description="How many prices are below one's own.")
    cost_above_market: bool = Field(
        description="Whether one's own cost is above the middle half of the market."
    )


def shown(kept: Kept, names: dict[str, str]) -> dict[str, Any]:
    """A budget as the API shows it; `names` are those of categories."""
    currency = kept.currency
    left = kept.left
    return {
        "event_id": kept.project_id,
        "currency": currency,
        "version": kept.version,
        "limit": None if kept.limit is None else wire(kept.limit, currency),
        "left": None if left is None else wire(left, currency),
        "over_limit": left is not None and left < 0,
        "lines": [_line(line, currency, names) for line in kept.lines],
        "totals": _totals(kept.sums, currency),
        "categories": [
            _totals(one.sums, currency)
            | {"category": one.category, "category_name": names[one.category]}
            for one in kept.categories
        ],
    }


def shown_return(found: Return, point: BreakEven | None, currency: str) -> dict[str, Any]:
    """A return, and where the break-even is."""
    return {
        "currency": currency,
        "cost": wire(found.cost, currency),
        "revenue": wire(found.revenue, currency),
        "profit": wire(found.profit, currency),
        "roi_percent": str(found.percent),
        "margin_percent": None if found.margin is None else str(found.margin),
        "break_even": None if point is None else _point(point, currency),
    }


def shown_advice(advice: Advice) -> dict[str, Any]:
    """Advice on a price."""
    currency, found = advice.currency, advice.quartiles
    told: dict[str, Any] = {
        "currency": currency,
        "count": advice.count,
        "least": LEAST,
        "quartiles": None,
        "advice": None,
        "stance": advice.stance,
        "cheaper": advice.cheaper,
        "cost_above_market": advice.squeezed,
    }
    if found is not None and advice.low is not None and advice.high is not None:
        names = ("lowest", "first", "median", "third", "highest")
        told["quartiles"] = {name: wire(getattr(found, name), currency) for name in names}
        told["advice"] = {"low": wire(advice.low, currency), "high": wire(advice.high, currency)}
    return told


def _line(line: Line, currency: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": line.id,
        "category": line.category,
        "category_name": names[line.category],
        "title": line.title,
        "planned": wire(line.planned, currency),
        "actual": None if line.actual is None else wire(line.actual, currency),
        "expected": wire(line.expected, currency),
        "over": wire(line.over, currency),
        "paid": line.paid,
        "listing_id": line.listing_id,
        "note": line.note,
    }


def _totals(sums: Sums, currency: str) -> dict[str, Any]:
    names = ("planned", "actual", "expected", "difference", "over", "paid", "unpaid")
    told: dict[str, Any] = {name: wire(getattr(sums, name), currency) for name in names}
    return told | {"lines": sums.lines, "known": sums.known}


def _point(point: BreakEven, currency: str) -> dict[str, Any]:
    return {
        "contribution": wire(point.contribution, currency),
        "units": point.units,
        "revenue": wire(point.revenue, currency),
        "revenue_of_units": wire(point.revenue_of_units, currency),
        "planned_units": point.planned_units,
        "safety_percent": None if point.safety is None else str(point.safety),
    }
