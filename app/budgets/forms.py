"""What a person wrote into the form of a budget's line, numbers as their language writes them."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import (
    NumberFormatError,
    format_decimal,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
)

from app.budgets.amounts import LONGEST, amount_of
from app.budgets.inputs import LineInput, line_from

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_PLAIN = re.compile(r"(\d+)[.,](\d+)")


def line_of_form(form: Mapping[str, object], currency: str, locale: str) -> LineInput:
    """The line that a form says; raises `NotAccepted`. A ticked box is there, an empty one not."""
    told = dict(form)
    for name in ("planned", "actual"):
        told[name] = machine_number(told.get(name), currency, locale)
    told["paid"] = bool(form.get("paid"))
    return line_from(told, currency)


def amount_of_form(told: object, currency: str, locale: str, field: str) -> Decimal:
    """The amount that a field of a form says; raises `AmountRefused`."""
    return amount_of(machine_number(told, currency, locale), currency, field)


def machine_number(told: object, currency: str, locale: str) -> str:
    """A number as programs write it, of one as a person did; as it came where it is none.

    `1 200,50`, `1.200,50` and `1200.50` are one amount to a German; where a sign could mean
    either, it means what it does in their language: `1.200` is 1200 to them and 1.2 in English.
    """
    text = told if isinstance(told, str) else ""
    if len(text) > LONGEST:
        return text
    spoken = locale.replace("-", "_")
    decimal, group = get_decimal_symbol(spoken), get_group_symbol(spoken)
    text = "".join(_latin(sign) for sign in _SPACES.sub("", text))
    text = text.replace("٫", decimal).replace("٬", group)
    # The space that groups in Russian and French is gone by now.
    grouped = group if group in ".," else ""
    if not set(text) <= {*"0123456789", decimal, grouped}:
        return _plain(text, currency) or text
    try:
        return f"{parse_decimal(text, locale=spoken, strict=bool(grouped)):f}"
    except NumberFormatError:
        return _plain(text, currency) or text


def field_number(amount: Decimal | None, currency: str, locale: str) -> str:
    """An amount as a field of a form shows it; empty for none."""
    if amount is None:
        return ""
    places = get_currency_precision(currency)
    pattern = "0" + ("." + "0" * places if places else "")
    return format_decimal(amount, pattern, locale=locale.replace("-", "_"))


def _plain(text: str, currency: str) -> str:
    """A number with one point or comma before no more decimals than the currency has."""
    found = _PLAIN.fullmatch(text)
    if found is None or len(found[2]) > get_currency_precision(currency):
        return ""
    return f"{found[1]}.{found[2]}"


def _latin(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
