"""What an event brings back: return on investment and the point at which it pays for itself.

- profit = revenue − cost
- return on investment (%) = profit ÷ cost × 100 (net benefits over costs; Phillips, Breining &
  Phillips, *Return on Investment in Meetings and Events*, 2008)
- margin (%) = profit ÷ revenue × 100
- contribution of a unit = price − variable cost
- break-even units = fixed cost ÷ contribution, rounded up to a whole unit
- break-even revenue = fixed cost ÷ (contribution ÷ price)
  (both Horngren, Datar & Rajan, *Cost Accounting*, "cost–volume–profit analysis")
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.budgets.amounts import hundredths, rounded, step
from app.markets.shaping import NotAccepted


class AnalysisRefused(NotAccepted):
    """From these figures nothing follows."""


@dataclass(frozen=True)
class Return:
    """What was put in and what came back; percentages have two decimals."""

    cost: Decimal
    revenue: Decimal
    profit: Decimal
    percent: Decimal
    margin: Decimal | None
    """Profit of revenue; None where there is no revenue."""


@dataclass(frozen=True)
class BreakEven:
    """How much must be sold for nothing to be lost."""

    contribution: Decimal
    """What each unit leaves towards the fixed cost."""
    units: int
    revenue: Decimal
    """The revenue at which profit is zero; whole units bring this or a little more."""
    revenue_of_units: Decimal
    """What the whole units bring."""
    planned_units: int | None = None
    safety: Decimal | None = None
    """By how many percent the planned units may be missed; below zero they do not suffice."""


def return_on(cost: Decimal, revenue: Decimal, currency: str) -> Return:
    """The return on `cost`; raises `AnalysisRefused` where nothing is spent."""
    if cost <= 0:
        raise AnalysisRefused(
            "A return needs a cost: plan what the event costs first.", field="cost"
        )
    if revenue < 0:
        raise AnalysisRefused("Revenue cannot be less than zero.", field="revenue")
    profit = revenue - cost
    return Return(
        cost=rounded(cost, currency),
        revenue=rounded(revenue, currency),
        profit=rounded(profit, currency),
        percent=percent(profit, cost),
        margin=percent(profit, revenue) if revenue else None,
    )


def break_even(
    fixed_cost: Decimal,
    price: Decimal,
    variable_cost: Decimal,
    currency: str,
    planned_units: int | None = None,
) -> BreakEven:
    """How many units at `price` pay `fixed_cost`, when each costs `variable_cost` more.

    Raises `AnalysisRefused` where no number of them ever does.
    """
    if fixed_cost < 0 or variable_cost < 0:
        raise AnalysisRefused("Costs cannot be less than zero.", field="fixed_cost")
    if price <= 0:
        raise AnalysisRefused("The price must be more than zero.", field="price")
    if price <= variable_cost:
        raise AnalysisRefused(
            "Each sale costs as much as it brings, or more: raise the price above what one costs.",
            field="price",
        )
    if planned_units is not None and planned_units < 1:
        raise AnalysisRefused("Say how many are to be sold, at least one.", field="planned_units")
    contribution = price - variable_cost
    exact = Fraction(fixed_cost) / Fraction(contribution)
    units = -(-exact.numerator // exact.denominator)
    safety = None
    if planned_units is not None:
        spare = (Fraction(planned_units) - exact) * 100 / planned_units
        safety = hundredths(spare)
    return BreakEven(
        contribution=rounded(contribution, currency),
        units=units,
        revenue=rounded(exact * Fraction(price), currency),
        revenue_of_units=rounded(units * price, currency),
        planned_units=planned_units,
        safety=safety,
    )


def price_for(fixed_cost: Decimal, variable_cost: Decimal, units: int, currency: str) -> Decimal:
    """The lowest price at which so many units pay for everything, rounded up to a cent."""
    if units < 1:
        raise AnalysisRefused("Say how many are to be sold, at least one.", field="planned_units")
    exact = Fraction(variable_cost) + Fraction(fixed_cost) / units
    lowest = rounded(exact, currency)
    return lowest if Fraction(lowest) >= exact else lowest + step(currency)


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """`part` of `whole` in percent, with two decimals, half up."""
    return hundredths(Fraction(part) * 100 / Fraction(whole))
