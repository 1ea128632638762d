"""The first lines of a budget: a total divided, as lines that the person then changes."""

from collections.abc import Mapping
from decimal import Decimal

from app.budgets.inputs import LineInput
from app.budgets.lines import category_name
from app.budgets.splitting import split


def proposed(
    total: Decimal,
    kind: str,
    guests: int | None,
    currency: str,
    locale: str,
    weights: Mapping[str, Decimal] | None = None,
) -> list[LineInput]:
    """A line for each category, called as a reader of `locale` calls it; raises `SplitRefused`."""
    return [
        LineInput(share.category, category_name(share.category, locale), share.amount)
        for share in split(total, kind, guests, currency, weights)
    ]
