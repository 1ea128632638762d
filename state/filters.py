"""Choices of a filter form, as pages offer them."""

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from app.i18n import language_name


@dataclasses.dataclass(frozen=True)
class Option:
    """A choice in a select element."""

    value: str
    name: str


@dataclasses.dataclass(frozen=True)
class PageLink:
    """A page of a list; `href` is empty for the page that is open."""

    number: int
    href: str


def place_options(named: Mapping[str, str]) -> list[Option]:
    """Places by their names in the reader's language, in the order given."""
    return [Option(place, name) for place, name in named.items()]


def language_options(codes: Iterable[str], locale: str) -> list[Option]:
    """Languages by their names in the reader's language, in the order of these."""
    named = [Option(code, language_name(code, locale)) for code in codes]
    return sorted(named, key=lambda option: option.name)


def amount_of(text: str) -> Decimal | None:
    """A price as people write it; None for what is none, or none that can be asked."""
    try:
        amount = Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < Decimal("1e12") else None


def page_links(path: str, kept: Mapping[str, str], number: int, pages: int) -> list[PageLink]:
    """Links to the first, the last and the neighbouring pages; nothing for a single page."""
    if pages < 2:
        return []
    shown = sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)})
    filled = {name: value for name, value in kept.items() if value}

    def href(page: int) -> str:
        query = filled if page == 1 else {**filled, "page": str(page)}
        return f"{path}?{urlencode(query)}" if query else path

    return [PageLink(page, "" if page == number else href(page)) for page in shown]
