"""Addresses of mail, telephone numbers, and links that open something for whoever has them."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from app.trust.spans import Span

REGIONS: Final = tuple(
    ("RU KZ BY UA GB US DE AT CH ES FR AE SA EG MA DZ TR IT PL").split()  # noqa: SIM905
)
"""Where a number without its country's code may be of; of other countries it is found only where
it is called one."""

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+\s?(?:@|\(at\)|\[at\]|\(собака\))\s?(?:[\w-]+(?:\.|\s?\(dot\)\s?))+\w{2,}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{3,}\w")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»]+", re.IGNORECASE)
_CHANNEL = re.compile(
    r"(?<![\w.])(?:t\.me|wa\.me|vk\.com|instagram\.com|facebook\.com)/[\w.+?=/-]+", re.IGNORECASE
)
_CANDIDATE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s ‑–./()-]{0,3}\d){5,16}(?!\w)(?![.,]\d)")
_CALLED = re.compile(
    r"(?:phone|mobile|cell|call|ring|tel|fax|whatsapp|viber|telegram|телефон|тел|моб|номер|звон|"
    r"позвон|набер|ватсап|вотсап|handy|telefon|nummer|anruf|móvil|movil|teléfono|telefono|"
    r"llám|llam|tél|portable|appel|joindre|هاتف|جوال|رقم|اتصل|موبايل|واتساب)\S*[^\d+]{0,16}$",
    re.IGNORECASE,
)
_MONEY = r"[€$£₽₺₸]|rub|руб|eur|usd|gbp|тг|тенге|тыс|dollar|pound|درهم|ريال|جنيه|دينار|يورو"
_PRICED = re.compile(rf"\s?(?:{_MONEY})", re.IGNORECASE)
_PRICE_BEFORE = re.compile(rf"(?:{_MONEY})\s?$", re.IGNORECASE)
_DATE = re.compile(r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[–/-]\s?(?:19|20)\d\d)?")
_GUARDED_PATH = re.compile(r"[A-Za-z0-9_=-]{16,}")
_LONGEST_NATIONAL = 15


def contacts(text: str) -> Iterator[Span]:
    """Addresses of mail, names at messengers, telephone numbers and guarded links."""
    for found in _EMAIL.finditer(text):
        yield Span(*found.span(), "EMAIL")
    for found in _HANDLE.finditer(text):
        yield Span(*found.span(), "PERSON")
    for found in _CHANNEL.finditer(text):
        yield Span(*found.span(), "LINK")
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?)]}'’")
        if _opens_something(address):
            yield Span(found.start(), found.start() + len(address), "LINK")
    for found in _CANDIDATE.finditer(text):
        if _is_telephone(text, found):
            yield Span(*found.span(), "PHONE")


def _opens_something(address: str) -> bool:
    """Whether an address holds a name, a query or a long word that nobody could guess."""
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        if parts.username is not None or parts.query or "=" in parts.fragment:
            return True
    except ValueError:
        return True
    return any(
        any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)
        for word in _GUARDED_PATH.findall(parts.path + parts.fragment)
    )


def _is_telephone(text: str, found: re.Match[str]) -> bool:
    said = found[0]
    digits = re.sub(r"\D", "", said)
    if not 6 <= len(digits) <= _LONGEST_NATIONAL:
        return False
    before = text[max(0, found.start() - 40) : found.start()]
    if not said.startswith("+") and (
        _PRICED.match(text, found.end())
        or _PRICE_BEFORE.search(before)
        or _DATE.fullmatch(said)
        or _YEARS.fullmatch(said)
    ):
        return False
    return bool(
        said.startswith(("+", "00")) or _CALLED.search(before) or _is_of_some_country(said, digits)
    )


def _is_of_some_country(said: str, digits: str) -> bool:
    # Its tables are read per country, with the first text that has such a number.
    import phonenumbers  # noqa: PLC0415

    for region in REGIONS:
        try:
            number = phonenumbers.parse(said, region)
        except phonenumbers.NumberParseException:
            continue
        # Seven digits and fewer are numbers of anything.
        if len(digits) >= 8 and phonenumbers.is_valid_number(number):
            return True
    return False
