"""Languages: catalogues, negotiation, and money, dates and numbers as each language writes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency

LOCALES = ("en", "ru", "de", "es", "fr", "ar")
"""The languages that the program itself speaks; markets choose among them."""

SOURCE = "en"
CATALOGUES = Path(__file__).parent.parent / "locales"


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogue of `locale`; the source language and unknown ones give the message ids."""
    path = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    if locale not in LOCALES or not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as po:
        write_mo(compiled, read_po(po, locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def N_(message: str) -> str:  # noqa: N802  Gettext's own name for it.
    """Mark a message id that is translated elsewhere, and return it."""
    return message


def translate(locale: str, message: str, **params: object) -> str:
    """Return `message` in `locale`, with its `%(name)s` places filled."""
    translated = translations(locale).gettext(message)
    return translated % params if params else translated


def ntranslate(locale: str, singular: str, plural: str, count: int, **params: object) -> str:
    """Like `translate`, in the plural form that the language uses for `count`."""
    translated = translations(locale).ngettext(singular, plural, count)
    return translated % {"count": count, **params}


def known_locale(code: str) -> bool:
    """Whether `code` names a language that Babel knows, such as `ru` or `pt-BR`."""
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def direction(locale: str) -> str:
    """`rtl` or `ltr`."""
    return Locale.parse(locale, sep="-").text_direction


def own_name(locale: str) -> str:
    """The language's name in itself, as a switcher shows it: Русский, Deutsch."""
    parsed = Locale.parse(locale, sep="-")
    return (parsed.get_language_name(locale) or locale).capitalize()


@cache
def language_name(code: str, locale: str) -> str:
    """The language `code` as a reader of `locale` calls it; the code where nobody knows it."""
    try:
        named = Locale.parse(code, sep="-").get_language_name(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return code
    return named or code


def language_list(codes: Sequence[str], locale: str) -> str:
    """Languages joined as a sentence of `locale` joins them: `German, Turkish and Arabic`."""
    named = [language_name(code, locale) for code in codes]
    return format_list(named, locale=locale.replace("-", "_")) if named else ""


def negotiate(accept_language: str, offered: Sequence[str], default: str) -> str:
    """The best of `offered` for an Accept-Language header, or `default`."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        code, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        wanted.append((-weight, code.strip().lower()))
    for _, code in sorted(wanted, key=lambda pair: pair[0]):
        for locale in offered:
            if code == locale.lower() or code.split("-")[0] == locale.lower():
                return locale
    return default


def in_locale(texts: Mapping[str, str], locale: str, fallbacks: Iterable[str] = ()) -> str:
    """The text for `locale`, else the nearest that there is, else an empty string."""
    for code in (locale, *fallbacks, SOURCE):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def nearest(locale: str, written: Sequence[str]) -> str:
    """The language of `written` that stands in for `locale`; "" where there is none.

    It is the one whose text `in_locale` gives where texts have the order of `written`.
    """
    return next((code for code in (locale, SOURCE, *written) if code in written), "")


def written_date(day: date, locale: str) -> str:
    """`21 November 2026`, as the language writes it."""
    return format_date(day, "long", locale=locale.replace("-", "_"))


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str, locale: str) -> str:
    """`1 200 ₽`, `€40.00`: cents are left out where there are none."""
    whole = amount == amount.to_integral_value()
    if not whole:
        return format_currency(amount, currency, locale=locale.replace("-", "_"))
    return format_currency(
        amount,
        currency,
        locale=locale.replace("-", "_"),
        format=_whole_pattern(locale),
        currency_digits=False,
    )


@cache
def _whole_pattern(locale: str) -> str:
    pattern = Locale.parse(locale, sep="-").currency_formats["standard"].pattern
    return pattern.replace(".00", "")
