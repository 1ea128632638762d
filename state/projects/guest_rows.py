"""A guest as a row shows them."""

import dataclasses

from babel.numbers import format_decimal

from app.i18n import ntranslate, translate
from app.projects.guests import Guest


@dataclasses.dataclass(frozen=True)
class GuestRow:
    """A guest; what is empty is not known."""

    id: str
    name: str
    email: str
    party: int
    party_name: str
    """How many they are; empty for who comes alone."""
    state: str
    note: str
    came: int
    came_name: str
    """How many of how many came, where they are several."""
    rating: str
    rating_name: str
    said: str


def row_of(one: Guest, locale: str) -> GuestRow:
    """A guest written out."""
    babel = locale.replace("-", "_")
    return GuestRow(
        id=str(one.id),
        name=one.name or translate(locale, "Somebody who deleted their account"),
        email=one.email,
        party=one.party,
        party_name=(
            ntranslate(locale, "%(count)s person", "%(count)s persons", one.party)
            if one.party > 1
            else ""
        ),
        state=one.state,
        note=one.note,
        came=one.came,
        came_name=(
            translate(
                locale,
                "%(came)s of %(party)s",
                came=format_decimal(one.came, locale=babel),
                party=format_decimal(one.party, locale=babel),
            )
            if one.came and max(one.party, one.came) > 1
            else ""
        ),
        rating=str(one.rating or ""),
        rating_name=f"{format_decimal(one.rating, locale=babel)} / 5" if one.rating else "",
        said=one.said,
    )
