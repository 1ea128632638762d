"""Exact amounts of money: how many decimals a currency has, rounding, and sharing without a rest.

Amounts are `Decimal`s in major units (`Decimal("12.50")` euros). How many decimals a currency has
is CLDR's, by Babel: 2 for EUR, 0 for JPY, 3 for KWD. What is computed is rounded half up, as
invoices are; what a person writes is never rounded, but refused when it is finer than the currency.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction

from babel.numbers import get_currency_precision

from app.i18n import N_
from app.markets.shaping import NotAccepted

MOST = Decimal(10) ** 12
"""No amount reaches this."""

DECIMALS = 4
"""The most that a currency has; what columns of amounts keep."""

LONGEST = 40
"""Characters of the longest text that is read as an amount."""

_NUMBER = N_("This must be a number such as 49.90, and not less than zero.")


class AmountRefused(NotAccepted):
    """This is no amount of the currency."""


def step(currency: str) -> Decimal:
    """The smallest amount of a currency: `Decimal("0.01")` for EUR."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal | Fraction, currency: str) -> Decimal:
    """The amount in whole cents (or what the currency has), half of one away from zero."""
    return _to(amount, step(currency))


def hundredths(number: Decimal | Fraction) -> Decimal:
    """A number that is no money, such as a percentage, with two decimals."""
    return _to(number, Decimal("0.01"))


def amount_of(told: object, currency: str, field: str) -> Decimal:
    """The amount that a text or a whole number says; raises `AmountRefused`.

    A binary fraction is no amount: 0.1 is not what it says. Neither is a text with more decimals
    than the currency has, zeros too: `1.200` euros may have been meant as a thousand and more.
    """
    number = _read(told)
    if number is None or not number.is_finite() or number < 0:
        raise AmountRefused(_NUMBER, field=field)
    if number >= MOST:
        raise AmountRefused("This amount is too large.", field=field)
    if number != rounded(number, currency) or _places(told) > get_currency_precision(currency):
        raise AmountRefused(
            "%(currency)s has no smaller part than %(step)s.",
            field=field,
            currency=currency,
            step=f"{step(currency):f}",
        )
    return rounded(number, currency)


def wire(amount: Decimal, currency: str) -> str:
    """The amount as a program reads it: a point, and all decimals of the currency."""
    return f"{rounded(amount, currency):f}"


def apportion(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Share `total` by `weights` so that the parts are whole cents and sum to it exactly.

    By the largest remainders (Hamilton's method): every part is its share rounded down to a cent,
    and the cents that are left go to those that lost most; of equals, to the first. No part is
    further than one cent from its share. Raises `ValueError` for weights that share nothing.
    """
    if not weights or any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("weights must not be negative, and one must be more than zero")
    cents = Fraction(total) / Fraction(step(currency))
    if cents.denominator != 1 or cents < 0:
        raise ValueError("the total must be in whole cents, and not negative")
    whole = sum((Fraction(weight) for weight in weights), Fraction())
    shares = [cents * Fraction(weight) / whole for weight in weights]
    parts = [int(share) for share in shares]
    left = int(cents) - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda place: (parts[place] - shares[place], place))
    for place in by_loss[:left]:
        parts[place] += 1
    return [Decimal(part) * step(currency) for part in parts]


def _to(number: Decimal | Fraction, smallest: Decimal) -> Decimal:
    # In whole numbers of the smallest: a division of decimals would be rounded twice.
    parts = Fraction(number) / Fraction(smallest)
    halves = abs(parts) + Fraction(1, 2)
    whole = halves.numerator // halves.denominator
    # Scaled, so that all decimals are kept: 12.50 and not 12.5.
    with localcontext(prec=60):
        return Decimal(-whole if parts < 0 else whole) * smallest


def _places(told: object) -> int:
    """How many decimals a text has."""
    return len(told.strip().partition(".")[2]) if isinstance(told, str) else 0


def _read(told: object) -> Decimal | None:
    if isinstance(told, Decimal):
        return told
    if isinstance(told, bool) or not isinstance(told, (str, int)):
        return None
    text = str(told).strip()
    if not text.isascii() or len(text) > LONGEST or not set(text) <= set("+-.0123456789"):
        # Neither an exponent, which makes a large number of a short text, nor a NaN.
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
